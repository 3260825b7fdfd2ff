// Where the page begins: words, people, panes, clock, list, live line, tour. Order matters; each part says the rest itself.

import { api } from "./api.js";
import { drawClock, startClock } from "./clock.js";
import { placeIcons } from "./icons.js";
import { connect } from "./live.js";
import { redrawPanes, startPanes } from "./panes.js";
import { loadPeople } from "./people.js";
import { drawRail, startRail } from "./rail.js";
import { language, loadTexts, placeTexts, preferredLanguage } from "./texts.js";
import { startTheme } from "./theme.js";
import { attempt } from "./toasts.js";
import { redrawTour, startTour } from "./tour.js";
import { drawUpcoming, startUpcoming } from "./upcoming.js";

async function start() {
  placeIcons(document);
  startTheme();
  await loadTexts(preferredLanguage());
  placeTexts(document);
  await loadPeople();
  startLanguage();
  await startClock();
  connect();
  startRail();
  await Promise.all([startPanes(drawRail), startUpcoming()]);
  document.body.dataset.ready = "";
  startTour();
}

function startLanguage() {
  const choice = document.getElementById("language");
  choice.value = language();
  choice.addEventListener("change", () => attempt(() => speak(choice.value)));
}

/** Page and bot change together, so that one screen speaks one language. */
async function speak(lang) {
  await loadTexts(lang);
  await api.speak(lang);
  placeTexts(document);
  await loadPeople();
  drawClock();
  drawUpcoming();
  await redrawPanes();
  drawRail();
  redrawTour();
}

attempt(start);
