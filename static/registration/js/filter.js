/* Find among many: <input data-filter="id of a list">, [data-filter-item] in [data-filter-group] (details). */

function start(input) {
  const list = document.getElementById(input.dataset.filter);
  const box = input.closest("[data-filter-box]");
  const count = box.querySelector("[data-filter-count]");
  const groups = [...list.querySelectorAll("[data-filter-group]")];
  const openBefore = new Map(groups.map((group) => [group, group.open]));

  function apply() {
    const words = input.value.trim().toLowerCase().split(/\s+/u).filter(Boolean);
    let found = 0;
    for (const group of groups) {
      let here = 0;
      for (const item of group.querySelectorAll("[data-filter-item]")) {
        const text = item.textContent.toLowerCase();
        const shown = words.every((word) => text.includes(word));
        item.hidden = !shown;
        here += Number(shown);
      }
      group.hidden = here === 0;
      group.open = words.length ? here > 0 : openBefore.get(group) || Boolean(group.querySelector(":checked"));
      found += here;
    }
    count.textContent = words.length ? `找到 ${found} 个赛题` : "";
  }

  box.hidden = false;
  input.addEventListener("input", (event) => {
    // What is looked for is not part of what is saved.
    event.stopPropagation();
    apply();
  });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}

document.querySelectorAll("input[data-filter]").forEach(start);
