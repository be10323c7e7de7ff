/* Small comforts of navigation: menus close, the summary of errors is read first, a form is sent once. */

export function startNavigation() {
  const toggle = document.getElementById("menu-toggle");
  if (toggle) {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && toggle.checked) {
        toggle.checked = false;
        toggle.focus();
      }
    });
    document.addEventListener("click", (event) => {
      if (toggle.checked && !event.target.closest(".site-header")) {
        toggle.checked = false;
      }
    });
  }
  showWhereWeAre(document.querySelector(".work-side"));
  document.querySelector("[data-error-summary]")?.focus({ preventScroll: false });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", (event) => event.persisted && releaseAll());
}

/** A long menu that scrolls by itself shows the page that is open. */
function showWhereWeAre(menu) {
  const here = menu?.querySelector("[aria-current]");
  if (here && menu.scrollHeight > menu.clientHeight) {
    menu.scrollTop = here.offsetTop - menu.offsetTop - menu.clientHeight / 2;
  }
}

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // A slow line must not lock the form for ever.
  setTimeout(() => delete form.dataset.sent, 8000);
}

function releaseAll() {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
}
