/* Countdowns by the server's clock. Without a script the text beside them says the instant. */

import { everySecond, serverNow } from "./clock.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is left, in the units that matter: days and hours, hours and minutes, minutes and seconds. */
export function parts(milliseconds) {
  const left = Math.max(0, milliseconds);
  const days = Math.floor(left / DAY);
  const hours = Math.floor((left % DAY) / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  const seconds = Math.floor((left % MINUTE) / SECOND);
  if (days > 0) {
    return [
      [days, "天"],
      [hours, "小时"],
    ];
  }
  if (hours > 0) {
    return [
      [hours, "小时"],
      [minutes, "分"],
    ];
  }
  return [
    [minutes, "分"],
    [seconds, "秒"],
  ];
}

function show(place, left) {
  const nodes = parts(left).flatMap(([number, unit]) => {
    const figure = document.createElement("b");
    figure.className = "num";
    figure.textContent = String(number);
    return [figure, ` ${unit} `];
  });
  place.replaceChildren(...nodes);
}

export function startCountdowns(root = document) {
  const running = [...root.querySelectorAll("[data-countdown]")].filter((element) => !element.dataset.running);
  if (!running.length) {
    return;
  }
  for (const element of running) {
    element.dataset.running = "yes";
    element.hidden = Date.parse(element.dataset.countdown) <= serverNow();
  }
  everySecond((now) => {
    for (const element of running) {
      const left = Date.parse(element.dataset.countdown) - now;
      if (left > 0) {
        show(element.querySelector("[data-countdown-left]"), left);
      } else if (!element.hidden) {
        element.hidden = true;
        element.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
      }
    }
  });
}
