/* The server has a newer version of what is being written here: fetch it, merge, ask where both changed the same.

   A form with data-merge and data-kept-url is merged; its page is fetched from its own address. */

import { applyPlan, bringRow, setValues, takeRowAway } from "./apply.js";
import { askAbout, chosenValues, tookTheirs } from "./clash.js";
import { pairsOf } from "./keep.js";
import { lasting, merge } from "./merge.js";
import { csrfToken } from "./session.js";

const PATIENCE = 30_000;

/** What the server has now: {pairs, side, version, by, at}; `closed` when it can no longer be written,
    `signedOut` when the session has ended. Throws without a network. */
export async function theirsOf(form) {
  const response = await fetch(form.dataset.url, {
    headers: { Accept: "text/html" },
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status === 0 || response.status === 401) {
    return { signedOut: true };
  }
  if (response.status >= 500) {
    throw new Error(String(response.status));
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const other = page.querySelector("form[data-merge]");
  if (!other) {
    return { closed: true };
  }
  const pairs = pairsOf(other);
  const { version, savedBy: by, savedAt: at } = other.dataset;
  return { pairs, side: lasting(pairs), version, by, at, list: page.querySelector("[data-kept-list]") };
}

async function keepOne(form, { clash, whose, lost, label }) {
  const body = new URLSearchParams({
    place: form.dataset.place,
    path: clash.name ?? clash.row.prefix.replace(/-$/, ""),
    label,
    text: lost,
    whose,
  });
  const response = await fetch(form.dataset.keptUrl, {
    method: "POST",
    body,
    signal: AbortSignal.timeout(PATIENCE),
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
  });
  return response.ok;
}

/** Keep on the server what was not chosen; true when all of it is there. */
async function keepLost(form, decided) {
  try {
    for (const one of decided) {
      if (!one.kept) {
        one.kept = await keepOne(form, one);
      }
      if (!one.kept) {
        return false;
      }
    }
    return true;
  } catch {
    return false;
  }
}

/** Merge `other` into the form. Answers the plan, or null when the person decides later. */
export async function mergeInto(form, base, other, sent) {
  const plan = merge(lasting(base), lasting(pairsOf(form)), other.side, sent && lasting(sent));
  applyPlan(form, plan, other.side);
  if (!plan.clashes.length) {
    return plan;
  }
  const decided = await askAbout(form, plan.clashes, {
    by: other.by,
    at: other.at,
    keepLost: (list) => keepLost(form, list),
  });
  if (!decided) {
    return null;
  }
  for (const one of decided) {
    decide(form, one, other.side);
  }
  plan.decided = decided;
  return plan;
}

function decide(form, one, side) {
  const { clash } = one;
  if (clash.kind === "value") {
    setValues(form, clash.name, chosenValues(one));
  } else if (clash.kind === "gone" && tookTheirs(one)) {
    takeRowAway(form, clash.row);
  } else if (clash.kind === "dropped" && tookTheirs(one)) {
    bringRow(form, clash.row, side);
  }
}

/** Whether what this browser kept says anything that the page does not. */
export function isAhead(form, found) {
  return merge(lasting(found.base), lasting(found.fields), lasting(pairsOf(form))).ahead;
}

/** Put what this browser kept into the page that stands here now, which others may have changed since. */
export async function bringBack(form, found) {
  const shown = lasting(pairsOf(form));
  const typed = lasting(found.fields);
  const plan = merge(lasting(found.base), typed, shown);
  const clashing = new Set(plan.clashes.map((clash) => clash.name ?? clash.row.prefix));
  const back = merge(lasting(found.base), shown, typed);
  back.take = back.take.filter(([name]) => !clashing.has(name));
  back.remove = back.remove.filter((row) => !clashing.has(row.prefix));
  applyPlan(form, back, typed);
  if (!plan.clashes.length) {
    return true;
  }
  const { savedBy: by, savedAt: at } = form.dataset;
  const decided = await askAbout(form, plan.clashes, { by, at, keepLost: (list) => keepLost(form, list) });
  for (const one of decided ?? []) {
    restore(form, one, typed);
  }
  return Boolean(decided);
}

function restore(form, one, typed) {
  const { clash } = one;
  if (clash.kind === "value") {
    setValues(form, clash.name, chosenValues(one));
  } else if (clash.kind === "gone" && !tookTheirs(one)) {
    bringRow(form, clash.row, typed);
  } else if (clash.kind === "dropped" && !tookTheirs(one)) {
    takeRowAway(form, clash.row);
  }
}
