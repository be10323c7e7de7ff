/* Put what a merge decided into the form that stands on the page, without touching anything else in it. */

import { rowOf } from "./merge.js";
import { addRow, dropRow } from "./rows.js";

/** The name of an input on this page for its lasting name; '' when its row is not here. */
export function nameHere(form, name) {
  const row = rowOf(name);
  if (!row) {
    return name;
  }
  const id = idInput(form, row);
  return id ? id.name.replace(/_id$/, "") + name.slice(row.prefix.length) : "";
}

function idInput(form, { table, id }) {
  const pattern = new RegExp(`^${table.replace(/[^\w]/g, "\\$&")}-\\d+-_id$`);
  return [...form.elements].find((field) => pattern.test(field.name) && field.value === id);
}

export function fieldsNamed(form, name) {
  return name ? [...form.elements].filter((field) => field.name === name) : [];
}

function give(field, values) {
  if (field.type === "checkbox" || field.type === "radio") {
    field.checked = values.includes(field.value);
  } else if (field.multiple) {
    [...field.options].forEach((option) => (option.selected = values.includes(option.value)));
  } else if (!["file", "submit", "button"].includes(field.type)) {
    field.value = values[0] ?? "";
  }
}

export function setValues(form, name, values) {
  const fields = fieldsNamed(form, nameHere(form, name));
  for (const field of fields) {
    give(field, values);
  }
  // Counters listen at the field, conditions at the form.
  fields[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  fields[0]?.dispatchEvent(new Event("change", { bubbles: true }));
}

function blockOf(form, table) {
  return [...form.querySelectorAll("[data-rows]")].find((block) => block.id === `at-${table}`);
}

/** Show a row that another side has, with what stands in it there. */
export function bringRow(form, row, side) {
  const block = blockOf(form, row.table);
  if (!block || idInput(form, row)) {
    return;
  }
  addRow(block, row.id, { focus: false });
  for (const [name, values] of side.values) {
    name.startsWith(row.prefix) && setValues(form, name, values);
  }
}

export function takeRowAway(form, row) {
  const input = idInput(form, row);
  input && dropRow(input.closest("[data-row]"));
}

/** Everything that only the other side changed. */
export function applyPlan(form, plan, side) {
  plan.add.forEach((row) => bringRow(form, row, side));
  plan.remove.forEach((row) => takeRowAway(form, row));
  plan.take.forEach(([name, values]) => setValues(form, name, values));
}
