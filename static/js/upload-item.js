/* What a slot shows of one file on its way: how far, how fast, how long still; buttons to pause, go on, cancel.

   Made from <template id="upload-item">; goes into the slot's [data-upload-list].
*/

const MEGABYTE = 1024 * 1024;
const LOOK_BACK = 6000;
const WORDS_EVERY = 500;
const SAID_EVERY = 25;

export function sizeOf(bytes) {
  const megabytes = bytes / MEGABYTE;
  if (megabytes >= 1024) {
    return `${(megabytes / 1024).toFixed(2)} GB`;
  }
  return megabytes < 1 ? `${Math.max(bytes / 1024, 0.1).toFixed(1)} KB` : `${megabytes.toFixed(1)} MB`;
}

function spanOf(seconds) {
  if (seconds < 60) {
    return `${Math.max(1, Math.ceil(seconds))} 秒`;
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} 分钟` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟`;
}

export class Item {
  constructor(list, { name, size }, actions) {
    const holder = document.getElementById("upload-item");
    this.element = holder.content.firstElementChild.cloneNode(true);
    this.size = size;
    this.seen = [];
    this.said = 0;
    this.part("name").textContent = name;
    this.part("size").textContent = sizeOf(size);
    for (const [verb, act] of Object.entries(actions)) {
      const button = this.part(verb);
      button.setAttribute("aria-label", `${button.textContent.trim()}：${name}`);
      button.addEventListener("click", act);
    }
    list.append(this.element);
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  /** A new state: its words are read out, `buttons` are those that make sense now. */
  state(name, words, buttons = []) {
    this.element.dataset.state = name;
    this.seen = [];
    this.wordsAt = 0;
    this.part("words").textContent = words;
    this.part("said").textContent = `${this.part("name").textContent}：${words}`;
    for (const verb of ["pause", "resume", "choose", "cancel", "close"]) {
      this.part(verb).hidden = !buttons.includes(verb);
    }
    this.part("progress").hidden = ["failed", "check"].includes(name);
  }

  /** How many bytes are done, of hashing or of sending. */
  progress(verb, done) {
    const percent = this.size ? Math.floor((100 * done) / this.size) : 100;
    this.part("progress").value = percent;
    const now = performance.now();
    this.seen = [...this.seen.filter((one) => now - one.at < LOOK_BACK), { at: now, done }];
    if (now - this.wordsAt > WORDS_EVERY) {
      this.wordsAt = now;
      this.part("words").textContent = [`${verb} ${percent}%`, ...this.pace(done)].join(" · ");
    }
    if (percent - this.said >= SAID_EVERY) {
      this.said = percent - (percent % SAID_EVERY);
      this.part("said").textContent = `${this.part("name").textContent}：${verb} ${percent}%`;
    }
  }

  pace(done) {
    const first = this.seen[0];
    const seconds = (performance.now() - first.at) / 1000;
    const speed = (done - first.done) / seconds;
    if (seconds < 1 || speed <= 0) {
      return [];
    }
    return [`${sizeOf(speed)}/秒`, `约剩 ${spanOf((this.size - done) / speed)}`];
  }

  remove() {
    this.element.remove();
  }
}
