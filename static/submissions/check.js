/* The case page of the formal check: files beside the form and back to their fields, and keys. */

import { startViewer } from "../registration/js/case-viewer.js";

const viewer = startViewer();

function click(selector) {
  const found = document.querySelector(selector);
  if (found && !found.disabled) {
    found.click();
  }
}

/* From the file in view back to the field that it stands in. */
function toField() {
  const link = document.querySelector("a[data-view][aria-current]");
  if (link) {
    for (let fold = link.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    link.scrollIntoView({ block: "center" });
    link.focus({ preventScroll: true });
  }
}

document.getElementById("viewer-field")?.addEventListener("click", toField);

/* A hint leads to its field, also where that is folded away. */
document.addEventListener("click", (event) => {
  const target = event.target.closest(".case-hints a[href^='#at-']");
  const field = target && document.getElementById(decodeURIComponent(target.hash.slice(1)));
  for (let fold = field?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
});

const KEYS = {
  j: () => click("#next-case"),
  k: () => click("#previous-case"),
  c: () => click("#claim"),
  v: () => viewer.next(),
  b: toField,
  a: () => click("[data-dialog-open='accept-dialog']"),
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
