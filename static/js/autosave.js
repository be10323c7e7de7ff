/* Saving as typed.

   <form data-autosave data-url="…" data-version="7"> … </form>  with a [data-saved-line] on the page.
   Sends the form's fields and `version` by POST with `X-Requested-With: autosave`. Answers:
     200 {version, saved_at, problems: [{path, sentence}], progress}
     409 {sentence}        somebody else saved a newer version: nothing is overwritten, nothing is lost
     4xx {sentence}        refused (the stage is closed): said, and kept here
     401 or a redirect     the session has ended: log in again, then it goes on
   Without a network what was typed is kept in this browser and sent when the network is back.
*/

import { formatClock, serverNow } from "./clock.js";
import { forget, keep, kept, putBack } from "./keep.js";
import { renewToken, sessionEnded } from "./session.js";

const PAUSE = 1200;
const LONGEST = 10000;
const ONCE_WITHIN = 3000;
const RETRY = [4000, 8000, 15000, 30000];
/** States with an icon of their name in the menu (templates/components/_side_menu.html); others have a dot. */
const SIGNS = ["done", "act", "now"];

class Autosave {
  constructor(form) {
    this.form = form;
    this.line = document.querySelector("[data-saved-line]");
    this.changes = 0;
    this.failures = 0;
    this.busy = false;
    this.stopped = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("rows:changed", () => this.changed());
    form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("session:resumed", () => this.changes && this.save());
    window.addEventListener("online", () => this.changes && this.save());
    document.addEventListener("visibilitychange", () => this.hidden());
    window.addEventListener("beforeunload", (event) => this.leaving(event));
    this.offerKept();
  }

  changed() {
    this.changes += 1;
    this.since ??= performance.now();
    if (this.stopped) {
      keep(this.form);
      return;
    }
    this.say("", "正在填写，稍后自动保存");
    const waited = performance.now() - this.since;
    this.later(Math.min(PAUSE, Math.max(0, LONGEST - waited)));
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.stopped) {
      return;
    }
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.arrived = false;
    const sent = this.changes;
    try {
      this.take(await this.send(), sent);
    } catch {
      this.offline();
    } finally {
      this.busy = false;
    }
    const { pressed, arrived } = this;
    this.pressed = undefined;
    if (pressed && arrived) {
      this.again = false;
      this.form.requestSubmit(pressed.button);
    } else if (this.again) {
      this.again = false;
      this.later(PAUSE);
    }
  }

  async send() {
    const body = new FormData(this.form);
    // Files go by their own button: a long upload is no part of every save.
    [...body].filter(([, value]) => value instanceof File).forEach(([name]) => body.delete(name));
    body.set("version", this.form.dataset.version ?? "");
    const token = this.form.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    const response = await fetch(this.form.dataset.url, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { Accept: "application/json", "X-Requested-With": "autosave", "X-CSRFToken": token },
    });
    const json = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, answer: json ? await response.json() : {} };
  }

  take({ status, answer }, sent) {
    // A redirect that was not followed has status 0: it leads to the login page.
    if (status === 0 || status === 401) {
      this.keepHere("登录已过期，内容已暂存在本机");
      sessionEnded();
    } else if (status === 403 && answer.code === "csrf") {
      this.tokenRefused();
    } else if (status === 409) {
      this.conflict(answer.sentence);
    } else if (status >= 500 || status === 429) {
      this.offline();
    } else if (status >= 400) {
      this.keepHere(answer.sentence ?? "没有保存。内容已暂存在本机，请刷新页面后重试。");
      this.stopped = status === 403;
    } else {
      this.saved(answer, sent);
    }
  }

  /** Somebody logged in again in another window: with a fresh token it is sent once more. */
  async tokenRefused() {
    this.keepHere("登录状态有变化，内容已暂存在本机");
    if (await renewToken()) {
      this.later(PAUSE);
    } else {
      sessionEnded();
    }
  }

  saved(answer, sent) {
    this.failures = 0;
    this.arrived = true;
    this.form.dataset.version = String(answer.version);
    this.form.querySelectorAll('input[name="version"]').forEach((input) => (input.value = answer.version));
    if (sent === this.changes) {
      this.changes = 0;
      this.since = undefined;
      forget(this.form);
    }
    const at = answer.saved_at ? Date.parse(answer.saved_at) : serverNow();
    this.say("is-saved", `已保存 ${formatClock(Number.isNaN(at) ? serverNow() : at)}`);
    this.showProblems(answer.problems ?? []);
    this.showProgress(answer.progress);
    this.form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: answer }));
  }

  /** Sentences at the fields: an element with data-problem="path" takes the sentence of that path. */
  showProblems(problems) {
    const byPath = new Map(problems.map(({ path, sentence }) => [path, sentence]));
    this.form.querySelectorAll("[data-problem]").forEach((place) => {
      const sentence = byPath.get(place.dataset.problem) ?? "";
      place.textContent = sentence;
      place.hidden = !sentence;
      const field = document.getElementById(place.dataset.problemField ?? "");
      field?.classList.toggle("is-invalid", Boolean(sentence));
      field?.setAttribute("aria-invalid", String(Boolean(sentence)));
    });
  }

  /** progress: {done, total} for the bar and, when given, sections: {key: {state, sign}} for the menu. */
  showProgress(progress) {
    if (!progress) {
      return;
    }
    document.querySelectorAll("progress[data-progress]").forEach((bar) => {
      bar.max = progress.total ?? bar.max;
      bar.value = progress.done ?? bar.value;
    });
    document.querySelectorAll("[data-progress-text]").forEach((place) => {
      place.textContent = `${progress.done} / ${progress.total}`;
    });
    for (const [key, { state, sign }] of Object.entries(progress.sections ?? {})) {
      const place = document.querySelector(`[data-section-sign="${CSS.escape(key)}"]`);
      if (place) {
        place.className = `side-sign sign-${state}`;
        const use = place.querySelector("use");
        const sprite = use?.getAttribute("href").split("#")[0];
        use?.setAttribute("href", `${sprite}#${SIGNS.includes(state) ? state : "dot"}`);
        place.replaceChildren(...place.querySelectorAll("svg"), sign);
      }
    }
  }

  conflict(sentence) {
    this.stopped = true;
    keep(this.form);
    this.say("is-conflict", sentence ?? "这一部分已在别处被修改。");
    this.bar(sentence ?? "这一部分已在别处被修改。", "您刚输入的内容没有丢失：载入最新内容后，可以选择恢复。", [
      ["载入最新内容", () => location.reload()],
    ]);
  }

  offline() {
    this.keepHere("网络不通，内容已暂存在本机，恢复后自动上传");
    this.later(RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
  }

  keepHere(words) {
    const could = keep(this.form);
    this.say("is-kept", could ? `${words} ${formatClock(serverNow())}` : "没有保存，请不要关闭页面");
  }

  offerKept() {
    const found = kept(this.form);
    if (!found) {
      return;
    }
    const title = `本机上有一份 ${formatClock(found.at)} 暂存、没有上传的内容`;
    this.bar(title, "恢复后会替换当前显示的内容并自动保存。", [
      ["恢复", () => (putBack(this.form, found.fields), this.changed())],
      ["不需要，丢弃", () => forget(this.form)],
    ]);
  }

  bar(title, text, actions) {
    document.querySelector("[data-autosave-bar]")?.remove();
    const box = document.createElement("div");
    box.className = "notice notice-act mb-4";
    box.dataset.autosaveBar = "";
    box.setAttribute("role", "alert");
    const body = document.createElement("div");
    body.className = "notice-body";
    const heading = document.createElement("p");
    heading.className = "notice-title";
    heading.textContent = title;
    const words = document.createElement("p");
    words.textContent = text;
    const row = document.createElement("div");
    row.className = "buttons";
    for (const [label, act] of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary";
      button.textContent = label;
      button.addEventListener("click", () => (box.remove(), act()));
      row.append(button);
    }
    body.append(heading, words, row);
    box.append(document.createElement("span"), body);
    this.form.before(box);
  }

  say(state, words) {
    if (!this.line) {
      return;
    }
    this.line.classList.remove("is-saved", "is-kept", "is-conflict");
    state && this.line.classList.add(state);
    const place = this.line.querySelector("[data-saved-text]");
    if (place.textContent !== words) {
      place.textContent = words;
    }
  }

  /** The whole form goes by a button: after a save that is under way, or the two would collide; and once. */
  submit(event) {
    clearTimeout(this.timer);
    if (event.defaultPrevented) {
      return;
    }
    if (this.busy || this.leavingOnPurpose) {
      event.preventDefault();
      this.pressed ??= this.busy ? { button: event.submitter } : undefined;
      return;
    }
    keep(this.form, { sent: true });
    this.leavingOnPurpose = true;
    setTimeout(() => (this.leavingOnPurpose = false), ONCE_WITHIN);
  }

  hidden() {
    if (document.hidden && this.changes && !this.leavingOnPurpose) {
      this.save();
    }
  }

  leaving(event) {
    if (this.changes && !this.leavingOnPurpose && !keep(this.form)) {
      event.preventDefault();
    }
  }
}

export function startAutosave(form) {
  return new Autosave(form);
}
