/* What is missing follows what autosave reports: {missing: [path, ...], missing_here: [{sentence, href}]}. */

function follow(list, missing) {
  const left = new Set(missing);
  list.querySelectorAll("[data-missing]").forEach((item) => (item.hidden = !left.has(item.dataset.missing)));
  list.querySelector("[data-missing-count]").textContent = String(left.size);
  list.hidden = left.size === 0;
  document.querySelector("[data-missing-all-done]").hidden = left.size > 0;
}

function row({ sentence, href }) {
  const [item, link] = [document.createElement("li"), document.createElement("a")];
  link.href = href;
  link.textContent = sentence;
  item.append(link);
  return item;
}

function here(rows) {
  for (const list of document.querySelectorAll("[data-missing-rows]")) {
    // Who is on a link of the list keeps it.
    const at = [...list.querySelectorAll("a")].indexOf(document.activeElement);
    list.replaceChildren(...rows.map(row));
    at >= 0 && list.querySelectorAll("a")[Math.min(at, rows.length - 1)]?.focus();
  }
  for (const box of document.querySelectorAll("[data-missing-here], [data-missing-bar]")) {
    box.querySelector("[data-missing-count]").textContent = String(rows.length);
  }
  document.querySelectorAll("[data-missing-bar]").forEach((bar) => (bar.hidden = rows.length === 0));
  for (const box of document.querySelectorAll("[data-missing-here]")) {
    box.querySelector("[data-missing-list]").hidden = rows.length === 0;
    box.querySelector("[data-missing-none]").hidden = rows.length > 0;
  }
}

/** A link to a field of this page goes into the field itself, also into one of a folded part. */
function go(event) {
  const link = event.target.closest("[data-missing-rows] a, .error-summary a");
  const [path, id] = link ? link.href.split("#") : [];
  const target = id && path === location.href.split("#")[0] ? document.getElementById(decodeURIComponent(id)) : null;
  if (!target) {
    return;
  }
  event.preventDefault();
  link.closest("details")?.removeAttribute("open");
  const inside = "input:not([type=hidden]), select, textarea, summary, button";
  const field = target.matches(inside) ? target : target.querySelector(inside) ?? target;
  target.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}

document.addEventListener("autosave:saved", ({ detail }) => {
  const all = document.querySelector("[data-missing-all]");
  all && Array.isArray(detail.missing) && follow(all, detail.missing);
  Array.isArray(detail.missing_here) && here(detail.missing_here);
});
document.addEventListener("click", go);
