/* Files into the slots of a form, in pieces that survive a cut network, a reload and the end of a session.

   <form data-url data-uploads="…" data-hash-worker="…"> with <section class="slot" id="slot-…"> holding
   [data-upload] (the file field), [data-upload-list] and [data-upload-problem]. Without a script the field is
   posted with the form. tus-js-client is `window.tus`; the protocol's server is submissions/views/uploads.py.

   A file is hashed, declared (slot, name, size, SHA-256), sent, checked by the server, and then stands in its
   slot. What was declared in another window, or before a reload, waits for the same file to be chosen again.
*/

import { csrfToken, renewToken, sessionEnded } from "./session.js";
import { Item, sizeOf } from "./upload-item.js";

const MEGABYTE = 1024 * 1024;
const PIECE = 8 * MEGABYTE;
const AT_ONCE = 2;
const SAVED_WITHIN = 15000;
const RETRY = [500, 1000, 3000, 5000, 10000, 20000];
const TRY_AGAIN = 20000;
const LOOK_EVERY = 1500;
const LOOK_SELDOM = 10000;
const LOST = "网络中断，恢复后自动继续";
const JSON_ONLY = { Accept: "application/json" };

const form = document.querySelector("form[data-uploads]");
/** Files that this page is sending, by the server's key of the upload or, before that, by themselves. */
const sending = new Set();
let turn = [];
let busy = 0;

/** Two files at a time: more share the same line. */
function myTurn() {
  if (busy < AT_ONCE) {
    busy += 1;
    return Promise.resolve();
  }
  return new Promise((resolve) => turn.push(resolve));
}

function next() {
  const waiting = turn.shift();
  waiting ? waiting() : (busy -= 1);
}

function slotOf(key) {
  return document.getElementById(`slot-${key}`);
}

function say(key, sentence) {
  const place = slotOf(key)?.querySelector("[data-upload-problem]");
  if (place) {
    place.textContent = sentence;
    place.hidden = !sentence;
  }
}

/** Resolves to whether what was typed is saved: a file belongs to a row that the server knows. */
function saved() {
  if (!form.hasAttribute("data-autosave")) {
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, SAVED_WITHIN, false);
    const done = () => (clearTimeout(timer), resolve(true));
    form.addEventListener("autosave:saved", done, { once: true });
  });
}

async function listed(keys = []) {
  const query = keys.map((key) => `key=${key}`).join("&");
  const response = await fetch(`${form.dataset.uploads}${query && `?${query}`}`, { headers: JSON_ONLY });
  if (response.status === 401) {
    sessionEnded();
  }
  return response.ok ? (await response.json()).uploads : null;
}

/** The status and the server's own words in a failed answer. */
function answerOf(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  try {
    return { status, ...JSON.parse(error.originalResponse.getBody()) };
  } catch {
    return { status };
  }
}

class Sending {
  constructor(slot, file, wanted = null) {
    Object.assign(this, { slot, file, wanted });
    this.item = new Item(slotOf(slot).querySelector("[data-upload-list]"), file, {
      pause: () => this.pause(),
      resume: () => this.resume(),
      cancel: () => this.cancel(),
      close: () => this.end(),
    });
    sending.add(this);
    this.onLine = () => this.waiting && this.resume();
    window.addEventListener("online", this.onLine);
    document.addEventListener("session:resumed", this.onLine);
  }

  async run(isSaved) {
    this.item.state("wait", "等待前面的文件", ["cancel"]);
    await myTurn();
    this.hasTurn = true;
    try {
      this.gone || (this.sha256 = await this.hash());
      if (this.gone) {
        return;
      }
      if (!(await isSaved)) {
        this.fail("文件没有上传：请先保存这一页的内容，再选择文件。");
        return;
      }
      const known = await listed().catch(() => []);
      this.send(known?.find((one) => this.isMine(one)));
    } catch (problem) {
      this.gone || this.fail(problem.message);
    }
  }

  isMine(one) {
    return one.slot === this.slot && one.size === this.file.size && one.sha256 === this.sha256;
  }

  hash() {
    this.item.state("hash", "正在计算校验值", ["cancel"]);
    return new Promise((resolve, reject) => {
      this.worker = new Worker(form.dataset.hashWorker, { type: "module" });
      this.worker.addEventListener("error", () => reject(new Error("校验没有完成，请刷新页面后重新选择文件。")));
      this.worker.addEventListener("message", ({ data }) => {
        if (data.done) {
          this.item.progress("正在计算校验值", data.done);
          return;
        }
        this.worker.terminate();
        data.sha256 ? resolve(data.sha256) : reject(new Error(data.problem));
      });
      this.worker.postMessage(this.file);
    });
  }

  send(known) {
    if (this.wanted && known?.key !== this.wanted.key) {
      this.fail(`这不是之前的“${this.wanted.name}”（内容不同）。要改传这个文件，请先取消原来的上传。`);
      offer(this.wanted);
      return;
    }
    if (known?.status === "arrived") {
      this.check(known.key);
      return;
    }
    known && waitingFor(known)?.remove();
    this.upload = new window.tus.Upload(this.file, {
      endpoint: form.dataset.uploads,
      uploadUrl: known?.url ?? null,
      chunkSize: PIECE,
      retryDelays: RETRY,
      storeFingerprintForResuming: false,
      metadata: { slot: this.slot, filename: this.file.name, sha256: this.sha256 },
      headers: JSON_ONLY,
      // A login in another window makes the page's token new.
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrfToken()),
      onProgress: (done) => this.item.progress("上传中", done),
      onSuccess: () => this.check(this.upload.url.replace(/\/$/, "").split("/").pop()),
      onError: (error) => this.broken(answerOf(error)),
    });
    this.resume();
  }

  pause() {
    this.waiting = false;
    this.upload.abort();
    this.item.state("paused", "已暂停", ["resume", "cancel"]);
  }

  resume() {
    clearTimeout(this.again);
    this.waiting = false;
    this.item.state("upload", "上传中", ["pause", "cancel"]);
    this.upload.start();
  }

  /** What tus-js-client could not get over by itself. */
  async broken({ status, code, sentence }) {
    if (this.gone) {
      return;
    }
    if (status === 401 || (status === 403 && code === "csrf")) {
      this.later("登录已过期，重新登录后自动继续");
      (await renewToken()) ? this.waiting && this.resume() : sessionEnded();
    } else if (status === 0 || status >= 502) {
      this.later(LOST);
    } else if (status === 423 || status === 507) {
      this.later(sentence);
    } else {
      this.fail(sentence ?? "文件没有上传，请稍后重试。");
    }
  }

  later(words) {
    this.waiting = true;
    this.item.state("waiting", words, ["resume", "cancel"]);
    clearTimeout(this.again);
    this.again = setTimeout(this.onLine, TRY_AGAIN);
  }

  async cancel() {
    this.gone = true;
    await this.upload?.abort().catch(() => {});
    this.end();
    const known = this.sha256 && (await listed().catch(() => []))?.find((one) => this.isMine(one));
    known && (await remove(known.url));
  }

  /** The last byte is there: look until the server has hashed and inspected the file. */
  check(key) {
    this.release();
    watch(this.item, this.slot, key, () => this.end());
  }

  fail(sentence) {
    this.item.state("failed", sentence, ["close"]);
    this.release();
  }

  /** Another file may have the line. */
  release() {
    this.worker?.terminate();
    clearTimeout(this.again);
    window.removeEventListener("online", this.onLine);
    document.removeEventListener("session:resumed", this.onLine);
    sending.delete(this);
    this.hasTurn && next();
    this.hasTurn = false;
  }

  end() {
    this.gone = true;
    this.release();
    this.item.remove();
  }
}

async function remove(url) {
  const headers = { ...JSON_ONLY, "Tus-Resumable": "1.0.0", "X-CSRFToken": csrfToken() };
  await fetch(url, { method: "DELETE", headers }).catch(() => {});
  refresh();
}

/** Wait for what the server finds in a file that has arrived. */
async function watch(item, slot, key, done, since = Date.now()) {
  item.state("check", "已传完，正在检查", []);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, Date.now() - since < 60000 ? LOOK_EVERY : LOOK_SELDOM));
    const [one] = (await listed([key]).catch(() => null)) ?? [];
    if (one?.status === "done") {
      done();
      await refresh(slot);
      slotOf(slot)?.querySelector("input[type=file]")?.focus({ preventScroll: true });
      return;
    }
    if (one && one.status !== "arrived") {
      item.state("failed", one.problem || one.label, ["close"]);
      return;
    }
  }
}

/** Take a slot, and how far the form is, from a fresh copy of the page; files on their way stay as they are. */
async function refresh(key = "") {
  const response = await fetch(form.dataset.url, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) {
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = key && page.getElementById(`slot-${key}`);
  const old = slotOf(key);
  if (fresh && old) {
    const taken = document.importNode(fresh, true);
    taken.querySelector("[data-upload-list]")?.replaceWith(old.querySelector("[data-upload-list]"));
    withScript(taken);
    old.replaceWith(taken);
  }
  for (const name of ["data-progress-text", "data-section-sign"]) {
    for (const shown of document.querySelectorAll(`[${name}]`)) {
      const found = page.querySelector(`[${name}="${CSS.escape(shown.getAttribute(name))}"]`);
      found && shown.replaceWith(document.importNode(found, true));
    }
  }
}

function refusalOf(box, file) {
  const { maxMb } = box.dataset;
  const accepted = box.querySelector("input[type=file]").accept.split(",").filter(Boolean);
  if (!file.size) {
    return `“${file.name}”是空文件，请重新选择。`;
  }
  if (file.size > Number(maxMb) * MEGABYTE) {
    return `“${file.name}”超过 ${sizeOf(maxMb * MEGABYTE)}，请压缩或拆分后再上传。`;
  }
  const fits = !accepted.length || accepted.some((ending) => file.name.toLowerCase().endsWith(ending));
  return fits ? "" : `“${file.name}”不是可接受的文件类型，请上传 ${accepted.join("、")} 文件。`;
}

/** Files were chosen or dropped: each one that fits goes on its way. */
function take(box, files, wanted = null) {
  const slot = box.closest(".slot").id.replace("slot-", "");
  const refusals = [];
  const isSaved = saved();
  wanted && waitingFor(wanted)?.remove();
  for (const file of files) {
    const sentence = refusalOf(box, file);
    sentence ? refusals.push(sentence) : new Sending(slot, file, wanted).run(isSaved);
  }
  say(slot, refusals.join(" "));
  // What stands on the page is saved first, and the answer says so.
  form.dispatchEvent(new Event("change"));
}

function chosen(input) {
  const box = input.closest("[data-upload]");
  if (box && input.type === "file" && input.files.length) {
    take(box, [...input.files]);
    input.value = "";
  }
}

/** The button sends a file without a script; with one, choosing or dropping is enough. */
function withScript(root) {
  root.querySelectorAll("[data-upload] button").forEach((button) => (button.hidden = true));
  root.querySelectorAll("[data-upload-drop]").forEach((words) => (words.hidden = false));
}

function dropped(event) {
  const box = event.target.closest?.(".slot")?.querySelector("[data-upload]");
  document.querySelectorAll(".slot.is-over").forEach((slot) => slot.classList.remove("is-over"));
  if (!box || !event.dataTransfer?.types.includes("Files")) {
    return;
  }
  event.preventDefault();
  if (event.type === "dragover") {
    event.dataTransfer.dropEffect = "copy";
    box.closest(".slot").classList.add("is-over");
  } else if (event.type === "drop") {
    take(box, [...event.dataTransfer.files]);
  }
}

function waitingFor({ key }) {
  return document.querySelector(`[data-waiting="${key}"]`);
}

/** Something that was declared before this page was opened: it goes on when the same file is chosen. */
function offer(one) {
  const list = slotOf(one.slot)?.querySelector("[data-upload-list]");
  if (!list) {
    return;
  }
  const input = document.createElement("input");
  input.type = "file";
  const item = new Item(list, one, {
    choose: () => input.click(),
    cancel: () => (item.remove(), remove(one.url)),
    close: () => item.remove(),
  });
  item.element.dataset.waiting = one.key;
  if (one.status === "arrived") {
    watch(item, one.slot, one.key, () => item.remove());
    return;
  }
  item.state("away", `续传：请重新选择“${one.name}”，已传 ${sizeOf(one.offset)}`, ["choose", "cancel"]);
  item.part("progress").value = (100 * one.offset) / one.size;
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file.size !== one.size) {
      say(one.slot, `这不是之前的“${one.name}”（大小不同）。要改传这个文件，请先取消原来的上传。`);
    } else {
      say(one.slot, "");
      take(list.closest(".slot").querySelector("[data-upload]"), [file], one);
    }
    input.value = "";
  });
}

if (form) {
  form.addEventListener("change", (event) => chosen(event.target));
  form.addEventListener("rows:added", (event) => withScript(event.target));
  withScript(form);
  for (const kind of ["dragover", "drop", "dragend", "dragleave"]) {
    form.addEventListener(kind, dropped);
  }
  window.addEventListener("beforeunload", (event) => sending.size && event.preventDefault());
  listed().then((found) => found?.forEach(offer)).catch(() => {});
  // Files that were chosen before this script was there.
  form.querySelectorAll("[data-upload] input[type=file]").forEach(chosen);
}
