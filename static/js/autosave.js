/* Saving as typed.

   <form data-autosave data-url="…" data-version="7"> … </form>  with a [data-saved-line] on the page.
   Sends the form's fields and `version` by POST with `X-Requested-With: autosave`. Answers:
     200 {version, saved_at, problems: [{path, sentence}], progress}
     409 {sentence}        somebody else saved a newer version: nothing is overwritten, nothing is lost; a form with
                           data-merge is merged with it (reconcile.js), others offer to load it
     4xx {sentence}        refused (the stage is closed): said, and kept here
     401 or a redirect     the session has ended: log in again, then it goes on
   Without a network what was typed is kept in this browser and sent when the network is back. A form with
   data-merge is kept there as it is typed, so that a tab that dies loses nothing.
*/

import { formatClock, serverNow } from "./clock.js";
import { forget, forgetAside, keep, kept, leavesOut, pairsOf, putBack, setAside } from "./keep.js";
import { bringBack, isAhead, mergeInto, theirsOf } from "./reconcile.js";
import { csrfToken, renewToken, sessionEnded } from "./session.js";

const PAUSE = 1200;
const LONGEST = 10000;
const ONCE_WITHIN = 3000;
const KEEP_AFTER = 250;
/** Browsers send at most 64 KB once a page is gone. */
const LAST_WORDS = 60_000;
const RETRY = [4000, 8000, 15000, 30000];
/** A server that is silent for so long is as good as none. */
const PATIENCE = 30_000;
/** What was kept so lately may still be on its way to the server: looked at there before it is offered. */
const JUST_NOW = 60_000;
const LOOK_AFTER = 1500;
const TROUBLED = ["is-kept", "is-conflict"];
/** States with an icon of their name in the menu (templates/components/_side_menu.html); others have a dot. */
const SIGNS = ["done", "act", "now"];

/** Bytes that a form takes on its way, roughly. */
function sizeOf(body) {
  return [...body].reduce((sum, [name, value]) => sum + 160 + 3 * (name.length + String(value).length), 0);
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.line = document.querySelector("[data-saved-line]");
    this.changes = 0;
    this.failures = 0;
    this.busy = false;
    this.stopped = false;
    this.merges = "merge" in form.dataset;
    this.base = this.merges ? pairsOf(form) : undefined;
    form.addEventListener("compositionstart", () => (this.composing = true));
    form.addEventListener("compositionend", () => ((this.composing = false), this.changed()));
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("rows:changed", () => this.changed());
    form.addEventListener("focusout", () => setTimeout(() => this.showCanonical(this.canonical ?? [])));
    form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("session:resumed", () => this.changes && this.save());
    window.addEventListener("online", () => this.changes && this.save());
    document.addEventListener("visibilitychange", () => this.hidden());
    window.addEventListener("beforeunload", (event) => this.leaving(event));
    this.merges && window.addEventListener("pagehide", () => this.lastWords());
    this.offerKept();
  }

  changed() {
    if (this.merging) {
      return;
    }
    this.changes += 1;
    this.since ??= performance.now();
    if (this.stopped) {
      this.keep();
      return;
    }
    if (this.merges) {
      clearTimeout(this.keeping);
      this.keeping = setTimeout(() => this.changes && this.keep(), KEEP_AFTER);
    }
    this.say("", "正在填写，稍后自动保存");
    const waited = performance.now() - this.since;
    this.later(Math.min(PAUSE, Math.max(0, LONGEST - waited)));
  }

  keep(options = {}) {
    return keep(this.form, { ...options, base: this.base });
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
    if (this.composing) {
      // What an input method is still composing is not sent; its end starts the pause anew.
      return;
    }
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.arrived = false;
    this.reason = "请看上方的说明";
    const sent = this.changes;
    try {
      await this.take(await this.send(), sent);
    } catch {
      this.offline();
    } finally {
      this.busy = false;
    }
    const { pressed, arrived } = this;
    if (pressed && arrived) {
      this.again = false;
      this.pressed = undefined;
      this.form.requestSubmit(pressed.button);
    } else if (this.again) {
      this.again = false;
      this.later(pressed ? 0 : PAUSE);
    } else {
      pressed && this.sayBeside(`还没有保存：${this.reason}`);
      this.pressed = undefined;
    }
  }

  async send() {
    const body = new FormData(this.form);
    // Files go by their own button: a long upload is no part of every save.
    [...body].filter(([, value]) => value instanceof File).forEach(([name]) => body.delete(name));
    body.set("version", this.form.dataset.version ?? "");
    this.sending = this.merges ? pairsOf(this.form) : undefined;
    const token = this.form.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    const response = await fetch(this.form.dataset.url, {
      method: "POST",
      body,
      // The tab may be about to go.
      keepalive: document.hidden && sizeOf(body) < LAST_WORDS,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
      headers: { Accept: "application/json", "X-Requested-With": "autosave", "X-CSRFToken": token },
    });
    const json = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, answer: json ? await response.json() : {} };
  }

  async take({ status, answer }, sent) {
    // A redirect that was not followed has status 0: it leads to the login page.
    if (status === 0 || status === 401) {
      this.keepHere("登录已过期");
      sessionEnded();
    } else if (status === 403 && answer.code === "csrf") {
      this.tokenRefused();
    } else if (status === 409) {
      await this.conflict(answer);
    } else if (status >= 500 || status === 429) {
      this.offline(status === 429 ? "服务器繁忙" : "服务器暂时没有响应");
    } else if (status >= 400) {
      answer.sentence ? this.keepHere(answer.sentence) : this.keepHere("没有保存", "，请刷新页面后重试");
      this.stopped = status === 403;
    } else {
      this.saved(answer, sent);
    }
  }

  /** Somebody logged in again in another window: with a fresh token it is sent once more. */
  async tokenRefused() {
    this.keepHere("登录状态有变化");
    if (await renewToken()) {
      this.later(PAUSE);
    } else {
      sessionEnded();
    }
  }

  saved(answer, sent) {
    this.failures = 0;
    this.arrived = true;
    this.base = this.sending;
    this.unanswered = undefined;
    this.form.dataset.version = String(answer.version);
    this.form.querySelectorAll('input[name="version"]').forEach((input) => (input.value = answer.version));
    const whole = sent === this.changes;
    if (whole) {
      this.changes = 0;
      this.since = undefined;
      forget(this.form);
    }
    this.showCanonical(answer.canonical ?? []);
    const at = answer.saved_at ? Date.parse(answer.saved_at) : serverNow();
    const clock = formatClock(Number.isNaN(at) ? serverNow() : at);
    this.saySaved(clock, whole);
    this.sayBeside("");
    this.showProblems(answer.problems ?? []);
    this.showProgress(answer.progress);
    this.form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: answer }));
  }

  /** `whole`: nothing was typed since it was sent. */
  saySaved(clock, whole) {
    const joint = this.merged ?? "";
    this.merged = "";
    whole
      ? this.say("is-saved", `${joint}已保存 ${clock}`)
      : this.say("", `${joint}已保存 ${clock}，之后填写的稍后自动保存`);
  }

  /** Numbers and dates as they were understood, where nobody typed on: [[name, as sent, as stored]]. */
  showCanonical(canonical) {
    this.canonical = canonical;
    for (const [name, typed, stored] of canonical) {
      const field = this.form.elements[name];
      if (field && field.value === typed && field !== document.activeElement) {
        field.value = stored;
        this.base = this.base?.map(([key, value]) => [key, key === name && value === typed ? stored : value]);
      }
    }
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
    this.showMeter(progress);
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

  /** The meter over the whole form moves by what this section moved. */
  showMeter({ done, total }) {
    const meter = document.querySelector("[data-meter]");
    if (!meter || !this.form.dataset.done) {
      return;
    }
    const bar = meter.querySelector("progress");
    bar.value += done - Number(this.form.dataset.done);
    bar.max += total - Number(this.form.dataset.total);
    meter.querySelector("[data-meter-text]").textContent = `${bar.value} / ${bar.max}`;
    [this.form.dataset.done, this.form.dataset.total] = [String(done), String(total)];
  }

  async conflict({ code, sentence }) {
    if (this.merges && code === "stale_version") {
      await this.reconcile();
      return;
    }
    this.stopped = true;
    this.keep();
    this.say("is-conflict", sentence ?? "这一部分已在别处被修改。");
    if (this.merges) {
      return;
    }
    this.bar(sentence ?? "这一部分已在别处被修改。", "您刚输入的内容没有丢失：载入最新内容后，可以选择恢复。", [
      ["载入最新内容", () => location.reload()],
    ]);
  }

  /** Somebody saved: take what only they changed, ask about what both did, then save on top of it. */
  async reconcile() {
    const other = await theirsOf(this.form);
    if (other.signedOut) {
      this.keepHere("登录已过期");
      sessionEnded();
      return;
    }
    if (other.closed) {
      this.stopped = true;
      this.keepHere("现在不能保存");
      return;
    }
    this.changes && this.keep();
    this.say("is-conflict", `${other.by || "他人"} 刚保存了新内容，正在合并`);
    this.merging = true;
    let plan;
    try {
      plan = await mergeInto(this.form, this.base, other, this.unanswered);
    } finally {
      this.merging = false;
    }
    plan ? this.reconciled(plan, other) : this.decideLater();
  }

  reconciled(plan, other) {
    this.stopped = false;
    this.base = other.pairs;
    this.unanswered = undefined;
    this.form.dataset.version = other.version;
    this.form.querySelectorAll('input[name="version"]').forEach((input) => (input.value = other.version));
    if (plan.ahead || plan.decided) {
      const taken = plan.take.length || plan.add.length || plan.remove.length;
      const merged = taken ? `已合并 ${other.by} 刚保存的内容，` : "";
      this.merged = plan.decided ? "已按您的选择处理，" : merged;
      this.changes += 1;
      this.keep();
      this.again = true;
    } else {
      this.changes = 0;
      this.since = undefined;
      forget(this.form);
      this.say("is-saved", `${other.by || "他人"} ${other.at ?? ""} 保存了新内容，已更新到本页`);
    }
    this.withdrawOffer();
    plan.decided && document.dispatchEvent(new CustomEvent("kept:changed"));
  }

  decideLater() {
    this.stopped = true;
    this.keep();
    this.say("is-conflict", "有内容您和他人都改了，选择之前不会保存");
    this.bar("有内容您和他人都改了", "选择用哪一份之前，您的内容暂存在本机，不会覆盖对方的，也不会丢失。", [
      ["现在选择", () => this.reconcileNow()],
    ]);
  }

  /** Merge outside of a save: from the bar, or because somebody was seen to have saved. */
  async reconcileNow() {
    if (this.busy || this.composing) {
      return;
    }
    this.busy = true;
    try {
      await this.reconcile();
    } catch {
      this.changes && this.offline();
    } finally {
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      this.later(0);
    } else {
      this.pressed = undefined;
    }
  }

  offline(reason = navigator.onLine ? "暂时连不上服务器" : "网络不通") {
    // It may have arrived without its answer: what is found there then is no other person's.
    this.unanswered = this.sending ?? this.unanswered;
    this.keepHere(reason, "，恢复后自动上传");
    this.later(RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
  }

  keepHere(reason, then = "") {
    this.reason = reason;
    const why = reason + (reason.endsWith("。") ? "" : "，");
    const where = `内容已暂存在本机（${formatClock(serverNow())}${leavesOut(this.form) ? "，不含证件号和电话" : ""}）`;
    this.say("is-kept", this.keep() ? why + where + then : `${why}没有保存，请不要关闭页面`);
  }

  offerKept() {
    const found = kept(this.form);
    if (!found) {
      return;
    }
    if (this.merges && found.base && !isAhead(this.form, found)) {
      forget(this.form);
      forgetAside(this.form);
      return;
    }
    if (this.merges && found.base) {
      setAside(this.form);
      Date.now() - found.at < JUST_NOW ? this.lookThenOffer(found) : this.offerToBringBack(found);
      return;
    }
    const title = `本机上有一份 ${formatClock(found.at)} 暂存、没有上传的内容`;
    this.bar(title, "恢复后会替换当前显示的内容并自动保存。", [
      ["恢复", () => (putBack(this.form, found.fields), this.changed())],
      ["不需要，丢弃", () => forget(this.form)],
    ]);
  }

  /** The page may have been fetched while the last save was still on its way. */
  async lookThenOffer(found) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AFTER));
    try {
      const { version } = await theirsOf(this.form);
      Number(version) > Number(this.form.dataset.version) && (await this.reconcileNow());
    } catch {
      // Without a network the offer stands.
    }
    isAhead(this.form, found) ? this.offerToBringBack(found) : forgetAside(this.form);
  }

  /** Nothing is left to offer once the page says all of it. */
  withdrawOffer() {
    if (this.offered && !isAhead(this.form, this.offered)) {
      this.offered = undefined;
      forgetAside(this.form);
      document.querySelector("[data-autosave-bar]")?.remove();
    }
  }

  offerToBringBack(found) {
    this.offered = found;
    const title = `本机上有一份 ${formatClock(found.at)} 暂存、没有上传的内容`;
    this.bar(title, "恢复后与当前内容合并并自动保存；同一处他人也改过的，由您选择。", [
      ["恢复", () => this.bringBack(found)],
      ["不需要，丢弃", () => ((this.offered = undefined), forgetAside(this.form))],
    ]);
  }

  async bringBack(found) {
    this.offered = undefined;
    this.merging = true;
    let decided;
    try {
      decided = await bringBack(this.form, found);
    } finally {
      this.merging = false;
    }
    if (decided) {
      this.changed();
      this.keep();
      forgetAside(this.form);
      this.save();
    } else {
      this.offerToBringBack(found);
    }
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
    const use = this.line.querySelector("use");
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, TROUBLED.includes(state) ? "#act" : "#save"));
    const place = this.line.querySelector("[data-saved-text]");
    if (place.textContent !== words) {
      place.textContent = words;
    }
  }

  /** A button was pressed and its save did not arrive: said beside it, where the eyes are. */
  sayBeside(words) {
    this.form.querySelector("[data-not-saved]")?.remove();
    const place = this.form.querySelector(".form-end");
    if (words && place) {
      const line = document.createElement("p");
      line.className = "not-saved";
      line.dataset.notSaved = "";
      line.setAttribute("role", "alert");
      line.textContent = words;
      place.prepend(line);
    }
  }

  /** The whole form goes by a button: after a save that is under way, or the two would collide; and once. */
  submit(event) {
    clearTimeout(this.timer);
    if (event.defaultPrevented) {
      return;
    }
    if (this.merges && this.changes && !this.busy && !this.leavingOnPurpose) {
      // Saved and merged first, then the button does its own work.
      event.preventDefault();
      this.pressed = { button: event.submitter };
      this.stopped ? this.reconcileNow() : this.save();
      return;
    }
    if (this.busy || this.leavingOnPurpose) {
      event.preventDefault();
      this.pressed ??= this.busy ? { button: event.submitter } : undefined;
      return;
    }
    this.keep({ sent: true });
    this.leavingOnPurpose = true;
    setTimeout(() => (this.leavingOnPurpose = false), ONCE_WITHIN);
  }

  hidden() {
    if (document.hidden && this.changes && !this.leavingOnPurpose) {
      this.save();
    }
  }

  leaving(event) {
    if (this.changes && !this.leavingOnPurpose && !this.keep()) {
      event.preventDefault();
    }
  }

  /** The page goes: what is small enough is sent on its way, and kept here until it is seen to have arrived. */
  lastWords() {
    if (!this.changes || this.leavingOnPurpose || this.stopped || this.busy) {
      return;
    }
    this.keep();
    const body = new FormData();
    pairsOf(this.form).forEach(([name, value]) => body.append(name, value));
    body.set("version", this.form.dataset.version ?? "");
    if (sizeOf(body) > LAST_WORDS) {
      return;
    }
    fetch(this.form.dataset.url, {
      method: "POST",
      body,
      keepalive: true,
      redirect: "manual",
      headers: { Accept: "application/json", "X-Requested-With": "autosave", "X-CSRFToken": csrfToken() },
    }).catch(() => undefined);
  }
}

export function startAutosave(form) {
  return new Autosave(form);
}
