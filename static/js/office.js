/* The secretariat's site: a session that ends takes nothing away that was typed. */

import { startSession } from "./session.js";

startSession();
