/* What was typed and could not be sent stays in this browser, under the person's own key. */

const PREFIX = "typed:";
const DAY = 24 * 60 * 60 * 1000;
/** Numbers of documents and phones never stay behind in a browser that others may use. */
const PRIVATE = /(document_number|mobile|contact_way)$/;

function keyOf(form) {
  const person = document.body.dataset.person ?? "";
  return `${PREFIX}${person}:${form.dataset.url}`;
}

/** The fields as pairs, without files, private numbers, secrets of the page and the version. */
export function typedIn(form) {
  return [...new FormData(form)].filter(
    ([name, value]) =>
      typeof value === "string" && !["csrfmiddlewaretoken", "version"].includes(name) && !PRIVATE.test(name),
  );
}

/** Keep the fields; answers whether the browser could. `sent`: the whole form is on its way. */
export function keep(form, { sent = false } = {}) {
  try {
    const version = form.dataset.version ?? "";
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), version, sent, fields: typedIn(form) }));
    return true;
  } catch {
    return false;
  }
}

export function forget(form) {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/** What was kept for this form, or null when there is nothing or it equals what the page shows. */
export function kept(form) {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
    if (found && !(Date.now() - found.at < DAY)) {
      forget(form);
      return null;
    }
    if (found?.sent && found.version !== (form.dataset.version ?? "")) {
      // It was sent and the server has a newer version since: it arrived.
      forget(form);
      return null;
    }
    return found && JSON.stringify(found.fields) !== JSON.stringify(typedIn(form)) ? found : null;
  } catch {
    return null;
  }
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
    if (!field.name || field.type === "file" || ["csrfmiddlewaretoken", "version"].includes(field.name)) {
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
