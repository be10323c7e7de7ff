/* Pages of the submissions: uploads with progress, the form that is being printed, exclusive choices. */

const MEGABYTE = 1024 * 1024;
const SAVED_WITHIN = 15000;

function say(box, sentence) {
  const place = box.closest(".slot")?.querySelector("[data-upload-problem]");
  if (place) {
    place.textContent = sentence;
    place.hidden = !sentence;
  }
}

function tooLarge(box, input) {
  const most = Number(box.dataset.maxMb);
  const found = [...input.files].find((file) => file.size > most * MEGABYTE);
  return found ? `“${found.name}”超过 ${most} MB，请压缩或拆分后再上传。` : "";
}

/** Resolves when what was typed is saved: a file belongs to a row that the server knows. */
function saved(form) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, SAVED_WITHIN, false);
    form.addEventListener(
      "autosave:saved",
      () => {
        clearTimeout(timer);
        resolve(true);
      },
      { once: true },
    );
  });
}

/** Send the chosen files alone; writing goes on meanwhile. */
async function send(box, button, input) {
  const form = button.form;
  const body = new FormData();
  for (const file of input.files) {
    body.append(input.name, file);
  }
  body.append(button.name, button.value);
  body.append("csrfmiddlewaretoken", form.querySelector("input[name=csrfmiddlewaretoken]").value);
  button.disabled = true;
  input.disabled = true;
  const bar = box.querySelector("progress");
  bar.hidden = false;
  if (!(await saved(form))) {
    failed(box, "文件没有上传：请先保存这一页的内容，再选择文件。");
    return;
  }
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.url);
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
  });
  request.addEventListener("load", () => arrived(box, request));
  request.addEventListener("error", () => failed(box, "网络中断，文件没有上传，请重试。"));
  request.send(body);
}

/** The answer is the page: take its slot, with the new file or with the reason why there is none. */
function arrived(box, request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const slot = box.closest(".slot");
  const fresh = page.getElementById(slot.id);
  showProgress(page);
  if (fresh && (request.status < 300 || fresh.querySelector("[data-upload-problem]:not([hidden])"))) {
    slot.replaceWith(document.importNode(fresh, true));
    document.getElementById(fresh.id).querySelector("input[type=file]")?.focus();
    return;
  }
  const said = page.querySelector(".notice-act .notice-body");
  failed(box, said?.textContent.trim() || "文件没有上传，请稍后重试。");
}

/** How far the form is, as the answer says it: in the head of the page and in the menu. */
function showProgress(page) {
  for (const name of ["data-progress-text", "data-section-sign"]) {
    for (const old of document.querySelectorAll(`[${name}]`)) {
      const found = page.querySelector(`[${name}="${CSS.escape(old.getAttribute(name))}"]`);
      found && old.replaceWith(document.importNode(found, true));
    }
  }
}

function failed(box, sentence) {
  box.querySelectorAll("button, input").forEach((one) => (one.disabled = false));
  box.querySelector("progress").hidden = true;
  box.querySelector("input[type=file]").value = "";
  say(box, sentence);
}

function chosen(input) {
  const box = input.closest("[data-upload]");
  if (!box || input.type !== "file" || !input.files.length) {
    return;
  }
  const sentence = tooLarge(box, input);
  say(box, sentence);
  if (sentence) {
    input.value = "";
  } else {
    send(box, box.querySelector("button"), input);
  }
}

document.addEventListener("change", (event) => chosen(event.target));
// Files that were chosen before this script was there.
document.querySelectorAll("[data-upload] input[type=file]").forEach(chosen);

// A choice that stands alone takes the others away, and goes when another comes.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.type !== "checkbox" || !box.checked) {
    return;
  }
  const group = [...(box.form?.elements[box.name] ?? [])].filter((one) => one !== box && one.checked);
  for (const other of group) {
    if (box.hasAttribute("data-exclusive") || other.hasAttribute("data-exclusive")) {
      other.checked = false;
    }
  }
});

document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

async function look(place) {
  try {
    const response = await fetch(place.dataset.pending, { headers: { Accept: "application/json" } });
    if (response.ok && (await response.json()).ready) {
      location.reload();
      return;
    }
  } catch {
    // The network is away: look again.
  }
  setTimeout(() => look(place), 2000);
}

document.querySelectorAll("[data-pending]").forEach((place) => setTimeout(() => look(place), 1500));
