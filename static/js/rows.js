/* Rows that people add, remove and put in order.

   <div data-rows data-max="5" data-min="1">
     <div data-row-list> <div data-row>…</div> … </div>
     <template> <div data-row>… name="cases-__index__-title" …</div> </template>
     <button type="button" data-row-add hidden>
     <input type="hidden" data-row-total name="cases-TOTAL_FORMS">   (optional)
   </div>
   In a row: data-row-remove, data-row-up, data-row-down, and data-row-number for its place.
   Names, ids and labels keep the index that a row was made with: the list's order is what is sent.
*/

const MARK = "__index__";
/** A row's lasting id as the server leaves it in the pattern (competition/form_schema/binding.py). */
const LASTING = /\bn__index__/g;

function rowsOf(block) {
  return [...block.querySelector("[data-row-list]").children].filter((child) => child.hasAttribute("data-row"));
}

function renumber(block) {
  const rows = rowsOf(block);
  const most = Number(block.dataset.max || Infinity);
  const least = Number(block.dataset.min || 0);
  rows.forEach((row, place) => {
    row.querySelectorAll("[data-row-number]").forEach((element) => (element.textContent = String(place + 1)));
    row.querySelectorAll("[data-row-up]").forEach((button) => (button.disabled = place === 0));
    row.querySelectorAll("[data-row-down]").forEach((button) => (button.disabled = place === rows.length - 1));
    row.querySelectorAll("[data-row-remove]").forEach((button) => (button.disabled = rows.length <= least));
  });
  block.querySelectorAll("[data-row-add]").forEach((button) => {
    button.hidden = false;
    button.disabled = rows.length >= most;
  });
  const total = block.querySelector("[data-row-total]");
  if (total) {
    total.value = String(Math.max(Number(block.dataset.next), rows.length));
  }
  block.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
}

/** A lasting id that nobody else who adds a row at the same time gets. */
function newId() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return `k${(high * 2 ** 20 + (low >>> 12)).toString(36).slice(-10).padStart(10, "0")}`;
}

/** Add a row; the application form's rows get a lasting id, or the one that is given. */
export function addRow(block, id = newId(), { focus = true } = {}) {
  const index = Number(block.dataset.next);
  block.dataset.next = String(index + 1);
  const holder = document.createElement("template");
  const pattern = block.querySelector("template").innerHTML;
  holder.innerHTML = pattern.replaceAll(LASTING, id).replaceAll(MARK, String(index));
  const row = holder.content.firstElementChild;
  block.querySelector("[data-row-list]").append(row);
  renumber(block);
  row.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }));
  focus && row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  return row;
}

export function dropRow(row) {
  const block = row.closest("[data-rows]");
  row.remove();
  renumber(block);
}

function move(block, row, step) {
  const rows = rowsOf(block);
  const other = rows[rows.indexOf(row) + step];
  if (other) {
    step < 0 ? other.before(row) : other.after(row);
    renumber(block);
    row.querySelector(step < 0 ? "[data-row-up]" : "[data-row-down]")?.focus();
  }
}

/** Whether somebody would miss the row: anything typed, chosen or uploaded. */
function isFilled(row) {
  const typed = [...row.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), textarea, select")];
  return typed.some((field) => field.value.trim() && !field.readOnly) || Boolean(row.querySelector(".slot-files"));
}

export function startRows(root = document) {
  for (const block of root.querySelectorAll("[data-rows]")) {
    block.dataset.next ||= String(rowsOf(block).length);
    block.addEventListener("click", (event) => {
      const row = event.target.closest("[data-row]");
      if (event.target.closest("[data-row-add]")) {
        event.preventDefault(); // without a script the button asks the server for a row
        addRow(block);
      } else if (row && event.target.closest("[data-row-remove]")) {
        event.preventDefault();
        if (isFilled(row) && !window.confirm("移除这一项？其中已填写的内容和文件将一并移除。")) {
          return;
        }
        const neighbour = row.nextElementSibling ?? row.previousElementSibling;
        dropRow(row);
        neighbour?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      } else if (row && event.target.closest("[data-row-up]")) {
        move(block, row, -1);
      } else if (row && event.target.closest("[data-row-down]")) {
        move(block, row, 1);
      }
    });
    renumber(block);
  }
}
