/* The big screen asks once a second what is on; unchanged answers are 304 and cost nothing. */

const url = document.body.dataset.screenUrl;
const offline = document.querySelector("[data-offline]");
const SIGNS = { done: "已结束", now: "正在展示", here: "已签到", waiting: "", void: "已退出" };
let shown = JSON.parse(document.getElementById("screen-data").textContent);
let tag = "";

function put(name, text) {
  document.querySelector(`[data-show="${name}"]`).textContent = text;
}

function cell(kind, text) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = text;
  return span;
}

function row(kind, cells) {
  const line = document.createElement("li");
  line.className = kind;
  line.append(...cells);
  return line;
}

function orderRows(data) {
  return data.order.map((one) =>
    row(one.state, [
      cell("number", one.position || "·"),
      cell("name", `${one.team} ${one.project}`),
      cell("sign", SIGNS[one.state]),
    ]),
  );
}

function rankingRows(data) {
  return data.ranking.map((one) =>
    row("ranked", [
      cell("number", `第${one.rank}名`),
      cell("name", `${one.project} ${one.team}`),
      cell("tier", one.tier),
      cell("score", `${one.score}分`),
    ]),
  );
}

function draw(data) {
  const ranked = data.ranking.length > 0;
  document.querySelector("main").classList.toggle("ranked", ranked);
  document.querySelector("[data-order]").replaceChildren(...(ranked ? rankingRows(data) : orderRows(data)));
  put("word", data.word);
  if (data.now) {
    put("kicker", `第${data.now.position}位 ${data.now.track}`);
    put("project", data.now.project);
    put("team", data.now.team);
  } else {
    put("kicker", data.word);
    put("project", data.when);
    put("team", data.place);
  }
  put("next", data.next ? `${data.now ? "下一位" : "请准备"}：第${data.next.position}位 ${data.next.team}` : "");
  tick();
}

function tick() {
  const clock = document.querySelector('[data-show="clock"]');
  const left = shown.now ? shown.minutes * 60 - shown.elapsed - Math.floor((Date.now() - shown.at) / 1000) : 0;
  clock.classList.toggle("over", Boolean(shown.now) && left < 0);
  if (!shown.now) {
    clock.textContent = "";
    return;
  }
  const most = Math.abs(left);
  const text = `${String(Math.floor(most / 60)).padStart(2, "0")}:${String(most % 60).padStart(2, "0")}`;
  clock.textContent = left < 0 ? `超时 ${text}` : text;
}

async function ask() {
  try {
    const answer = await fetch(url, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    offline.hidden = answer.ok || answer.status === 304;
    if (answer.ok) {
      tag = answer.headers.get("ETag");
      shown = await answer.json();
      shown.elapsed = elapsed(shown, answer.headers.get("X-Edition-Now"));
      shown.at = Date.now();
      draw(shown);
    }
  } catch {
    offline.hidden = false;
  }
  tick();
}

/* Seconds since the presentation began, by the edition's clock and not by this machine's. */
function elapsed(data, now) {
  return data.began ? Math.max(0, Math.floor((new Date(now) - new Date(data.began)) / 1000)) : 0;
}

shown.elapsed = 0;
shown.at = Date.now();
draw(shown);
ask();
setInterval(ask, 1000);
