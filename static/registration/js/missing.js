/* The list of what is missing follows what autosave reports: {missing: [path, ...]}. */

document.addEventListener("autosave:saved", ({ detail }) => {
  const list = document.querySelector("[data-missing-list]");
  if (!list || !Array.isArray(detail.missing)) {
    return;
  }
  const left = new Set(detail.missing);
  list.querySelectorAll("[data-missing]").forEach((item) => (item.hidden = !left.has(item.dataset.missing)));
  list.querySelector("[data-missing-count]").textContent = String(left.size);
  list.hidden = left.size === 0;
  document.querySelector("[data-missing-none]").hidden = left.size > 0;
});
