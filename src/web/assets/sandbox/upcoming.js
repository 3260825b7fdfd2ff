// What fires next and why, soonest first. Invariant: the list is read again whenever the service says that it changed.

import { api } from "./api.js";
import { hear } from "./bus.js";
import { moveTo } from "./clock.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";
import { dayOf, dayWords, timeWords } from "./time.js";
import { attempt } from "./toasts.js";

const drawer = document.getElementById("upcoming");
const toggle = document.getElementById("upcoming-toggle");
const count = document.getElementById("upcoming-count");

let coming = [];

/** Reads the list, and lets the bell open and close it. */
export async function startUpcoming() {
  toggle.addEventListener("click", () => openUpcoming(drawer.hidden));
  drawer.addEventListener("keydown", ({ key }) => { if (key === "Escape") openUpcoming(false); });
  hear("upcoming", readUpcoming);
  hear("clock", readUpcoming);
  hear("reconnected", readUpcoming);
  await readUpcoming();
}

async function readUpcoming() {
  coming = (await attempt(api.upcoming)) ?? coming;
  drawUpcoming();
}

/** Opens or closes the drawer. */
export function openUpcoming(open) {
  const held = drawer.contains(document.activeElement);
  drawer.hidden = !open;
  toggle.setAttribute("aria-expanded", String(open));
  if (!open && held) toggle.focus();
}

/** Draws the list anew. */
export function drawUpcoming() {
  count.hidden = coming.length === 0;
  count.textContent = String(coming.length);
  drawer.replaceChildren(
    el("header", { class: "drawer-head" },
      el("div", {},
        el("h2", { id: "upcoming-title" }, t("page.upcoming.heading")),
        el("p", { class: "drawer-hint" }, t("page.upcoming.hint"))),
      el("button", { type: "button", class: "ghost icon-only small", "aria-label": t("page.close"), on: { click: () => openUpcoming(false) } }, icon("close"))),
    coming.length > 0 ? el("ol", { class: "coming" }, coming.map(entry)) : el("p", { class: "empty" }, t("page.upcoming.empty")));
}

function entry(one, index) {
  const newDay = index === 0 || dayOf(coming[index - 1].at) !== dayOf(one.at);
  return el("li", { class: "next" },
    newDay ? el("h3", { class: "next-day" }, dayWords(one.at)) : null,
    el("div", { class: "next-body" },
      el("div", { class: "next-head" },
        el("time", { class: "next-at", datetime: one.at }, timeWords(one.at)),
        el("span", { class: "next-step" }, one.step_text ?? one.step),
        el("button", { type: "button", class: "ghost icon-only small", "aria-label": t("page.upcoming.jump", { time: timeWords(one.at) }), title: t("page.upcoming.jump", { time: timeWords(one.at) }), on: { click: () => moveTo(one.at) } }, icon("skip"))),
      el("p", { class: "next-subject" }, [one.kind_text ?? one.kind, one.subject, one.title].filter(Boolean).join(" · ")),
      one.to ? el("p", { class: "next-to" }, icon("arrow"), one.to) : null,
      one.why ? el("p", { class: "next-why" }, one.why) : null));
}
