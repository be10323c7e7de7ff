/* What was typed and could not be sent stays in this browser, under the person's own key. */

const PREFIX = "typed:";
const DAY = 24 * 60 * 60 * 1000;
/** The application form holds no private numbers and is written over weeks. */
const LONG = 14 * DAY;
/** Numbers of documents and phones never stay behind in a browser that others may use. */
const PRIVATE = /(document_number|mobile|contact_way)$/;
/** What is offered on the page lies beside what is typed there meanwhile. */
const ASIDE = "#aside";
const OURS = ["csrfmiddlewaretoken", "version"];

function ownKey() {
  return `${PREFIX}${document.body.dataset.person ?? ""}:`;
}

function keyOf(form) {
  return ownKey() + form.dataset.url;
}

/** All fields as pairs, without files and what is the page's own. */
export function pairsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OURS.includes(name));
}

const withoutPrivate = (pairs) => pairs.filter(([name]) => !PRIVATE.test(name));

/** Whether something stands in the form that is never kept here. */
export function leavesOut(form) {
  return pairsOf(form).some(([name, value]) => PRIVATE.test(name) && value);
}

/** The fields as pairs, without files, private numbers, secrets of the page and the version. */
export function typedIn(form) {
  return withoutPrivate(pairsOf(form));
}

/** Keep the fields; answers whether the browser could. `sent`: the whole form is on its way; `base`: what the
    server had when the typing began. */
export function keep(form, { sent = false, base } = {}) {
  const record = {
    at: Date.now(),
    version: form.dataset.version ?? "",
    title: form.dataset.title ?? "",
    sent,
    fields: typedIn(form),
    base: base && withoutPrivate(base),
  };
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(record));
    return true;
  } catch {
    return false;
  }
}

export function forget(form) {
  remove(keyOf(form));
}

export function forgetAside(form) {
  remove(keyOf(form) + ASIDE);
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/** What is offered must not be overwritten by what is typed while the offer stands. */
export function setAside(form) {
  const found = localStorage.getItem(keyOf(form));
  if (found) {
    localStorage.setItem(keyOf(form) + ASIDE, found);
    forget(form);
  }
}

/** What was kept for this form, or null when there is nothing or it equals what the page shows. */
export function kept(form) {
  try {
    const text = localStorage.getItem(keyOf(form)) ?? localStorage.getItem(keyOf(form) + ASIDE);
    const found = JSON.parse(text ?? "null");
    if (found && !(Date.now() - found.at < (found.base ? LONG : DAY))) {
      forget(form);
      return null;
    }
    if (found?.sent && !found.base && found.version !== (form.dataset.version ?? "")) {
      // It was sent and the server has a newer version since: it arrived.
      forget(form);
      return null;
    }
    return found && JSON.stringify(found.fields) !== JSON.stringify(typedIn(form)) ? found : null;
  } catch {
    return null;
  }
}

/** What waits in this browser for other pages under an address: [{url, title, at}], newest first. */
export function waitingUnder(address, except = "") {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      const url = key.startsWith(ownKey()) ? key.slice(ownKey().length).replace(ASIDE, "") : "";
      if (url.startsWith(address) && url !== except && !found.some((one) => one.url === url)) {
        const { at, title } = JSON.parse(localStorage.getItem(key) ?? "{}");
        Date.now() - at < LONG && found.push({ url, title, at });
      }
    }
  } catch {
    // Nothing can be read: nothing waits.
  }
  return found.sort((one, other) => other.at - one.at);
}

/** Put kept fields back into the form; rows that are missing are added first. */
export function putBack(form, fields) {
  const wanted = new Map();
  for (const [name, value] of fields) {
    wanted.set(name, [...(wanted.get(name) ?? []), value]);
  }
  addMissingRows(form, wanted);
  for (const field of form.elements) {
    const values = wanted.get(field.name) ?? [];
    if (!field.name || field.type === "file" || OURS.includes(field.name)) {
      continue;
    }
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.includes(field.value);
    } else if (field.multiple) {
      [...field.options].forEach((option) => (option.selected = values.includes(option.value)));
    } else if (wanted.has(field.name) && field.type !== "submit") {
      field.value = values.shift() ?? "";
    }
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function addMissingRows(form, wanted) {
  for (const block of form.querySelectorAll("[data-rows]")) {
    const button = block.querySelector("[data-row-add]");
    const pattern = block.querySelector("template")?.content.querySelector("[name*='__index__']")?.name;
    const [before, after] = pattern?.split("__index__") ?? [];
    const indexes = [...wanted.keys()]
      .filter((name) => pattern && name.startsWith(before) && name.endsWith(after))
      .map((name) => Number(name.slice(before.length, name.length - after.length)))
      .filter(Number.isInteger);
    const most = Math.max(-1, ...indexes);
    while (button && !button.disabled && Number(block.dataset.next) <= most) {
      button.click();
    }
  }
}
