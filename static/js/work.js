/* Pages of the work area: everything that helps somebody who fills in a form. */

import { startAutosave } from "./autosave.js";
import { startConditions } from "./conditions.js";
import { startCounters } from "./counters.js";
import { startPickers } from "./picker.js";
import { startRegions } from "./region.js";
import { startRows } from "./rows.js";
import { startSession } from "./session.js";

startRows();
startConditions();
startCounters();
startRegions();
startPickers();
startSession();
document.querySelectorAll("form[data-autosave]").forEach(startAutosave);

// A row that was added has fields of its own to look after.
document.addEventListener("rows:added", (event) => {
  startCounters(event.target);
  startRegions(event.target);
  startPickers(event.target);
});
