// Everybody in the company, with what they have not read: the way to bring somebody into sight. On a phone it is the switcher.

import { hear } from "./bus.js";
import { el } from "./dom.js";
import { activePerson, show, shownPeople } from "./panes.js";
import { allPeople, avatar, dutyOf } from "./people.js";
import { t } from "./texts.js";
import { unreadOf } from "./unread.js";

const host = document.getElementById("rail");

/** Draws the rail and keeps it true. */
export function startRail() {
  hear("unread", drawRail);
  drawRail();
}

/** Draws the rail anew. */
export function drawRail() {
  const held = host.contains(document.activeElement) ? document.activeElement.dataset.show : null;
  host.replaceChildren(...allPeople().map(entry));
  if (held) [...host.children].find((node) => node.dataset.show === held)?.focus();
}

function entry({ id, name }) {
  const unread = unreadOf(id);
  const shown = shownPeople().includes(id);
  const words = [name, dutyOf(id), unread > 0 && t("page.unread", { count: unread })].filter(Boolean).join(" · ");
  return el("button", {
    type: "button", class: "rail-one", data: { show: id }, title: words, "aria-label": words,
    "aria-pressed": String(shown), "aria-current": id === activePerson() ? "true" : null, on: { click: () => show(id) },
  },
    avatar(id),
    el("span", { class: "rail-name" }, name),
    unread > 0 ? el("span", { class: "badge", "aria-hidden": "true" }, unread > 99 ? "99+" : String(unread)) : null);
}
