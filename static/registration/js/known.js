/* A whole credit code asks what is known of its unit and offers it for the fields that are still empty.

   <div data-known data-url="…" data-code="units.3.credit_code" hidden> [data-known-text] [data-known-fill] </div>
*/

const LENGTH = 18;
const PATIENCE = 60;

function compact(text) {
  return text.normalize("NFKC").replace(/[\s\-‐-―]/gu, "").toUpperCase();
}

async function ask(url, code, unit, form) {
  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ code, unit }),
    headers: { Accept: "application/json", "X-CSRFToken": token, "X-Requested-With": "known" },
  });
  return response.ok ? response.json() : undefined;
}

function say(input, problem) {
  const place = document.getElementById(`${input.name}-problem`);
  place.textContent = problem;
  place.hidden = !problem;
  input.classList.toggle("is-invalid", Boolean(problem));
  input.setAttribute("aria-invalid", String(Boolean(problem)));
}

function isEmpty(fields) {
  return fields.length > 0 && fields.every((one) => (one.type === "radio" ? !one.checked : one.value.trim() === ""));
}

function put(fields, value) {
  for (const one of fields) {
    if (one.type === "radio") {
      one.checked = one.value === value;
    } else {
      one.value = value;
    }
  }
  fields[0].dispatchEvent(new Event("input", { bubbles: true }));
  fields[0].dispatchEvent(new Event("change", { bubbles: true }));
}

async function hasOption(select, value) {
  for (let tries = 0; tries < PATIENCE; tries += 1) {
    if ([...select.options].some((option) => option.value === value)) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

class Known {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.path = box.dataset.code.replace(/\.credit_code$/u, "");
    this.input = this.fields("credit_code")[0];
    this.input.addEventListener("input", () => this.typed());
    box.querySelector("[data-known-fill]").addEventListener("click", () => this.fill());
    this.typed();
  }

  fields(name) {
    return [...this.form.querySelectorAll(`[name="${CSS.escape(`${this.path}.${name}`)}"]`)];
  }

  async typed() {
    const code = compact(this.input.value);
    if (code === this.asked) {
      return;
    }
    this.asked = code;
    this.box.hidden = true;
    if (code.length !== LENGTH) {
      return;
    }
    const answer = await ask(this.box.dataset.url, code, this.path.split(".")[1], this.form).catch(() => undefined);
    if (answer && code === this.asked) {
      say(this.input, answer.problem);
      this.answer = answer;
      this.offer();
    }
  }

  /** What is known of fields that are still empty. */
  left() {
    return Object.entries(this.answer.values).filter(([name]) => isEmpty(this.fields(name)));
  }

  offer() {
    const region = this.answer.region.length > 0 && isEmpty(this.fields("region.0"));
    this.box.querySelector("[data-known-text]").textContent = this.answer.words;
    this.box.hidden = !this.answer.words || (!region && this.left().length === 0);
  }

  async fill() {
    this.left().forEach(([name, value]) => put(this.fields(name), value));
    const wanted = isEmpty(this.fields("region.0")) ? this.answer.region : [];
    for (const [level, code] of wanted.entries()) {
      const [select] = this.fields(`region.${level}`);
      if (!select || !(await hasOption(select, code))) {
        break;
      }
      put([select], code);
    }
    this.offer();
    this.firstEmpty()?.focus();
  }

  firstEmpty() {
    const card = this.box.closest("section");
    return [...card.querySelectorAll("input[type=text], select, textarea")].find(
      (one) => one.offsetParent && !one.disabled && one.value.trim() === "",
    );
  }
}

document.querySelectorAll("[data-known]").forEach((box) => new Known(box));
