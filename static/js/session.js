/* The session: kept alive while somebody reads or types, a warning before it ends, and a way to log in
   again without losing what stands on the page.

   <body data-session-url="…" data-session-seconds="1800" data-person="…">   (or any one element)
   GET at the address looks (signed_in, user, seconds_left, warn_before, csrf_token) and extends nothing;
   POST says that somebody is there. The server decides; this only asks and shows.
*/

const STAY_EVERY = 120_000;
const LOOK_EVERY = 5_000;

let activeAt = Date.now();
let askedAt = Date.now();
let endsAt = Infinity;
let warnBefore = 300_000;

/** What the server said about the session when it made the page. */
function given() {
  return document.querySelector("[data-session-url]")?.dataset ?? {};
}

export function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Ask about the session; its state, or null without an answer. */
async function ask(method) {
  askedAt = Date.now();
  try {
    const response = await fetch(given().sessionUrl, {
      method,
      headers: { Accept: "application/json", ...(method === "POST" && { "X-CSRFToken": csrfToken() }) },
    });
    if (response.status === 403 && method === "POST") {
      // The token is older than the login in another window.
      return ask("GET");
    }
    const state = await response.json();
    endsAt = Date.now() + state.seconds_left * 1000;
    warnBefore = state.warn_before * 1000;
    if (state.signed_in && state.user === given().person) {
      takeToken(state.csrf_token);
    }
    return state;
  } catch {
    return null;
  }
}

/** After a new login the page's tokens are old. */
function takeToken(token) {
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token));
}

/** A form was refused for its old token: fetch a fresh one; false when nobody or somebody else is there. */
export async function renewToken() {
  const state = await ask("GET");
  return Boolean(state?.signed_in && state.user === given().person);
}

/** Say that the session has ended; the page and what is typed on it stay. */
export function sessionEnded() {
  document.getElementById("session-warning")?.close();
  const dialog = document.getElementById("session-ended");
  if (dialog && !dialog.open) {
    dialog.showModal();
  }
}

/** Back from a login in another window: go on if it is the same person. */
async function resume() {
  const dialog = document.getElementById("session-ended");
  if (!dialog?.open) {
    return;
  }
  const state = await ask("GET");
  const other = dialog.querySelector("[data-session-other]");
  other.hidden = !state?.signed_in || state.user === given().person;
  if (state?.signed_in && other.hidden) {
    activeAt = Date.now();
    dialog.close();
    document.dispatchEvent(new CustomEvent("session:resumed"));
  }
}

function warn(left) {
  const dialog = document.getElementById("session-warning");
  const seconds = Math.max(0, Math.round(left / 1000));
  const words = seconds >= 60 ? `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒` : `${seconds} 秒`;
  dialog.querySelector("[data-session-left]").textContent = words;
  if (!dialog.open && !document.getElementById("session-ended").open) {
    dialog.showModal();
  }
}

async function watch() {
  const warning = document.getElementById("session-warning");
  if (document.getElementById("session-ended").open) {
    return;
  }
  if (!warning.open && activeAt > askedAt && Date.now() - askedAt > STAY_EVERY) {
    await ask("POST");
  } else if (endsAt - Date.now() < warnBefore && !warning.open) {
    // Another window may have kept the session alive.
    await ask("GET");
  }
  const left = endsAt - Date.now();
  if (left <= 0 && (await ask("GET"))?.signed_in === false) {
    sessionEnded();
  } else if (left < warnBefore) {
    warn(left);
  } else if (warning.open) {
    warning.close();
  }
}

function noteActivity() {
  if (!document.getElementById("session-warning").open) {
    activeAt = Date.now();
  }
}

export function startSession() {
  const ended = document.getElementById("session-ended");
  if (!ended || !given().sessionUrl) {
    return;
  }
  endsAt = Date.now() + Number(given().sessionSeconds) * 1000;
  ended.querySelector("[data-session-retry]").addEventListener("click", resume);
  ended.addEventListener("cancel", (event) => event.preventDefault());
  window.addEventListener("focus", resume);
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    window.addEventListener(kind, noteActivity, { passive: true, capture: true });
  }
  document.querySelector("[data-session-stay]").addEventListener("click", async () => {
    document.getElementById("session-warning").close();
    noteActivity();
    if ((await ask("POST"))?.signed_in === false) {
      sessionEnded();
    }
  });
  setInterval(watch, LOOK_EVERY);
}
