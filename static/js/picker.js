/* One or several of a long list, found by name or code.

   <fieldset data-picker> <select multiple class="picker-native"> <optgroup label="06 …"> <option>… </fieldset>
   <input list="list-industries">     one of a <datalist>, whose options say what they stand under: data-above

   The select and the input stay what is sent; without this script they serve as the browser shows them.
*/

const HIDE_AFTER = 150;
let number = 0;

function make(tag, className, attributes = {}, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.textContent = text;
  return element;
}

function wordsOf(query) {
  return query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
}

/** The list under an input: opens, narrows while one types, moves by arrow keys, tells what was picked. */
class Suggestions {
  constructor(input, entries, { pick, isPicked, many }) {
    Object.assign(this, { input, entries, pick, isPicked });
    this.id = `picker-${(number += 1)}`;
    this.list = make("div", "picker-list", { id: this.id, role: "listbox", "aria-label": "可选的条目" });
    many && this.list.setAttribute("aria-multiselectable", "true");
    this.list.hidden = true;
    input.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": this.id,
      "aria-autocomplete": "list",
      autocomplete: "off",
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.open());
    input.addEventListener("click", () => this.open());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), HIDE_AFTER));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  build() {
    let above;
    this.shown = [];
    this.options = this.entries().map((entry, place) => {
      if (entry.above !== above) {
        above = entry.above;
        above && this.list.append(make("p", "picker-heading", { role: "presentation", "data-heading": "" }, above));
      }
      const element = make("div", "picker-option", { id: `${this.id}-${place}`, role: "option" }, entry.label);
      element.entry = entry;
      element.words = `${entry.label} ${entry.above}`.normalize("NFKC").toLowerCase();
      element.code = element.words.split(" ")[0];
      this.list.append(element);
      return element;
    });
    this.none = make("p", "picker-none", {}, "没有找到。请换一个词，或输入三位代码。");
    this.list.append(this.none);
  }

  open() {
    this.options ?? this.build();
    const words = wordsOf(this.input.value);
    const fits = (option) =>
      words.every((word) => (/^\d+$/.test(word) ? option.code.startsWith(word) : option.words.includes(word)));
    // An input that shows a whole entry was filled before: everything is offered then.
    const all = this.options.some((option) => option.entry.label === this.input.value);
    this.shown = this.options.filter((option) => {
      option.hidden = !all && !fits(option);
      option.setAttribute("aria-selected", String(this.isPicked(option.entry)));
      return !option.hidden;
    });
    this.none.hidden = this.shown.length > 0;
    for (const heading of this.list.querySelectorAll("[data-heading]")) {
      let next = heading.nextElementSibling;
      while (next?.hidden && next.entry) {
        next = next.nextElementSibling;
      }
      heading.hidden = !next?.entry;
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(-1);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  mark(place) {
    this.place = place;
    this.options?.forEach((option) => option.classList.remove("is-at"));
    const option = this.shown?.[place];
    option?.classList.add("is-at");
    option?.scrollIntoView({ block: "nearest" });
    option
      ? this.input.setAttribute("aria-activedescendant", option.id)
      : this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) {
      return;
    }
    if (step) {
      event.preventDefault();
      this.list.hidden && this.open();
      const last = this.shown.length - 1;
      this.mark(this.place + step > last ? 0 : this.place + step < 0 ? last : this.place + step);
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      const option = this.shown[this.place] ?? (this.shown.length === 1 ? this.shown[0] : undefined);
      option && this.take(option);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  clicked(event) {
    const option = event.target.closest("[role=option]");
    option && this.take(option);
  }

  take(option) {
    this.pick(option.entry);
    option.setAttribute("aria-selected", String(this.isPicked(option.entry)));
  }
}

function several(field) {
  const select = field.querySelector("select");
  const box = make("div", "picker");
  const chips = make("ul", "picker-chips");
  const found = make("p", "picker-count", { "aria-live": "polite" });
  const search = make("div", "picker-search");
  const input = make("input", "form-control", {
    type: "text",
    id: select.id.replace(/-all$/, "-search"),
    placeholder: "输入名称或代码，如“煤炭”“061”；点击可浏览全部",
    "aria-label": select.getAttribute("aria-label"),
  });
  search.append(input);
  box.append(chips, search, found);
  select.after(box);
  select.classList.add("visually-hidden");
  select.tabIndex = -1;
  select.setAttribute("aria-hidden", "true");
  const change = (option, picked) => {
    option.selected = picked;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = () => {
    const picked = [...select.selectedOptions];
    chips.replaceChildren(
      ...picked.map((option) => {
        const chip = make("li", "picker-chip", {}, option.label);
        const away = make("button", "picker-away", { type: "button", "aria-label": `移除${option.label}` }, "×");
        away.addEventListener("click", () => (change(option, false), input.focus()));
        chip.append(away);
        return chip;
      }),
    );
    found.textContent = picked.length ? `已选 ${picked.length} 个` : "尚未选择";
  };
  new Suggestions(input, () => [...select.options].map((option) => ({
    label: option.label,
    above: option.parentElement.label ?? "",
    option,
  })), {
    many: true,
    isPicked: ({ option }) => option.selected,
    pick: ({ option }) => change(option, !option.selected),
  });
  // What is typed here is a search, nothing to save.
  input.addEventListener("input", (event) => event.stopPropagation());
  input.addEventListener("change", (event) => event.stopPropagation());
  field.closest("form")?.addEventListener("change", show);
  show();
}

function single(input) {
  const list = document.getElementById(input.getAttribute("list"));
  if (!list) {
    return;
  }
  input.removeAttribute("list");
  const search = make("div", "picker-search");
  input.replaceWith(search);
  search.append(input);
  const suggestions = new Suggestions(input, () => [...list.options].map((option) => ({
    label: option.value,
    above: option.dataset.above ?? "",
  })), {
    isPicked: ({ label }) => input.value === label,
    pick: ({ label }) => {
      input.value = label;
      suggestions.close();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
}

export function startPickers(root = document) {
  root.querySelectorAll("[data-picker]").forEach(several);
  root.querySelectorAll("input[list]").forEach(single);
}
