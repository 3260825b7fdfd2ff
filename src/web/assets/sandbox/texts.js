// Every word of the page, in the language chosen. Invariant: no other module holds words for people.

import { api, setOfflineWords } from "./api.js";
import { recall, remember } from "./store.js";

export const LANGUAGES = ["zh", "en"];

let texts = {};
let chosen = "zh";

/** The language of the page. */
export const language = () => chosen;

/** The language asked for by the address, else the one kept from last time, else Chinese. */
export function preferredLanguage() {
  const asked = new URLSearchParams(location.search).get("lang") ?? recall("language");
  return LANGUAGES.includes(asked) ? asked : LANGUAGES[0];
}

/** Loads a language and keeps the choice. */
export async function loadTexts(lang) {
  texts = await api.texts(lang);
  chosen = lang;
  remember("language", lang);
  document.documentElement.lang = lang;
  document.title = t("page.document_title");
  setOfflineWords(t("page.errors.offline"));
}

/** One text with its `{names}` filled in. A key that is missing shows itself. */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The texts under a prefix: `[["new", "/发起 …"], …]`, in the file's order. */
export function textsUnder(prefix) {
  return Object.entries(texts)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, text]) => [key.slice(prefix.length), text]);
}

const PLACES = [
  ["text", (node, words) => { node.textContent = words; }],
  ["label", (node, words) => node.setAttribute("aria-label", words)],
  ["title", (node, words) => node.setAttribute("title", words)],
];

/** Fills in what `data-text`, `data-label` and `data-title` ask for. */
export function placeTexts(root) {
  for (const [place, fill] of PLACES) {
    for (const node of root.querySelectorAll(`[data-${place}]`)) fill(node, t(node.dataset[place]));
  }
}
