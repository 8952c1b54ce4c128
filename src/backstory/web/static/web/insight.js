// Draws the charts of the insight page. The tables beside them hold the same numbers: without this file nothing is lost.
/* global echarts */
const data = JSON.parse(document.getElementById("insight-data").textContent);
const words = data.words;
const frame = document.querySelector(".insight");
const charts = new Map();

const colour = (name) => getComputedStyle(frame).getPropertyValue(name).trim();
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// Tooltips are drawn into the picture: ECharts' HTML tooltips need inline styles, which our pages forbid.
const shared = () => ({
  animation: !calm,
  animationDuration: 300,
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--muted") },
  tooltip: {
    trigger: "axis",
    renderMode: "richText",
    confine: true,
    axisPointer: { type: "shadow" },
    backgroundColor: colour("--surface"),
    borderColor: colour("--line"),
    textStyle: { color: colour("--tblr-body-color"), fontSize: 13 },
  },
});

const axis = (more) => ({
  axisLine: { lineStyle: { color: colour("--line") } },
  axisTick: { show: false },
  axisLabel: { color: colour("--muted"), ...more },
  splitLine: { lineStyle: { color: colour("--line") } },
});

const counts = () => ({ type: "value", minInterval: 1, ...axis() });

function unknownAreas(rows) {
  const areas = [];
  rows.forEach((row, index) => {
    if (row.count !== null) return;
    const last = areas.at(-1);
    if (last && last[1].xAxis === index - 1) last[1].xAxis = index;
    else areas.push([{ xAxis: index, name: words.unknown }, { xAxis: index }]);
  });
  return areas;
}

function timeOption() {
  const rows = data.time;
  const note = (row) => (row.whole ? row.label : `${row.label} (${words.unfinished})`);
  const text = (row) => (row.count === null ? words.unknown : `${words.complaints}: ${row.count}`);
  const base = shared();
  return {
    ...base,
    tooltip: { ...base.tooltip, formatter: ([{ dataIndex: i }]) => `${note(rows[i])}\n${text(rows[i])}` },
    grid: { left: 8, right: 12, top: 24, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: rows.map((row) => row.label), ...axis({ hideOverlap: true }) },
    yAxis: counts(),
    series: [{
      type: "bar",
      name: words.complaints,
      barMaxWidth: 34,
      data: rows.map((row) => ({
        value: row.count,
        itemStyle: { color: colour(row.whole ? "--chart-bar" : "--chart-bar-part"), borderRadius: [3, 3, 0, 0] },
      })),
      markArea: {
        silent: true,
        itemStyle: { color: colour("--chart-unknown") },
        label: { color: colour("--muted"), position: "insideTop" },
        data: unknownAreas(rows),
      },
    }],
  };
}

function paretoOption() {
  const rows = data.causes;
  const percent = (share) => `${Math.round(share * 100)} %`;
  const base = shared();
  return {
    ...base,
    tooltip: {
      ...base.tooltip,
      formatter: ([{ dataIndex: i }]) =>
        `${rows[i].label}\n${words.complaints}: ${rows[i].count}\n${words.cumulative}: ${percent(rows[i].cumulative)}`,
    },
    grid: { left: 8, right: 8, top: 24, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.label),
      ...axis({ interval: 0, rotate: rows.length > 4 ? 40 : 0, width: 110, overflow: "truncate" }),
    },
    yAxis: [
      counts(),
      { type: "value", min: 0, max: 1, ...axis({ formatter: percent }), splitLine: { show: false } },
    ],
    series: [
      { type: "bar", name: words.complaints, barMaxWidth: 40, cursor: "pointer",
        itemStyle: { color: colour("--chart-bar"), borderRadius: [3, 3, 0, 0] }, data: rows.map((row) => row.count) },
      { type: "line", name: words.cumulative, yAxisIndex: 1, symbolSize: 7, lineStyle: { width: 2 },
        itemStyle: { color: colour("--chart-line") }, data: rows.map((row) => row.cumulative) },
    ],
  };
}

const options = { time: timeOption, causes: paretoOption };

function draw() {
  for (const [place, chart] of charts) chart.setOption(options[place.dataset.chart](), true);
}

function openCause({ dataIndex }) {
  const cause = data.causes[dataIndex].id;
  document.querySelector(`[data-cause="${cause}"]`)?.click();
}

function begin() {
  const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => charts.get(target)?.resize()));
  for (const place of document.querySelectorAll("[data-chart]")) {
    const chart = echarts.init(place, null, { renderer: "svg" });
    charts.set(place, chart);
    if (place.dataset.chart === "causes") chart.on("click", openCause);
    resized.observe(place);
  }
  draw();
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}

function chooseDates() {
  const form = document.querySelector("[data-choice]");
  if (!form) return;
  const period = form.elements.period;
  const show = () => form.querySelectorAll("[data-custom]").forEach((field) => {
    field.hidden = period.value !== "custom";
    field.querySelector("input").disabled = field.hidden;
  });
  period.addEventListener("change", show);
  show();
}

chooseDates();
begin();
