/* Pages of the submissions: exclusive choices, printing. Files: js/upload.js. */

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

function offerCopy() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.lastChild.textContent = "已复制";
    });
  }
}

offerCopy();

// A clash left a text behind: the list of them is fetched anew.
document.addEventListener("kept:changed", async () => {
  const response = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const list = page.querySelector("[data-kept-list]");
  list && document.querySelector("[data-kept-list]")?.replaceWith(document.importNode(list, true));
  offerCopy();
});
