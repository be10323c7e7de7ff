/* A proof beside the data: its pages as pictures, larger and smaller, the next and the one before. */

const SIZES = [50, 75, 100, 150, 200, 300];

export function startViewer() {
  const links = [...document.querySelectorAll("a[data-view]")];
  const panel = document.getElementById("viewer");
  const pages = document.getElementById("viewer-pages");
  const layout = document.getElementById("case");
  let at = -1;
  let size = SIZES.indexOf(100);

  function close() {
    panel.hidden = true;
    layout.classList.remove("is-viewing");
    links.forEach((link) => link.removeAttribute("aria-current"));
    links[at]?.focus();
  }

  async function show(number) {
    at = (number + links.length) % links.length;
    const link = links[at];
    panel.hidden = false;
    layout.classList.add("is-viewing");
    links.forEach((one) => one.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    document.getElementById("viewer-title").textContent = link.textContent;
    document.getElementById("viewer-file").href = link.href;
    pages.textContent = "正在打开……";
    pages.scrollTop = 0;
    const wanted = at;
    try {
      const answer = await fetch(link.dataset.view, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) {
        throw new Error(String(answer.status));
      }
      const shown = await answer.text();
      if (wanted === at) {
        pages.innerHTML = shown;
      }
    } catch {
      if (wanted === at) {
        pages.textContent = "没有打开，请点“原文件”查看，或稍后再试。";
      }
    }
  }

  function zoom(step) {
    size = Math.min(Math.max(size + step, 0), SIZES.length - 1);
    pages.dataset.zoom = SIZES[size];
  }

  const acts = {
    previous: () => show(at - 1),
    next: () => show(at + 1),
    smaller: () => zoom(-1),
    larger: () => zoom(1),
    close,
  };
  panel.addEventListener("click", (event) => {
    acts[event.target.closest("[data-viewer]")?.dataset.viewer]?.();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
    }
  });
  links.forEach((link, number) =>
    link.addEventListener("click", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        show(number).then(() => document.getElementById("viewer-title").focus({ preventScroll: true }));
      }
    }),
  );
  return { next: () => links.length && show(at + 1) };
}
