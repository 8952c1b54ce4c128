// Draws survey figures as points with their intervals. The tables beside them hold the same numbers.
/* global echarts */
const data = JSON.parse(document.getElementById("answers-data").textContent);
const frame = document.querySelector(".insight");
const charts = new Map();
const colour = (name) => getComputedStyle(frame).getPropertyValue(name).trim();
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const shift = (value) => value - data.low; // bars begin at nought, the scale may not
const label = (value) => (data.percent ? `${Math.round((value + data.low) * 100)} %` : String(Math.round((value + data.low) * 10) / 10));

function option(rows) {
  const shown = [...rows].reverse();
  return {
    animation: !calm,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--muted") },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      axisPointer: { type: "shadow" },
      backgroundColor: colour("--surface"),
      borderColor: colour("--line"),
      textStyle: { color: colour("--tblr-body-color"), fontSize: 13 },
      formatter: ([{ dataIndex: i }]) => `${shown[i].label}\n${shown[i].text}`,
    },
    grid: { left: 8, right: 24, top: 12, bottom: 4, containLabel: true },
    xAxis: {
      type: "value",
      min: 0,
      max: shift(data.high),
      axisLabel: { color: colour("--muted"), formatter: label },
      splitLine: { lineStyle: { color: colour("--line") } },
    },
    yAxis: {
      type: "category",
      data: shown.map((row) => row.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--line") } },
      axisLabel: { color: colour("--muted"), width: 130, overflow: "truncate" },
    },
    series: [
      { type: "bar", stack: "interval", silent: true, barWidth: 6, itemStyle: { color: "transparent" }, data: shown.map((row) => shift(row.low)) },
      { type: "bar", stack: "interval", silent: true, barWidth: 6, itemStyle: { color: colour("--chart-bar-part"), borderRadius: 3 }, data: shown.map((row) => row.high - row.low) },
      { type: "scatter", symbolSize: 11, itemStyle: { color: colour("--chart-bar") }, data: shown.map((row) => shift(row.value)) },
    ],
  };
}

function draw() {
  for (const [place, chart] of charts) chart.setOption(option(data.parts[place.dataset.answersChart]), true);
}

const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => charts.get(target)?.resize()));
for (const place of document.querySelectorAll("[data-answers-chart]")) {
  charts.set(place, echarts.init(place, null, { renderer: "svg" }));
  resized.observe(place);
}
draw();
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });

const form = document.querySelector("[data-choice]");
const show = () => form.querySelectorAll("[data-custom]").forEach((field) => {
  field.hidden = form.elements.period.value !== "custom";
  field.querySelector("input").disabled = field.hidden;
});
form.elements.period.addEventListener("change", show);
show();
