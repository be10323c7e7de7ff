/* Who else is here: a beat every ten seconds while the page is looked at.

   <p data-presence data-url="…" data-place="overview" hidden>   The answer {here: [name], elsewhere: [{name, where}],
   saved: {version, by} or null} comes from the server's cache alone. */

import { csrfToken } from "./session.js";

const EVERY = 10_000;

function sentence({ here, elsewhere }) {
  const others = elsewhere.map(({ name, where }) => `${name} 在“${where}”`);
  return [here.length ? `${here.join("、")} 正在填写本部分` : "", ...others].filter(Boolean).join("；");
}

async function beat(line, autosave) {
  if (document.hidden) {
    return;
  }
  try {
    const response = await fetch(line.dataset.url, {
      method: "POST",
      body: new URLSearchParams({ place: line.dataset.place, where: line.dataset.where }),
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
    });
    if (!response.ok) {
      return;
    }
    const answer = await response.json();
    const words = sentence(answer);
    line.hidden = !words;
    line.querySelector("[data-presence-text]").textContent = words;
    if (answer.saved && autosave && answer.saved.version > Number(autosave.form.dataset.version)) {
      autosave.stopped || autosave.reconcileNow();
    }
  } catch {
    line.hidden = true; // without a network nobody is seen
  }
}

export function startPresence(autosave) {
  const line = document.querySelector("[data-presence]");
  if (line) {
    beat(line, autosave);
    setInterval(() => beat(line, autosave), EVERY);
    document.addEventListener("visibilitychange", () => beat(line, autosave));
  }
}
