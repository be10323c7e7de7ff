/* Every page: the server's clock, countdowns, the menu, dialogs, the error summary. */

import { startClock } from "./clock.js";
import { startCountdowns } from "./countdown.js";
import { startDialogs } from "./dialog.js";
import { startNavigation } from "./nav.js";

startClock();
startCountdowns();
startDialogs();
startNavigation();
