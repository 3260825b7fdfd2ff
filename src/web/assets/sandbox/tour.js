// Six steps around the page for somebody new. Invariant: nothing is locked while it runs; it comes by itself only once.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { recall, remember } from "./store.js";
import { t } from "./texts.js";
import { openUpcoming } from "./upcoming.js";

const ROOM = 12;
const EDGE = 8;

const first = (...selectors) => selectors.map((selector) => document.querySelector(selector)).find((node) => node?.getClientRects().length > 0);
const closeList = () => openUpcoming(false);
const openList = () => openUpcoming(true);

const STEPS = [
  { name: "panes", before: closeList, anchor: () => first("#panes") },
  { name: "composer", before: closeList, anchor: () => first(".pane.active .composer-box", ".composer-box") },
  { name: "buttons", before: closeList, anchor: () => buttons() ?? first(".pane.active .messages-frame", "#panes") },
  { name: "clock", before: closeList, anchor: () => first("#clock") },
  { name: "upcoming", before: openList, anchor: () => first("#upcoming") },
  { name: "people", before: closeList, anchor: () => first(".pane.active .pane-head", ".pane-head") },
];

let running = null;

/** Takes the button into use, and starts on the first visit unless the address says `tour=0`. */
export function startTour() {
  document.getElementById("tour").addEventListener("click", () => begin());
  const wanted = new URLSearchParams(location.search).get("tour") !== "0";
  if (wanted && !recall("tour")) begin();
}

/** Draws the step anew, for instance in another language. */
export function redrawTour() {
  if (running) go(running.step);
}

/** Buttons that can be seen without scrolling, else the last ones of the active pane, scrolled to. */
function buttons() {
  const rows = [...document.querySelectorAll(".card .actions")].filter((node) => node.querySelector(".button:enabled") && node.offsetParent);
  const row = rows.find(uncovered) ?? rows.findLast((node) => node.closest(".pane.active")) ?? rows.at(-1);
  if (row && !uncovered(row)) row.scrollIntoView({ block: "nearest" });
  return row;
}

function uncovered(node) {
  const frame = node.closest(".messages").getBoundingClientRect();
  const { top, bottom, left, right } = node.getBoundingClientRect();
  return top >= frame.top && bottom <= frame.bottom && left >= 0 && right <= document.documentElement.clientWidth;
}

function begin() {
  running?.stop();
  const back = document.activeElement;
  const light = el("div", { class: "light", "aria-hidden": "true" });
  const box = el("section", { class: "tour", role: "dialog", "aria-labelledby": "tour-title", "aria-describedby": "tour-text", tabindex: "-1", on: { keydown: key } });
  const place = () => put(box, light, running.anchor);
  document.body.append(light, box);
  window.addEventListener("resize", place);
  running = {
    box, light, step: 0, anchor: null, place,
    stop() {
      window.removeEventListener("resize", place);
      box.remove();
      light.remove();
      running = null;
      remember("tour", "seen");
      closeList();
      (back?.isConnected && back !== document.body ? back : document.getElementById("tour")).focus();
    },
  };
  go(0);
}

function key({ key: pressed }) {
  if (pressed === "Escape") running.stop();
  else if (pressed === "ArrowRight") go(running.step + 1);
  else if (pressed === "ArrowLeft") go(running.step - 1);
}

function go(step) {
  if (step < 0) return;
  if (step >= STEPS.length) {
    running.stop();
    return;
  }
  running.step = step;
  STEPS[step].before();
  running.anchor = STEPS[step].anchor();
  draw(step);
  running.place();
  running.box.focus({ preventScroll: true });
}

function draw(step) {
  const { name } = STEPS[step];
  const last = step === STEPS.length - 1;
  running.box.replaceChildren(
    el("div", { class: "tour-head" },
      el("span", { class: "tour-count" }, t("page.tour.count", { step: step + 1, steps: STEPS.length })),
      el("button", { type: "button", class: "ghost icon-only small", "aria-label": t("page.tour.skip"), on: { click: () => running.stop() } }, icon("close"))),
    el("h2", { id: "tour-title" }, t(`page.tour.${name}_title`)),
    el("p", { id: "tour-text" }, t(`page.tour.${name}_text`)),
    el("div", { class: "tour-foot" },
      el("span", { class: "dots", "aria-hidden": "true" }, STEPS.map((_, index) => el("i", { class: index === step ? "on" : "" }))),
      step > 0 ? el("button", { type: "button", class: "button quiet", data: { tour: "back" }, on: { click: () => go(step - 1) } }, t("page.tour.back"))
        : el("button", { type: "button", class: "button quiet", data: { tour: "skip" }, on: { click: () => running.stop() } }, t("page.tour.skip")),
      el("button", { type: "button", class: "button primary", data: { tour: "next" }, on: { click: () => go(step + 1) } }, t(last ? "page.tour.done" : "page.tour.next"))));
}

function shine(light, around, wide, high) {
  const left = Math.max(EDGE / 2, around.left - 4);
  const top = Math.max(EDGE / 2, around.top - 4);
  const right = Math.min(wide - EDGE / 2, around.right + 4);
  const bottom = Math.min(high - EDGE / 2, around.bottom + 4);
  Object.assign(light.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
}

/** Puts the light on the anchor and the box beside it: below, above, or to the left, where there is room. */
function put(box, light, anchor) {
  const around = (anchor ?? document.body).getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const wide = document.documentElement.clientWidth;
  const high = document.documentElement.clientHeight;
  shine(light, around, wide, high);
  let left = around.left + around.width / 2 - width / 2;
  let top = (high - height) / 2;
  if (around.bottom + ROOM + height < high) top = around.bottom + ROOM;
  else if (around.top - ROOM - height > 0) top = around.top - ROOM - height;
  else if (around.left - ROOM - width > 0) left = around.left - ROOM - width;
  box.style.left = `${Math.max(EDGE, Math.min(left, wide - width - EDGE))}px`;
  box.style.top = `${Math.max(EDGE, Math.min(top, high - height - EDGE))}px`;
}
