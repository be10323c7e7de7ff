/* Two people changed the same text: both stand side by side, and the person here decides. What is not chosen is
   kept on the server (submissions/services/kept.py) before anything on the page changes. */

import { fieldsNamed, nameHere } from "./apply.js";
import { marked } from "./merge.js";

const MINE = "用我的";
const THEIRS = "用对方的";
const BOTH = "两段都保留";

function make(tag, className, words = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

/** How the place is called on the page. */
export function labelOf(form, clash) {
  if (clash.row) {
    const block = document.getElementById(`at-${clash.row.table}`);
    return `${block?.querySelector("legend")?.innerText.replace(/\*/g, "").trim() ?? "表格"}中的一项`;
  }
  const field = fieldsNamed(form, nameHere(form, clash.name))[0];
  const within = field?.closest(".field");
  const label = ["checkbox", "radio"].includes(field?.type) || field?.multiple ? undefined : field?.labels?.[0];
  return (label ?? within?.querySelector("legend, label"))?.innerText.replace(/\*/g, "").trim() || "此处";
}

/** What people read: the words of choices, not their keys. */
function readable(form, clash, values) {
  const fields = clash.name ? fieldsNamed(form, nameHere(form, clash.name)) : [];
  const words = values.map((value) => {
    const field = fields.find((one) => one.value === value);
    const option = fields[0]?.options && [...fields[0].options].find((one) => one.value === value);
    const box = ["checkbox", "radio"].includes(field?.type) ? field.labels?.[0]?.innerText.trim() : undefined;
    return option?.label ?? box ?? value;
  });
  return words.filter((word) => word.trim()).join("\n");
}

function canJoin(form, clash) {
  return clash.kind === "value" && fieldsNamed(form, nameHere(form, clash.name))[0]?.tagName === "TEXTAREA";
}

function column(title, parts, empty) {
  const box = make("div", "clash-side");
  const text = make("div", "clash-text");
  for (const [words, differs] of parts) {
    text.append(differs ? make("mark", "", words) : document.createTextNode(words));
  }
  if (!parts.length) {
    text.append(make("span", "clash-empty", empty));
  }
  box.append(make("p", "clash-who", title), text);
  return box;
}

function part(form, clash, place, who) {
  const set = make("fieldset", "clash");
  const [mine, theirs] = [clash.mine, clash.theirs].map((values) => readable(form, clash, values));
  const [left, right] = marked(mine, theirs);
  const sides = make("div", "clash-sides");
  sides.append(
    column("我的", left, clash.kind === "dropped" ? "（已移除）" : "（空）"),
    column(who, right, clash.kind === "gone" ? "（已移除）" : "（空）"),
  );
  const choices = make("div", "clash-choices");
  for (const words of [MINE, THEIRS, ...(canJoin(form, clash) ? [BOTH] : [])]) {
    const label = make("label", "clash-choice");
    const radio = Object.assign(document.createElement("input"), {
      type: "radio",
      name: `clash-${place}`,
      value: words,
      className: "form-check-input",
    });
    label.append(radio, document.createTextNode(words));
    choices.append(label);
  }
  set.append(make("legend", "h3", labelOf(form, clash)), sides, choices);
  return set;
}

/** Ask for every clash. Resolves to [{clash, choice, lost}] with the text that is not chosen, or null for 'later'.
    `keepLost(list)` puts what is not chosen on the server; while it fails nothing is decided. */
export function askAbout(form, clashes, { by, at, keepLost }) {
  const who = `${by || "他人"}${at ? ` ${at} 保存` : "保存"}的`;
  const dialog = make("dialog", "dialog clash-dialog");
  const body = make("div", "dialog-body");
  const title = make("h2", "", `${clashes.length} 处内容您和${by || "他人"}都改了`);
  title.id = "clash-title";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.dataset.dialogFirm = "";
  const words = make("p", "", "请逐处选择用哪一份。没有选用的一份会保留在本页下方“保留的另一份文本”中，不会丢失。");
  const problem = make("p", "text-danger");
  problem.setAttribute("role", "alert");
  const parts = clashes.map((clash, place) => part(form, clash, place, who));
  const buttons = make("div", "buttons buttons-end");
  const [later, done] = [make("button", "btn btn-secondary", "稍后处理"), make("button", "btn btn-primary", "按所选保存")];
  [later.type, done.type] = ["button", "button"];
  buttons.append(later, done);
  body.append(title, words, ...parts, problem, buttons);
  dialog.append(body);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    const close = (answer) => (dialog.close(), dialog.remove(), resolve(answer));
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), close(null)));
    later.addEventListener("click", () => close(null));
    done.addEventListener("click", async () => {
      const decided = decisions(form, clashes, dialog);
      if (!decided) {
        problem.textContent = "还有没选择的地方。";
        return;
      }
      done.disabled = true;
      if (await keepLost(decided.filter(({ lost }) => lost.trim()))) {
        close(decided);
      } else {
        problem.textContent = "网络不通，没有保存。您的内容仍在本页，请稍后再试。";
        done.disabled = false;
      }
    });
  });
}

function decisions(form, clashes, dialog) {
  const decided = clashes.map((clash, place) => {
    const choice = dialog.querySelector(`input[name="clash-${place}"]:checked`)?.value;
    const lost = { [MINE]: clash.theirs, [THEIRS]: clash.mine }[choice] ?? [];
    const whose = choice === MINE ? "theirs" : "mine";
    return { clash, choice, whose, lost: readable(form, clash, lost), label: labelOf(form, clash) };
  });
  return decided.every(({ choice }) => choice) ? decided : null;
}

/** The values that stand at the place afterwards. */
export function chosenValues({ clash, choice }) {
  if (choice === BOTH) {
    return [[...clash.theirs, ...clash.mine].filter((text) => text.trim()).join("\n\n")];
  }
  return choice === MINE ? clash.mine : clash.theirs;
}

export const tookTheirs = ({ choice }) => choice === THEIRS;
