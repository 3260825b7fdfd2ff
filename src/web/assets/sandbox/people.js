// The people of the demo company. Invariant: `from` of a message is always shown as somebody, even when the directory does not know them.

import { api } from "./api.js";
import { el } from "./dom.js";
import { t } from "./texts.js";

export const BOT = "bot";
const HUES = 10;

let directory = [];

/** Reads the directory. */
export async function loadPeople() {
  directory = await api.people();
}

export const allPeople = () => directory;
export const personOf = (id) => directory.find((person) => person.id === id);
export const nameOf = (id) => (id === BOT ? t("page.bot") : personOf(id)?.name ?? id);

/** What somebody does, in one line. */
export function dutyOf(id) {
  const person = personOf(id);
  if (!person) return "";
  return [person.department, person.title ?? person.roles?.[0]].filter(Boolean).join(" · ");
}

/** The departments of the directory, each once. */
export const departments = () => [...new Set(directory.map((person) => person.department))];

function hueOf(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 131 + letter.codePointAt(0)) % 99991;
  return sum % HUES;
}

function initials(name) {
  const letters = [...name];
  if (/\p{Script=Han}/u.test(name)) return letters.slice(-2).join("");
  return name.split(/[\s.]+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();
}

/** A coloured disc with initials; the colour belongs to the id, so it stays when the name changes. */
export function avatar(id, size = "") {
  if (id === BOT) return el("img", { class: `avatar bot ${size}`, src: "/sandbox/assets/mark.svg", alt: "" });
  return el("span", { class: `avatar hue-${hueOf(id)} ${size}`, "aria-hidden": "true" }, initials(nameOf(id)));
}
