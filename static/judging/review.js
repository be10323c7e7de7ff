/* The score page: the total as one types. Hundredths are added as whole numbers, so that nothing is rounded. */

const NUMBER = /^\d{1,3}(?:\.\d{1,2})?$/u;

function hundredths(text) {
  const plain = text.normalize("NFKC").trim();
  if (!NUMBER.test(plain)) {
    return 0;
  }
  const [whole, part = ""] = plain.split(".");
  return Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

function worth(input) {
  const mark = hundredths(input.value);
  return mark > Number(input.dataset.most) * 100 ? 0 : mark;
}

function add(form) {
  const place = form.querySelector("[data-total]");
  const sum = [...form.querySelectorAll("[data-mark]")].reduce((total, input) => total + worth(input), 0);
  if (place) {
    place.textContent = `${Math.floor(sum / 100)}.${String(sum % 100).padStart(2, "0")}`;
  }
}

document.querySelectorAll("form.rubric").forEach((form) => {
  form.addEventListener("input", () => add(form));
  add(form);
});

document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
