/* Three-way merge of a form, without a page: what it was (base), what stands here (mine), what the server has
   (theirs). Rows of tables are known by their lasting ids (the hidden input `cases-0-_id`), not by their places. */

/** Pairs of input names and values -> {values: lasting name -> [value], rows: table -> [row id]}.
    `cases-3-org_name` in the row r1 is `cases[r1]-org_name`. */
export function lasting(pairs) {
  const places = new Map();
  const rows = new Map();
  for (const [name, value] of pairs) {
    const found = /^(.+)-(\d+)-_id$/.exec(name);
    if (found && value) {
      places.set(`${found[1]}-${found[2]}-`, `${found[1]}[${value}]-`);
      rows.set(found[1], [...(rows.get(found[1]) ?? []), value]);
    }
  }
  const values = new Map();
  for (const [name, value] of pairs) {
    const place = /^.+?-\d+-/.exec(name)?.[0];
    const known = (place && places.get(place)) ?? "";
    const key = known ? known + name.slice(place.length) : name;
    if (!key.endsWith("]-_id")) {
      values.set(key, [...(values.get(key) ?? []), value.replaceAll("\r\n", "\n")]);
    }
  }
  return { values, rows };
}

/** The table and the row of a lasting name, or null. */
export function rowOf(name) {
  const found = /^(.+)\[([a-z0-9]+)\]-/.exec(name);
  return found && { table: found[1], id: found[2], prefix: found[0] };
}

const filled = (values) => (values ?? []).filter((value) => value.trim() !== "");
const same = (one, other) => {
  const [a, b] = [filled(one), filled(other)];
  return a.length === b.length && a.every((value, place) => value === b[place]);
};
const folded = (values) => filled(values).map((value) => value.normalize("NFKC").replace(/[\s,]/gu, ""));
const has = (side, table, id) => side.rows.get(table)?.includes(id) ?? false;

function rowChanged(before, after, prefix) {
  const names = new Set([...before.values.keys(), ...after.values.keys()].filter((name) => name.startsWith(prefix)));
  return [...names].some((name) => !same(before.values.get(name), after.values.get(name)));
}

/** What a row says, as text. */
export function rowText(side, prefix) {
  const said = [...side.values].filter(([name]) => name.startsWith(prefix));
  return said.flatMap(([, values]) => filled(values)).join("\n");
}

/** `sent`: what was sent last and never answered; if the server has it, nobody else wrote it.
    Answers {take: [[name, values]], add: [row], remove: [row], clashes: [...], ahead}; `ahead` says that mine has
    something that the server has not. */
export function merge(base, mine, theirs, sent = base) {
  const plan = { take: [], add: [], remove: [], clashes: [], ahead: false };
  const apart = mergeRows(plan, base, mine, theirs, sent);
  for (const name of new Set([...mine.values.keys(), ...theirs.values.keys()])) {
    const row = rowOf(name);
    if (!row || !apart.has(row.prefix)) {
      mergeValue(plan, name, [base, mine, theirs, sent].map((side) => side.values.get(name)));
    }
  }
  return plan;
}

function mergeValue(plan, name, [base, mine, theirs, sent]) {
  if (same(mine, theirs)) {
    return;
  }
  const theirsChanged = !same(theirs, base) && !same(folded(theirs), folded(sent));
  if (!same(mine, base)) {
    plan.ahead = true;
    theirsChanged && plan.clashes.push({ kind: "value", name, mine: mine ?? [], theirs: theirs ?? [] });
  } else {
    plan.take.push([name, theirs ?? []]);
  }
}

function mergeRows(plan, base, mine, theirs, sent) {
  const apart = new Set();
  for (const table of new Set([...mine.rows.keys(), ...theirs.rows.keys()])) {
    for (const id of new Set([...(theirs.rows.get(table) ?? []), ...(mine.rows.get(table) ?? [])])) {
      const row = { table, id, prefix: `${table}[${id}]-` };
      const [known, here, there] = [base, mine, theirs].map((side) => has(side, table, id));
      if (here && there) {
        continue;
      }
      apart.add(row.prefix);
      if (there) {
        mergeRowThere(plan, row, base, theirs, known, has(sent, table, id));
      } else if (known && rowChanged(base, mine, row.prefix)) {
        plan.ahead = true;
        plan.clashes.push({ kind: "gone", row, mine: [rowText(mine, row.prefix)], theirs: [] });
      } else if (known) {
        plan.remove.push(row);
      } else {
        plan.ahead ||= rowText(mine, row.prefix) !== "";
      }
    }
  }
  return apart;
}

function mergeRowThere(plan, row, base, theirs, known, wasSent) {
  if (!known && !wasSent) {
    plan.add.push(row);
  } else {
    plan.ahead = true;
    if (known && rowChanged(base, theirs, row.prefix)) {
      plan.clashes.push({ kind: "dropped", row, mine: [], theirs: [rowText(theirs, row.prefix)] });
    }
  }
}

const WORD = /[A-Za-z0-9_]+|\s+|[^]/gu;
const MOST = 1200;

/** Two texts as lists of [words, differs]. */
export function marked(one, other) {
  const [a, b] = [one.match(WORD) ?? [], other.match(WORD) ?? []];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) {
    head += 1;
  }
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) {
    tail += 1;
  }
  const middle = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const [left, right] = Math.max(...middle.map((words) => words.length)) > MOST ? [[], []] : common(...middle);
  const parts = (words, kept, inner) => {
    const found = [[words.slice(0, head).join(""), false]];
    inner.forEach((word, place) => found.push([word, !kept.has(place)]));
    found.push([words.slice(words.length - tail).join(""), false]);
    return joined(tail ? found : found.slice(0, -1));
  };
  return [parts(a, new Set(left), middle[0]), parts(b, new Set(right), middle[1])];
}

/** Places of the longest common words in both lists. */
function common(a, b) {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const [left, right] = [[], []];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      left.push(i++);
      right.push(j++);
    } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return [left, right];
}

function joined(parts) {
  const found = [];
  for (const [words, differs] of parts.filter(([text]) => text)) {
    const last = found.at(-1);
    last?.[1] === differs ? (last[0] += words) : found.push([words, differs]);
  }
  return found;
}
