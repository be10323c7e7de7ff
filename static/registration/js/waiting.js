/* A button that may be pressed again only after a while: data-wait="seconds"; another phone need not wait. */

function start(button) {
  const left = button.querySelector("[data-wait-left]");
  const end = performance.now() + Number(button.dataset.wait) * 1000;
  let free = false;

  function tick() {
    const seconds = free ? 0 : Math.ceil((end - performance.now()) / 1000);
    button.setAttribute("aria-disabled", String(seconds > 0));
    left.hidden = seconds <= 0;
    left.textContent = `（${seconds}秒后）`;
    return seconds > 0;
  }

  // It stays where the keyboard finds it, and says how long; pressed too early it does nothing.
  button.addEventListener("click", (event) => button.getAttribute("aria-disabled") === "true" && event.preventDefault());
  const phone = document.getElementsByName(button.dataset.waitPhone ?? "")[0];
  phone?.addEventListener("input", () => {
    free = true;
    tick();
  });
  if (tick()) {
    const timer = setInterval(() => tick() || clearInterval(timer), 500);
  }
}

document.querySelectorAll("button[data-wait]").forEach(start);
