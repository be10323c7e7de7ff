/* Draws the overview's charts from the numbers that stand in the page; the tables say the same without it. */
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("overview-data").textContent);
  const tokens = getComputedStyle(document.documentElement);
  const colour = (token) => tokens.getPropertyValue(token).trim();
  const family = getComputedStyle(document.body).fontFamily;
  const SIGNS = ["circle", "rect", "triangle", "diamond", "pin"];
  const DASHES = ["solid", "dashed", "solid", "dotted", "solid"];

  const common = (chart) => ({
    animation: false,
    textStyle: { fontFamily: family, color: colour("--ink") },
    color: chart.series.map((one) => colour(one.colour)),
    aria: { enabled: true, decal: { show: chart.kind !== "lines" && chart.series.length > 1 } },
    legend: { top: 8, type: "scroll", textStyle: { color: colour("--ink"), fontSize: 14 } },
    grid: { left: 12, right: 28, top: 56, bottom: 12, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" } },
  });

  const split = () => ({ lineStyle: { color: colour("--line") } });
  const label = (more) => ({ color: colour("--ink-2"), fontSize: 13, ...more });
  const counts = () => ({ type: "value", minInterval: 1, splitLine: split(), axisLabel: label() });

  const lines = (chart) => ({
    ...common(chart),
    tooltip: { ...common(chart).tooltip, axisPointer: { type: "line" } },
    xAxis: {
      type: "time",
      minInterval: 24 * 3600 * 1000,
      axisLabel: label({ formatter: "{M}月{d}日", hideOverlap: true }),
    },
    yAxis: counts(),
    series: chart.series.map((one, place) => ({
      name: one.name,
      type: "line",
      step: "end",
      symbol: SIGNS[place],
      symbolSize: 7,
      lineStyle: { width: 2.5, type: DASHES[place] },
      data: one.points,
    })),
  });

  const bars = (chart) => ({
    ...common(chart),
    xAxis: counts(),
    yAxis: {
      type: "category",
      inverse: true,
      data: chart.names,
      axisTick: { show: false },
      axisLabel: label({ interval: 0, width: narrow() ? 88 : 180, overflow: "truncate" }),
    },
    series: chart.series.map((one) => ({ name: one.name, type: "bar", stack: "all", barMaxWidth: 22, data: one.values })),
  });

  const columns = (chart) => ({
    ...common(chart),
    legend: { show: false },
    grid: { left: 12, right: 16, top: 28, bottom: 12, containLabel: true },
    xAxis: { type: "category", data: chart.names, axisLabel: label({ interval: 0, rotate: narrow() ? 40 : 0 }) },
    yAxis: counts(),
    series: chart.series.map((one) => ({
      name: one.name,
      type: "bar",
      barMaxWidth: 48,
      label: { show: true, position: "top", color: colour("--ink") },
      data: one.values,
    })),
  });

  const narrow = () => matchMedia("(max-width: 40rem)").matches;
  const KINDS = { lines, bars, columns };

  const drawn = [...document.querySelectorAll("[data-chart]")].map((place) => {
    const chart = data[place.dataset.chart];
    place.hidden = false;
    const picture = echarts.init(place, null, { renderer: "canvas" });
    const draw = () => picture.setOption(KINDS[chart.kind](chart), true);
    draw();
    return { picture, draw };
  });

  addEventListener("resize", () => {
    for (const { picture, draw } of drawn) {
      picture.resize();
      draw();
    }
  });
})();
