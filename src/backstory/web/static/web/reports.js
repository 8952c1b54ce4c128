// Draws the charts of a report. The tables below them hold the same numbers: without this file nothing is lost.
/* global echarts */
const data = JSON.parse(document.getElementById("reports-data").textContent);
const frame = document.querySelector(".reports");
const charts = new Map();
const colour = (name) => getComputedStyle(frame).getPropertyValue(name).trim();
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const axis = (more) => ({
  axisLine: { lineStyle: { color: colour("--line") } },
  axisTick: { show: false },
  axisLabel: { color: colour("--muted"), ...more },
  splitLine: { lineStyle: { color: colour("--line") } },
});

const percent = (share) => `${Math.round(share * 100)} %`;

function series(chart) {
  const colours = [colour("--chart-bar"), colour("--chart-bar-part"), colour("--chart-line")];
  return chart.series.map(({ name, values }, place) => ({
    name,
    data: values,
    type: chart.kind === "lines" ? "line" : "bar",
    barMaxWidth: 34,
    symbolSize: 6,
    connectNulls: false,
    itemStyle: { color: colours[place % colours.length], borderRadius: chart.kind === "lines" ? 0 : [3, 3, 0, 0] },
  }));
}

function option(chart) {
  const several = chart.series.length > 1;
  return {
    animation: !calm,
    animationDuration: 300,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--muted") },
    legend: { show: several, top: 0, right: 8, textStyle: { color: colour("--muted") } },
    // Drawn into the picture: ECharts' HTML tooltips need inline styles, which our pages forbid.
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      axisPointer: { type: "shadow" },
      valueFormatter: (value) => (value === null || value === undefined ? "–" : chart.percent ? percent(value) : value),
      backgroundColor: colour("--surface"),
      borderColor: colour("--line"),
      textStyle: { color: colour("--tblr-body-color"), fontSize: 13 },
    },
    grid: { left: 8, right: 12, top: several ? 34 : 16, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: chart.labels,
      ...axis(chart.kind === "lines"
        ? { hideOverlap: true }
        : { interval: 0, rotate: chart.labels.length > 5 ? 35 : 0, width: 120, overflow: "truncate" }),
    },
    yAxis: chart.percent
      ? { type: "value", min: 0, max: 1, ...axis({ formatter: percent }) }
      : { type: "value", minInterval: 1, ...axis() },
    series: series(chart),
  };
}

function draw() {
  for (const [place, chart] of charts) chart.setOption(option(data[place.dataset.chart]), true);
}

function begin() {
  const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => charts.get(target)?.resize()));
  for (const place of document.querySelectorAll("[data-chart]")) {
    charts.set(place, echarts.init(place, null, { renderer: "svg" }));
    resized.observe(place);
  }
  draw();
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  window.addEventListener("beforeprint", () => document.querySelectorAll("details.method").forEach((part) => { part.open = true; }));
}

function chooseDates() {
  const form = document.querySelector("[data-choice]");
  const period = form.elements.period;
  if (!period) return;
  const show = () => form.querySelectorAll("[data-custom]").forEach((field) => {
    field.hidden = period.value !== "custom";
    field.querySelector("input").disabled = field.hidden;
  });
  period.addEventListener("change", show);
  show();
}

chooseDates();
begin();
