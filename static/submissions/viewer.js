/* Files in the page: templates/submissions/_viewer.html says what a page needs for it. */

const SIZES = [50, 75, 100, 150, 200, 300];
const FAILED = "没有打开。请检查网络后再试，或下载查看。";

const dialog = document.getElementById("file-viewer");
const find = (name) => dialog.querySelector(`[data-viewer-${name}]`);
const stage = find("stage");
const field = document.getElementById("file-viewer-page");
let pages = [];
let name = "";
let at = 0;
let size = SIZES.indexOf(100);
let opened = 0;

function say(sentence) {
  const line = document.createElement("p");
  line.className = "file-viewer-words";
  line.textContent = sentence;
  stage.replaceChildren(line);
  find("said").textContent = sentence;
}

/* One page at a time: the next is fetched beforehand, so that turning is quick. */
function turn(to) {
  if (!pages.length) {
    return;
  }
  at = Math.min(Math.max(to, 0), pages.length - 1);
  const mine = opened;
  const picture = new Image();
  picture.className = "file-viewer-page";
  picture.alt = pages.length > 1 ? `${name} 第${at + 1}页，共${pages.length}页` : name;
  picture.addEventListener("error", () => mine === opened && picture.isConnected && say(FAILED));
  picture.addEventListener("load", () => {
    picture.classList.add("is-there");
    if (mine === opened && picture.isConnected && at + 1 < pages.length) {
      new Image().src = pages[at + 1];
    }
  });
  picture.src = pages[at];
  stage.replaceChildren(picture);
  stage.scrollTo(0, 0);
  field.value = at + 1;
  dialog.querySelector("[data-viewer=previous]").disabled = at === 0;
  dialog.querySelector("[data-viewer=next]").disabled = at === pages.length - 1;
  find("said").textContent = picture.alt;
}

function zoom(step) {
  size = Math.min(Math.max(size + step, 0), SIZES.length - 1);
  stage.dataset.zoom = SIZES[size];
}

function play(address) {
  const film = document.createElement("video");
  film.className = "file-viewer-film";
  film.controls = true;
  film.preload = "metadata";
  film.setAttribute("aria-label", name);
  film.addEventListener("error", () => say("浏览器不能播放这段视频，请下载查看。"));
  film.src = address;
  stage.replaceChildren(film);
}

function show(found) {
  pages = found.pages;
  find("pages").hidden = pages.length < 2;
  find("sizes").hidden = !pages.length;
  find("count").textContent = `/ ${pages.length}`;
  if (pages.length) {
    turn(0);
  } else if (found.film) {
    play(found.film);
  } else {
    say(found.sentence || FAILED);
  }
}

async function open(link) {
  const mine = ++opened;
  name = link.dataset.name;
  pages = [];
  find("pages").hidden = find("sizes").hidden = true;
  document.getElementById("file-viewer-title").textContent = name;
  const file = new URL(link.dataset.file || link.href, location.href);
  file.searchParams.set("download", "");
  find("download").href = file;
  zoom(SIZES.indexOf(100) - size);
  say("正在打开……");
  if (!dialog.open) {
    dialog.showModal();
  }
  try {
    const answer = await fetch(link.dataset.view, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) {
      throw new Error(String(answer.status));
    }
    const found = await answer.json();
    if (mine === opened) {
      show(found);
    }
  } catch {
    if (mine === opened) {
      say(FAILED);
    }
  }
}

const acts = {
  previous: () => turn(at - 1),
  next: () => turn(at + 1),
  smaller: () => zoom(-1),
  larger: () => zoom(1),
  close: () => dialog.close(),
};
const KEYS = { ArrowLeft: "previous", ArrowRight: "next", "+": "larger", "=": "larger", "-": "smaller" };

dialog.addEventListener("click", (event) => {
  acts[event.target.closest("[data-viewer]")?.dataset.viewer]?.();
});

/* Closing ends what still loads, and a film stops. */
dialog.addEventListener("close", () => {
  opened += 1;
  pages = [];
  stage.replaceChildren();
});

dialog.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (act && !event.ctrlKey && !event.metaKey && !event.target.closest("input, video")) {
    event.preventDefault();
    acts[act]();
  }
});

field.addEventListener("change", () => turn((Number.parseInt(field.value, 10) || 1) - 1));

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-view][data-name]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link);
  }
});

document.querySelectorAll("button[data-view][data-name]").forEach((button) => {
  button.hidden = false;
});
