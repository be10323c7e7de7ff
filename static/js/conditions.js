/* Fields that show or are required when another has a value, and caps of choices.

   data-show-if="name=value"       shown when the field `name` has one of the values: name=a|b
   data-required-if="name=value"   on the star of a label: shown then, and the fields beside it are required
   data-show-if="name"             shown when `name` has any value
   data-show-if="name>0"           shown when `name` is a number above that
   data-max-choices="2"            on a group of checkboxes: no more can be ticked
*/

function valuesOf(scope, name) {
  const fields = [...scope.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  return fields
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .flatMap((field) => (field.multiple ? [...field.selectedOptions].map((option) => option.value) : [field.value]))
    .filter((value) => value !== "");
}

function holds(scope, condition) {
  const [name, least] = condition.split(">");
  if (least !== undefined) {
    return valuesOf(scope, name).some((value) => Number(value.normalize("NFKC").replaceAll(",", "")) > Number(least));
  }
  return hasOne(scope, condition);
}

function hasOne(scope, condition) {
  const [name, wanted] = condition.split("=");
  const values = valuesOf(scope, name.trim());
  return wanted === undefined ? values.length > 0 : wanted.split("|").some((value) => values.includes(value.trim()));
}

function scopeOf(element) {
  return element.closest("[data-row]") ?? element.closest("form") ?? document;
}

function applyConditions(root) {
  for (const element of root.querySelectorAll("[data-show-if]")) {
    const shown = holds(scopeOf(element), element.dataset.showIf);
    element.hidden = !shown;
    // What is hidden is kept on the page but not sent.
    if (element instanceof HTMLFieldSetElement) {
      element.disabled = !shown;
    }
  }
  for (const element of root.querySelectorAll("[data-required-if]")) {
    const required = holds(scopeOf(element), element.dataset.requiredIf);
    element.hidden = !required;
    for (const input of element.closest(".field").querySelectorAll('input[type="text"], select, textarea')) {
      input.setAttribute("aria-required", String(required));
    }
  }
}

function applyCaps(root) {
  for (const group of root.querySelectorAll("[data-max-choices]")) {
    const boxes = [...group.querySelectorAll('input[type="checkbox"]')].filter((box) => !box.dataset.sub);
    const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.maxChoices);
    for (const box of boxes) {
      box.disabled = full && !box.checked;
    }
    const hint = group.querySelector("[data-max-hint]");
    if (hint) {
      hint.hidden = !full;
    }
  }
}

export function startConditions(root = document) {
  const apply = () => {
    applyConditions(root);
    applyCaps(root);
  };
  root.addEventListener("change", apply);
  root.addEventListener("input", (event) => event.target.matches('[type="number"], [type="text"]') && apply());
  root.addEventListener("rows:changed", apply);
  apply();
}
