/* Pages of the submissions: uploads with progress, the form that is being printed, exclusive choices. */

const MEGABYTE = 1024 * 1024;

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

/** Send the whole form with the chosen file; what was typed is saved along with it. */
function send(box, button) {
  const form = button.form;
  const bar = box.querySelector("progress");
  const body = new FormData(form);
  body.set("version", form.dataset.version ?? body.get("version") ?? "");
  body.set(button.name, button.value);
  for (const other of form.querySelectorAll("[data-upload] input[type=file]")) {
    if (!box.contains(other)) {
      body.delete(other.name);
    }
  }
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.url);
  request.upload.addEventListener("progress", (event) => {
    bar.hidden = false;
    bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
  });
  request.addEventListener("load", () => arrived(box, button, request));
  request.addEventListener("error", () => failed(box, button, "网络中断，文件没有上传，请重试。"));
  button.disabled = true;
  form.dispatchEvent(new CustomEvent("upload:sent", { bubbles: true }));
  request.send(body);
}

function arrived(box, button, request) {
  if (request.status >= 200 && request.status < 300) {
    const url = new URL(request.responseURL);
    url.hash = box.closest(".slot").id;
    if (url.pathname === location.pathname) {
      history.replaceState(null, "", url);
      location.reload();
    } else {
      location.assign(url);
    }
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const said = page.querySelector("[data-upload-problem]:not([hidden])") ?? page.querySelector(".notice-act .notice-body");
  failed(box, button, said?.textContent.trim() || "文件没有上传，请稍后重试。");
}

function failed(box, button, sentence) {
  button.disabled = false;
  box.querySelector("progress").hidden = true;
  box.querySelector("input[type=file]").value = "";
  say(box, sentence);
}

document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-upload]");
  if (!box || event.target.type !== "file" || !event.target.files.length) {
    return;
  }
  const sentence = tooLarge(box, event.target);
  say(box, sentence);
  if (sentence) {
    event.target.value = "";
  } else {
    send(box, box.querySelector("button"));
  }
});

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
