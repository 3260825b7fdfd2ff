// What may be meant by the word under the caret: a command after `/`, somebody or a department after `@`.

import { allPeople, departments, dutyOf } from "./people.js";
import { t, textsUnder } from "./texts.js";

const PREFIX = "page.commands.";
const MOST = 40;

/** The commands in the order in which a newcomer meets them: `{name, word, help}`. */
function commands() {
  const order = t("page.command_order").split(" ");
  return textsUnder(PREFIX)
    .map(([name, text]) => ({ name, word: text.split(" ")[0], help: text.split(" ").slice(1).join(" ") }))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** Suggestions for a text with the caret at `caret`: `{from, items: [{write, title, help}]}`, or `null`. */
export function suggestions(text, caret) {
  const before = text.slice(0, caret);
  const slash = /^[/／](\S*)$/.exec(before);
  if (slash) return named(0, commandsLike(slash[1].toLowerCase()));
  const at = /(?:^|\s)@([^\s@]*)$/.exec(before);
  if (at) return named(before.length - at[1].length - 1, peopleLike(at[1].toLowerCase()));
  return null;
}

const named = (from, items) => (items.length > 0 ? { from, items: items.slice(0, MOST) } : null);

function commandsLike(part) {
  return commands()
    .filter(({ name, word, help }) => name.startsWith(part) || word.slice(1).toLowerCase().startsWith(part) || (part && help.includes(part)))
    .map(({ word, help }) => ({ write: `${word} `, title: word, help }));
}

function peopleLike(part) {
  const fits = (words) => words.some((word) => word.toLowerCase().includes(part));
  const people = allPeople().filter(({ id, name }) => fits([id, name]));
  return [
    ...people.map(({ id, name }) => ({ write: `@${name} `, title: `@${name}`, help: dutyOf(id) })),
    ...departments().filter((name) => fits([name])).map((name) => ({ write: `@${name} `, title: `@${name}`, help: t("page.composer.department") })),
  ];
}
