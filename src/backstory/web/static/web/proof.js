// Draws control chart and CUSUM of a proof. The tables beside them hold the same numbers: without this file nothing is lost.
/* global echarts */
const data = JSON.parse(document.getElementById("proof-data").textContent);
const words = data.words;
const frame = document.querySelector(".insight");
const charts = new Map();
const colour = (name) => getComputedStyle(frame).getPropertyValue(name).trim();
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const axis = (more) => ({
  axisLine: { lineStyle: { color: colour("--line") } },
  axisTick: { show: false },
  axisLabel: { color: colour("--muted"), ...more },
  splitLine: { lineStyle: { color: colour("--line") } },
});

// Tooltips are drawn into the picture: ECharts' HTML tooltips need inline styles, which our pages forbid.
const shared = (labels, format) => ({
  animation: !calm,
  animationDuration: 300,
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--muted") },
  tooltip: {
    trigger: "axis", renderMode: "richText", confine: true, formatter: ([{ dataIndex }]) => format(dataIndex),
    backgroundColor: colour("--surface"), borderColor: colour("--line"),
    textStyle: { color: colour("--tblr-body-color"), fontSize: 13 },
  },
  legend: { show: true, bottom: 0, textStyle: { color: colour("--muted") } },
  grid: { left: 8, right: 12, top: 28, bottom: 34, containLabel: true },
  xAxis: { type: "category", data: labels, ...axis({ hideOverlap: true }) },
  yAxis: { type: "value", min: 0, ...axis() },
});

const line = (name, values, tone, more = {}) => ({
  type: "line", name, data: values, showSymbol: false, lineStyle: { width: 1.5, color: tone, ...more.line },
  itemStyle: { color: tone }, step: more.step,
});

function controlOption() {
  const { points, centre } = data.control;
  const text = (i) => [points[i].label, `${words.value}: ${points[i].value}`,
    `${words.limits}: ${points[i].lower} – ${points[i].upper}`, points[i].signal].filter(Boolean).join("\n");
  return {
    ...shared(points.map((point) => point.label), text),
    series: [
      {
        ...line(words.value, points.map((point) => point.value), colour("--chart-bar")),
        showSymbol: true,
        data: points.map((point) => ({
          value: point.value,
          symbol: point.signal ? "diamond" : "circle",
          symbolSize: point.signal ? 11 : 5,
          itemStyle: { color: colour(point.signal ? "--chart-line" : "--chart-bar") },
        })),
        markLine: data.fix ? {
          silent: true, symbol: "none", data: [{ xAxis: data.fix, name: words.fix }],
          label: { formatter: words.fix, color: colour("--muted") }, lineStyle: { color: colour("--muted") },
        } : undefined,
      },
      line(words.centre, points.map(() => centre), colour("--muted"), { line: { type: "dashed" } }),
      line(words.limits, points.map((point) => point.upper), colour("--chart-line"), { step: "middle", line: { width: 1 } }),
      { ...line(words.limits, points.map((point) => point.lower), colour("--chart-line"), { step: "middle", line: { width: 1 } }) },
    ],
  };
}

function cusumOption() {
  const { points, limit } = data.cusum;
  const text = (i) => `${points[i].label}\n${words.level}: ${points[i].level}\n${words.limit}: ${limit}`;
  return {
    ...shared(points.map((point) => point.label), text),
    series: [
      { ...line(words.level, points.map((point) => point.level), colour("--chart-bar")), showSymbol: true },
      line(words.limit, points.map(() => limit), colour("--chart-line"), { line: { type: "dashed" } }),
    ],
  };
}

const options = { control: controlOption, cusum: cusumOption };

function draw() {
  for (const [place, chart] of charts) chart.setOption(options[place.dataset.proof](), true);
}

const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => charts.get(target)?.resize()));
for (const place of document.querySelectorAll("[data-proof]")) {
  charts.set(place, echarts.init(place, null, { renderer: "svg" }));
  resized.observe(place);
}
draw();
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
