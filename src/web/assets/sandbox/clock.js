// The sandbox's clock, which can be moved on. Invariant: one move at a time; its answer means that everything due by then has happened.

import { api } from "./api.js";
import { hear, tell } from "./bus.js";
import { fromInput, fullWords, setNow, toInput } from "./time.js";
import { attempt } from "./toasts.js";

const bar = document.getElementById("clock");
const face = document.getElementById("clock-now");
const moves = bar.querySelector(".clock-moves");
const dialog = document.getElementById("clock-dialog");
const at = document.getElementById("clock-set-at");
const BUTTONS = { "clock-hour": "1h", "clock-workday": "1wd", "clock-next": "next" };

let now = null;

/** Reads the clock and takes its buttons into use. */
export async function startClock() {
  await readClock();
  for (const [id, by] of Object.entries(BUTTONS)) {
    document.getElementById(id).addEventListener("click", () => move(() => api.advance(by)));
  }
  document.getElementById("clock-set").addEventListener("click", openDialog);
  document.getElementById("clock-set-cancel").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", () => moveTo(fromInput(at.value)));
  hear("clock", (moved) => show(moved.now));
  hear("reconnected", readClock);
}

async function readClock() {
  const clock = await attempt(api.clock);
  if (!clock) return;
  moves.hidden = !clock.movable;
  show(clock.now);
}

/** Draws the time anew. */
export function drawClock() {
  if (now) show(now);
}

function show(time) {
  now = time;
  setNow(time);
  face.textContent = fullWords(time);
  face.dateTime = time;
}

/** Moves the clock to a time. */
export const moveTo = (time) => move(() => api.setClock(time));

async function move(work) {
  if (bar.ariaBusy === "true") return;
  setBusy(true);
  const clock = await attempt(work);
  setBusy(false);
  if (!clock) return;
  show(clock.now);
  tell("upcoming");
}

function setBusy(busy) {
  bar.ariaBusy = String(busy);
  for (const button of moves.querySelectorAll("button")) button.setAttribute("aria-disabled", String(busy));
}

function openDialog() {
  at.value = toInput(now);
  at.min = toInput(now);
  dialog.showModal();
  at.focus();
}
