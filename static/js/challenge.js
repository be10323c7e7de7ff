/* Public forms: the browser solves a puzzle as soon as somebody begins to fill in, so that nobody waits.
   Whoever is quicker sends the form all the same: it leaves when the puzzle is solved. */

const WORDS = {
  label: "安全验证（自动进行）",
  verifying: "正在进行安全验证…",
  verified: "安全验证已完成",
  error: "安全验证没有完成，请检查网络后再试一次。",
  expired: "安全验证已过期，提交时会重新进行。",
  verify: "验证",
  waitAlert: "正在进行安全验证，请稍等。",
  verificationRequired: "需要完成安全验证。",
};
const WAITING = "正在进行安全验证，完成后自动提交。";
const FAILED = "安全验证没有完成，表单还没有提交。请检查网络后再试一次。";

const running = new WeakMap();
const widgets = [...document.querySelectorAll("altcha-widget")];

function solve(widget) {
  if (!running.has(widget)) {
    running.set(
      widget,
      widget.verify().finally(() => running.delete(widget)),
    );
  }
  return running.get(widget);
}

function say(form, sentence) {
  form.querySelector("[data-challenge-status]").textContent = sentence;
}

async function sendWhenSolved(form, widget, submitter) {
  form.dataset.solving = "yes";
  say(form, WAITING);
  const solved = await solve(widget);
  // The widget writes its answer into the form a moment later.
  await new Promise((resolve) => setTimeout(resolve));
  delete form.dataset.solving;
  say(form, solved ? "" : FAILED);
  if (solved) {
    form.requestSubmit(submitter);
  }
}

function onSubmit(event) {
  const form = event.target;
  const widget = form.querySelector("altcha-widget");
  if (!widget || widget.getState() === "verified") {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!form.dataset.solving) {
    sendWhenSolved(form, widget, event.submitter);
  }
}

function begin(widget) {
  if (["unverified", "expired"].includes(widget.getState())) {
    solve(widget);
  }
}

function start(widget) {
  const form = widget.closest("form");
  // Not for a button: nothing may move under the finger that presses it, and sending begins it anyway.
  form.addEventListener("focusin", (event) => event.target.closest("button") || begin(widget));
  // An old puzzle is put away in silence; the next one is asked for when somebody goes on.
  widget.addEventListener("expired", () => running.has(widget) || widget.reset());
  if (form.contains(document.activeElement)) {
    begin(widget);
  }
}

function tellInsecure(widget) {
  widget.parentElement.querySelector("[data-challenge-insecure]").hidden = false;
  widget.remove();
}

if (!window.isSecureContext) {
  widgets.forEach(tellInsecure);
} else if (widgets.length) {
  const { worker } = widgets[0].dataset;
  globalThis.$altcha.i18n.set("zh-cn", WORDS);
  globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker(worker));
  // Before every other listener: what they do on sending must not happen twice.
  window.addEventListener("submit", onSubmit, { capture: true });
  widgets.forEach(start);
}
