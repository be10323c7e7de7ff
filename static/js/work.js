/* Pages of the work area: everything that helps somebody who fills in a form. */

import { startAutosave } from "./autosave.js";
import { startConditions } from "./conditions.js";
import { startCounters } from "./counters.js";
import { startPaste } from "./paste.js";
import { startPending } from "./pending.js";
import { startPickers } from "./picker.js";
import { startPresence } from "./presence.js";
import { startRegions } from "./region.js";
import { startRows } from "./rows.js";
import { startSession } from "./session.js";
import { startWaiting } from "./waiting.js";

startRows();
startConditions();
startCounters();
startRegions();
startPickers();
startSession();
startPaste();
startWaiting();
startPending();
const [autosave] = [...document.querySelectorAll("form[data-autosave]")].map((form) => startAutosave(form));
startPresence(autosave);

// A row that was added has fields of its own to look after.
document.addEventListener("rows:added", (event) => {
  startCounters(event.target);
  startRegions(event.target);
  startPickers(event.target);
});
