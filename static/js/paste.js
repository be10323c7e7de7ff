/* Text from Word and web pages: paragraphs stay, what only their programs need goes. */

const LINES = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;
const SPACES = /[\u00a0\u2007\u202f]/g;
const UNSEEN = /[\u00ad\u200b\u2060\ufeff]/g;

export function plain(text) {
  return text.replace(LINES, "\n").replace(SPACES, " ").replace(UNSEEN, "").replace(/[ \t]+\n/g, "\n");
}

export function startPaste(root = document) {
  root.addEventListener("paste", (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const clean = plain(text);
    if (!field.matches?.("textarea, input[type=text]") || field.readOnly || clean === text) {
      return;
    }
    event.preventDefault();
    const words = field.tagName === "TEXTAREA" ? clean : clean.replace(/\n+/g, " ").trim();
    // Keeps the browser's own undo; the other way is for browsers that have dropped it.
    if (!document.execCommand("insertText", false, words)) {
      field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
    }
  });
}
