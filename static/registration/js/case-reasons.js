/* Reasons to pick from: each goes beside the field that it is about, or into the general reason. */

function add(field, text) {
  if (!field.value.includes(text)) {
    field.value = field.value.trim() ? `${field.value.trim()}\n${text}` : text;
  }
}

/* The remarks at "units.*.name": those of every unit. */
function marksAt(path) {
  const parts = path.split(".");
  return [...document.querySelectorAll("textarea[name^='mark.']")].filter((one) => {
    const given = one.name.slice("mark.".length).split(".");
    return given.length === parts.length && parts.every((part, at) => part === "*" || part === given[at]);
  });
}

/* Of whom the field speaks: the title of its section. */
function whose(mark) {
  return mark.closest("section").querySelector("h2").firstChild.textContent.trim();
}

function placeAt(mark, text) {
  add(mark, text);
  mark.closest("details").open = true;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

function offer(places, marks, text) {
  const said = document.createElement("span");
  said.textContent = "写在：";
  const buttons = marks.map((mark) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary";
    button.textContent = whose(mark);
    button.addEventListener("click", () => {
      places.replaceChildren();
      placeAt(mark, text);
    });
    return button;
  });
  places.replaceChildren(said, ...buttons);
  buttons[0].focus();
}

export function startReasons() {
  const select = document.getElementById("id_template");
  const places = document.getElementById("template-places");
  select?.addEventListener("change", () => {
    const { text, verdict, path } = select.selectedOptions[0].dataset;
    places.replaceChildren();
    if (!text) {
      return;
    }
    const marks = path ? marksAt(path) : [];
    if (marks.length === 0) {
      const field = document.getElementById(verdict === "override" ? "id_override" : "id_reason");
      if (field) {
        add(field, text);
      }
    } else if (marks.length === 1) {
      placeAt(marks[0], text);
    } else {
      offer(places, marks, text);
    }
    // It stands in its place now; without this script the server puts the chosen one into the reason.
    select.value = "";
  });
}
