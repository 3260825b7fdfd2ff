// Who is shown side by side. Invariant: at least one pane, at most four, each a different person; the address names them.

import { hear } from "./bus.js";
import { el } from "./dom.js";
import { Pane } from "./pane.js";
import { allPeople, personOf } from "./people.js";
import { oneMore } from "./unread.js";
import { t } from "./texts.js";
import { toast } from "./toasts.js";

const MOST = 4;

const host = document.getElementById("panes");
let panes = [];
let changed = () => {};

export const shownPeople = () => panes.map((pane) => pane.person);
export const activePerson = () => panes.find((pane) => pane.root.classList.contains("active"))?.person;

/** Opens the first panes; `whenChanged` hears of every change of who is shown. */
export async function startPanes(whenChanged) {
  changed = whenChanged;
  listen();
  await showAll(asked());
}

function asked() {
  const named = new URLSearchParams(location.search).get("people")?.split(",").filter(personOf) ?? [];
  const people = named.length > 0 ? named : allPeople().map(({ id }) => id);
  return [...new Set(people)].slice(0, MOST);
}

/** Draws every pane anew, for instance in another language. */
export const redrawPanes = () => showAll(shownPeople(), activePerson());

async function showAll(people, active = people[0]) {
  panes = people.map(makePane);
  host.replaceChildren(...panes.map((pane) => pane.root));
  activate(panes.find((pane) => pane.person === active) ?? panes[0]);
  await Promise.all(panes.map((pane) => pane.start()));
}

const makePane = (person) => {
  const pane = new Pane(person, { switched: switchTo, closed: close });
  pane.root.addEventListener("focusin", () => activate(pane));
  return pane;
};

function activate(pane) {
  if (!pane || pane.root.classList.contains("active")) return;
  for (const one of panes) one.root.classList.toggle("active", one === pane);
  pane.seen();
  changed();
}

/** Brings somebody into sight: their pane, a new one, or the active one when there is no room. */
export function show(person) {
  const known = panes.find((pane) => pane.person === person);
  if (known) reveal(known);
  else if (panes.length < MOST) add(person);
  else switchTo(panes.find((pane) => pane.root.classList.contains("active")) ?? panes.at(-1), person);
}

function add(person) {
  const pane = makePane(person);
  panes.push(pane);
  host.append(pane.root);
  pane.start();
  reveal(pane);
  named();
}

function switchTo(pane, person) {
  const already = panes.find((one) => one.person === person);
  if (already && already !== pane) {
    pane.root.querySelector(".who-switch").value = pane.person;
    reveal(already);
    return;
  }
  const fresh = makePane(person);
  panes[panes.indexOf(pane)] = fresh;
  pane.root.replaceWith(fresh.root);
  fresh.start();
  reveal(fresh);
  named();
}

function close(pane) {
  if (panes.length === 1) {
    toast("info", t("page.pane.last"));
    return;
  }
  const at = panes.indexOf(pane);
  panes = panes.filter((one) => one !== pane);
  pane.root.remove();
  reveal(panes[Math.min(at, panes.length - 1)]);
  named();
}

function reveal(pane) {
  activate(pane);
  pane.root.scrollIntoView({ block: "nearest", inline: "nearest" });
  pane.root.querySelector(".who-switch").focus({ preventScroll: true });
}

function named() {
  const address = new URL(location.href);
  address.searchParams.set("people", shownPeople().join(","));
  history.replaceState(null, "", address.href.replaceAll("%2C", ","));
  changed();
}

function listen() {
  hear("message", ({ chat, people }) => people.forEach((person) => arrived(person, chat)));
  hear("update", ({ chat, people }) => panes
    .filter((pane) => people.includes(pane.person) && pane.chat === chat)
    .forEach((pane) => pane.refresh({ whole: true })));
  hear("clock", () => panes.forEach((pane) => pane.messages?.nameDays()));
  hear("reconnected", () => panes.forEach((pane) => pane.catchUp()));
  hear("unread", ({ person }) => panes.filter((pane) => pane.person === person).forEach((pane) => pane.drawTabs()));
  document.addEventListener("visibilitychange", () => panes.forEach((pane) => pane.seen()));
}

function arrived(person, chat) {
  const pane = panes.find((one) => one.person === person);
  if (!pane || pane.chat !== chat || !pane.inSight) oneMore(person, chat);
  pane?.arrived(chat);
}
