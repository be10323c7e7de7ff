/* Province, city, county: each select asks for the children of the one before it.

   <div data-region data-url="/regions.json"> <select data-level="0">…</select> … </div>
   An <input type="hidden" data-region-value> gets the code of the last level that is chosen.
*/

const known = new Map();

async function children(url, parent) {
  const key = `${url}?parent=${encodeURIComponent(parent)}`;
  if (!known.has(key)) {
    const response = await fetch(key, { headers: { Accept: "application/json" } });
    if (!response.ok) {
      throw new Error(String(response.status));
    }
    known.set(key, (await response.json()).regions);
  }
  return known.get(key);
}

function fill(select, regions, chosen) {
  const first = select.options[0]?.value === "" ? select.options[0] : new Option("请选择", "");
  const options = regions.map(({ code, name }) => new Option(name, code, false, code === chosen));
  select.replaceChildren(first, ...options);
  select.disabled = regions.length === 0;
  select.closest("[data-level-box]")?.toggleAttribute("hidden", regions.length === 0);
}

async function change(block, selects, level) {
  const hidden = block.querySelector("[data-region-value]");
  for (const select of selects.slice(level + 1)) {
    fill(select, []);
  }
  const parent = selects[level].value;
  if (parent && selects[level + 1]) {
    try {
      fill(selects[level + 1], await children(block.dataset.url, parent));
      block.classList.remove("is-offline");
    } catch {
      block.classList.add("is-offline");
    }
  }
  if (hidden) {
    hidden.value = selects.map((select) => select.value).filter((value) => value !== "").pop() ?? "";
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function startRegions(root = document) {
  for (const block of root.querySelectorAll("[data-region]")) {
    if (block.dataset.running) {
      continue;
    }
    block.dataset.running = "yes";
    const selects = [...block.querySelectorAll("select[data-level]")];
    selects.forEach((select, level) => select.addEventListener("change", () => change(block, selects, level)));
    selects.forEach((select, level) => {
      if (level > 0 && select.options.length <= 1) {
        select.disabled = true;
      }
    });
    // Chosen before this script was there, or put back by the browser.
    selects.forEach((select, level) => {
      if (select.value && selects[level + 1]?.options.length <= 1) {
        change(block, selects, level);
      }
    });
  }
}
