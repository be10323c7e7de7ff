/* The edition's time by the server's clock: read with the page, asked again when the page was asleep. */

const root = document.documentElement;
const WEEKDAYS = "日一二三四五六";
const HALF_AN_HOUR = 30 * 60 * 1000;

let anchor = { server: Date.parse(root.dataset.serverNow ?? "") || Date.now(), local: performance.now() };

/** The server's time now, in milliseconds since 1970. */
export function serverNow() {
  return anchor.server + (performance.now() - anchor.local);
}

/** An instant as the portal writes it, in the portal's time zone: 2025年7月18日 18:00:05（周五）. */
export function formatInstant(milliseconds) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("zh-CN", {
      timeZone: "Asia/Shanghai",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(milliseconds)
      .map((part) => [part.type, part.value]),
  );
  const weekday = WEEKDAYS[new Date(Date.UTC(parts.year, parts.month - 1, parts.day)).getUTCDay()];
  return `${parts.year}年${parts.month}月${parts.day}日 ${parts.hour}:${parts.minute}:${parts.second}（周${weekday}）`;
}

/** The clock part alone, 14:03:22. */
export function formatClock(milliseconds) {
  return new Date(milliseconds).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
}

/** Call `work` now and then at every full second of the server's clock. */
export function everySecond(work) {
  const beat = () => {
    work(serverNow());
    setTimeout(beat, 1000 - (serverNow() % 1000) + 5);
  };
  beat();
}

async function askServer() {
  const url = root.dataset.timeUrl;
  if (!url) {
    return;
  }
  const sent = performance.now();
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!response.ok) {
      return;
    }
    const { now } = await response.json();
    const received = performance.now();
    anchor = { server: Date.parse(now) + (received - sent) / 2, local: received };
  } catch {
    // Without an answer the clock goes on from what it knows.
  }
}

export function startClock() {
  const shown = document.querySelectorAll("[data-server-clock]");
  if (shown.length) {
    everySecond((now) => {
      for (const element of shown) {
        element.textContent = formatInstant(now);
      }
    });
  }
  // A page that was asleep, or came back from the browser's memory, asks once.
  document.addEventListener("visibilitychange", () => document.hidden || askServer());
  window.addEventListener("pageshow", (event) => event.persisted && askServer());
  setInterval(askServer, HALF_AN_HOUR);
}
