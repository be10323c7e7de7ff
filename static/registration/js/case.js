/* The officer's case page: proofs beside the data, reasons to pick from, and keys. */

import { startViewer } from "./case-viewer.js";

const viewer = startViewer();

function startTemplates() {
  const select = document.getElementById("id_template");
  select?.addEventListener("change", () => {
    const { text, verdict } = select.selectedOptions[0].dataset;
    const field = document.getElementById(verdict === "override" ? "id_override" : "id_reason");
    if (text && field && !field.value.includes(text)) {
      field.value = field.value.trim() ? `${field.value.trim()}\n${text}` : text;
    }
  });
}

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
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const taken = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat;
  if (typing || taken || document.querySelector("dialog[open]")) {
    return;
  }
  if (Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

startTemplates();
