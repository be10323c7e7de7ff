/* Characters as the notice counts them; quiet until nine tenths of the cap. */

import { countChars } from "../competition/js/chars.js";

const QUIET = 0.9;

function refresh(counter, fields) {
  const cap = Number(counter.dataset.cap);
  const count = fields.reduce((sum, field) => sum + countChars(field.value), 0);
  const over = count - cap;
  counter.hidden = count < cap * QUIET;
  counter.classList.toggle("is-near", over <= 0);
  counter.classList.toggle("is-over", over > 0);
  const words = over > 0 ? `已写 ${count} 字，超出 ${over} 字（限 ${cap} 字）` : `已写 ${count} 字，限 ${cap} 字`;
  if (counter.textContent !== words) {
    counter.textContent = words;
  }
}

/** data-counter-for holds one id or several, separated by spaces: a cap over a section counts its parts. */
export function startCounters(root = document) {
  for (const counter of root.querySelectorAll("[data-counter-for]")) {
    const fields = counter.dataset.counterFor
      .split(/\s+/u)
      .map((id) => document.getElementById(id))
      .filter(Boolean);
    if (!fields.length || counter.dataset.running) {
      continue;
    }
    counter.dataset.running = "yes";
    for (const field of fields) {
      // What an input method is still composing is no text yet.
      field.addEventListener("input", (event) => event.isComposing || refresh(counter, fields));
      field.addEventListener("compositionend", () => refresh(counter, fields));
    }
    refresh(counter, fields);
  }
}
