/* Find among many: <input data-filter="id of a list">, [data-filter-item] in [data-filter-group] (details);
   a [data-filter-only] select beside it shows one group. What is chosen stands above, as [data-pinned]. */

function start(input) {
  const list = document.getElementById(input.dataset.filter);
  const box = input.closest("[data-filter-box]");
  const count = box.querySelector("[data-filter-count]");
  const only = box.querySelector("[data-filter-only]");
  const groups = [...list.querySelectorAll("[data-filter-group]")];

  function apply() {
    const words = input.value.trim().toLowerCase().split(/\s+/u).filter(Boolean);
    const group = only?.value ?? "";
    let found = 0;
    for (const details of groups) {
      let here = 0;
      for (const item of details.querySelectorAll("[data-filter-item]")) {
        const text = item.textContent.toLowerCase();
        const shown = words.every((word) => text.includes(word));
        item.hidden = !shown;
        here += Number(shown);
      }
      details.hidden = here === 0 || (group !== "" && details.dataset.filterGroup !== group);
      details.open = words.length || group ? here > 0 : Boolean(details.querySelector(":checked"));
      found += details.hidden ? 0 : here;
    }
    count.textContent = words.length || group ? `找到 ${found} 个赛题` : "";
  }

  box.hidden = false;
  for (const control of [input, only].filter(Boolean)) {
    // What is looked for is not part of what is saved.
    for (const kind of ["input", "change"]) {
      control.addEventListener(kind, (event) => (event.stopPropagation(), kind === "input" && apply()));
    }
  }
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}

function pin(chosen) {
  const pinned = document.querySelector("[data-pinned]");
  pinned.hidden = false;
  pinned.querySelector("[data-pinned-text]").textContent = chosen.labels[0].querySelector("strong").textContent;
  const word = document.querySelector("[data-public-word]");
  if (word) {
    word.hidden = pinned.dataset.publicCodes.split(" ").includes(chosen.value);
  }
}

document.querySelectorAll("input[data-filter]").forEach(start);
document.querySelectorAll(".topic-list").forEach((list) =>
  list.addEventListener("change", (event) => event.target.name === "topic" && pin(event.target)),
);
