/* The session: kept alive while somebody reads or types, a warning before it ends, and a way to log in
   again without losing what stands on the page.

   <body data-session-seconds="1800" data-keep-alive-url="…" data-person="…">
   The keep-alive address answers 200 or 204 while the person is logged in, else 401 or a redirect.
*/

const WARN_SECONDS = 120;
const PING_SECONDS = 240;

let activeAt = Date.now();
let pingedAt = Date.now();

/** Ask the server whether the session lives; true, false, or null without an answer. */
async function ping() {
  const url = document.body.dataset.keepAliveUrl;
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: { Accept: "application/json", "X-Requested-With": "keep-alive", "X-CSRFToken": csrfToken() },
    });
    pingedAt = response.ok ? Date.now() : pingedAt;
    return response.ok;
  } catch {
    return null;
  }
}

export function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** After a new login the page's tokens are old: read the page again and take its token. */
async function freshToken() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  const same = page.body.dataset.person === document.body.dataset.person;
  if (response.redirected || !response.ok || !token || !same) {
    return false;
  }
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token));
  return true;
}

/** Say that the session has ended; the page and what is typed on it stay. */
export function sessionEnded() {
  document.getElementById("session-warning")?.close();
  const dialog = document.getElementById("session-ended");
  if (dialog && !dialog.open) {
    dialog.showModal();
  }
}

async function resume() {
  const dialog = document.getElementById("session-ended");
  if (!dialog?.open) {
    return;
  }
  try {
    if (await freshToken()) {
      pingedAt = activeAt = Date.now();
      dialog.close();
      document.dispatchEvent(new CustomEvent("session:resumed"));
    }
  } catch {
    // Offline: the dialog stays and the person tries again.
  }
}

function warn(seconds) {
  const dialog = document.getElementById("session-warning");
  dialog.querySelector("[data-session-left]").textContent = `${Math.max(0, Math.round(seconds))} 秒`;
  if (!dialog.open && !document.getElementById("session-ended").open) {
    dialog.showModal();
  }
}

async function watch(limit) {
  const idle = (Date.now() - Math.max(activeAt, pingedAt)) / 1000;
  const sincePing = (Date.now() - pingedAt) / 1000;
  if (sincePing > PING_SECONDS && activeAt > pingedAt) {
    if ((await ping()) === false) {
      sessionEnded();
    }
  } else if (idle >= limit) {
    if ((await ping()) !== true) {
      sessionEnded();
    }
  } else if (idle >= limit - WARN_SECONDS) {
    warn(limit - idle);
  }
}

function noteActivity() {
  if (!document.getElementById("session-warning")?.open) {
    activeAt = Date.now();
  }
}

export function startSession() {
  const limit = Number(document.body.dataset.sessionSeconds);
  const ended = document.getElementById("session-ended");
  if (!ended) {
    return;
  }
  ended.querySelector("[data-session-retry]").addEventListener("click", resume);
  ended.addEventListener("cancel", (event) => event.preventDefault());
  window.addEventListener("focus", resume);
  if (!limit || !document.body.dataset.keepAliveUrl) {
    return;
  }
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    window.addEventListener(kind, noteActivity, { passive: true, capture: true });
  }
  document.querySelector("[data-session-stay]").addEventListener("click", async () => {
    document.getElementById("session-warning").close();
    noteActivity();
    if ((await ping()) === false) {
      sessionEnded();
    }
  });
  setInterval(() => watch(limit), 5000);
}
