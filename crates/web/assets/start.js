// Starts the design system's own behaviour (error summary focus, menu, skip link, double-press guard).
import { initAll } from "./nhsuk-frontend.js";

initAll();
