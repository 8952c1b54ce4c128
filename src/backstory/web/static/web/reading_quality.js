// Draws the charts of the page on readings. The tables beside them hold the same numbers.
/* global echarts */
const data = JSON.parse(document.getElementById("reading-data").textContent);
const frame = document.querySelector(".insight");
const charts = new Map();
const colour = (name) => getComputedStyle(frame).getPropertyValue(name).trim();
const percent = (share) => (share === null ? "–" : `${Math.round(share * 100)} %`);

const base = () => ({
  animation: false,
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--muted") },
  tooltip: {
    trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" },
    backgroundColor: colour("--surface"), borderColor: colour("--line"),
    textStyle: { color: colour("--tblr-body-color"), fontSize: 13 }, valueFormatter: percent,
  },
  grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
});
const axis = (more) => ({
  axisLine: { lineStyle: { color: colour("--line") } }, axisTick: { show: false },
  axisLabel: { color: colour("--muted"), ...more }, splitLine: { lineStyle: { color: colour("--line") } },
});

function agreement() {
  const rows = [...data.agreement].reverse();
  return {
    ...base(),
    grid: { left: 8, right: 16, top: 8, bottom: 4, containLabel: true },
    xAxis: { type: "value", min: 0, ...axis({ formatter: percent }) },
    yAxis: { type: "category", data: rows.map((row) => row.label), ...axis({ interval: 0 }) },
    series: [{
      type: "bar", name: data.words.corrected, barMaxWidth: 14, data: rows.map((row) => row.share),
      itemStyle: { color: colour("--chart-bar"), borderRadius: [0, 3, 3, 0] },
    }],
  };
}

function drift() {
  const line = (name, key, tone, type) => ({
    type: "line", name, data: data.drift.map((row) => row[key]), symbolSize: 6, connectNulls: false,
    lineStyle: { width: 2, type }, itemStyle: { color: colour(tone) },
  });
  return {
    ...base(),
    legend: { type: "scroll", top: 0, textStyle: { color: colour("--muted") } },
    xAxis: { type: "category", data: data.drift.map((row) => row.label), ...axis({ hideOverlap: true }) },
    yAxis: { type: "value", min: 0, max: 1, ...axis({ formatter: percent }) },
    series: [
      line(data.words.mean, "mean", "--chart-bar", "solid"),
      line(data.words.complaints, "complaints", "--chart-line", "solid"),
      line(data.words.abstained, "abstained", "--muted", "dashed"),
    ],
  };
}

const options = { agreement, drift };
const draw = () => charts.forEach((chart, place) => chart.setOption(options[place.dataset.chart](), true));
const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => charts.get(target)?.resize()));
for (const place of document.querySelectorAll("[data-chart]")) {
  charts.set(place, echarts.init(place, null, { renderer: "svg" }));
  resized.observe(place);
}
draw();
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
