/* The officer's case page: proofs beside the data, reasons to pick from, and keys. */

import { startReasons } from "./case-reasons.js";
import { startViewer } from "./case-viewer.js";

const viewer = startViewer();

function click(selector) {
  const found = document.querySelector(selector);
  if (found && !found.disabled) {
    found.click();
  }
}

const KEYS = {
  j: () => click("#next-case"),
  k: () => click("#previous-case"),
  c: () => click("#claim"),
  v: () => viewer.next(),
  a: () => click("[data-dialog-open='approve-dialog']"),
  r: () => click("[data-dialog-open='return-dialog']"),
  x: () => click("[data-dialog-open='reject-dialog']"),
  "?": () => click("#keys-open"),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest(
    "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]",
  );
  const taken = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat;
  if (typing || taken || document.querySelector("dialog[open]")) {
    return;
  }
  if (Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

/* What was looked up is recorded by its button alone: Enter in a field sends nothing half done. */
document.querySelector("[data-lookups]")?.addEventListener("keydown", (event) => {
  const opens = event.target.type === "file" && !event.ctrlKey;
  if (event.key === "Enter" && event.target.matches("input") && !opens) {
    event.preventDefault();
  }
});

startReasons();
