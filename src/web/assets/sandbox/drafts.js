// What was typed and not yet sent. Invariant: a word is lost only when it was accepted, when its form is gone, or when somebody empties it.

import { forget, recall, remember } from "./store.js";

const formKey = (person, message) => `form/${person}/${message}`;
const lineKey = (person, chat) => `line/${person}/${chat}`;

/** The line typed in a chat. */
export const line = (person, chat) => recall(lineKey(person, chat)) ?? "";

/** Keeps the line typed in a chat; an empty one is forgotten. */
export function keepLine(person, chat, text) {
  if (text === "") forget(lineKey(person, chat));
  else remember(lineKey(person, chat), text);
}

/** The values typed in a form that the server does not know yet: `{name: value}`. */
export const typed = (person, message) => recall(formKey(person, message)) ?? {};

/** Keeps one value of a form. */
export function keepValue(person, message, name, value) {
  remember(formKey(person, message), { ...typed(person, message), [name]: value });
}

/** The form is gone from the card, and what was typed in it with it. */
export const drop = (person, message) => forget(formKey(person, message));

/** The server has `values` now and echoes them; what was typed since then stays. */
export function settle(person, message, values) {
  const later = Object.entries(typed(person, message)).filter(([name, value]) => values[name] !== value);
  if (later.length === 0) forget(formKey(person, message));
  else remember(formKey(person, message), Object.fromEntries(later));
}
