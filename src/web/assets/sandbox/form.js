// A form in a card. Invariant: what stands in it is what was typed last, or what the service said when nothing was typed.

import { el } from "./dom.js";
import { fieldNode } from "./fields.js";
import * as drafts from "./drafts.js";

/** The fields, those of one group under its heading. */
export function formNode(form, person, message) {
  const typed = drafts.typed(person, message);
  const parts = [];
  for (const field of form.fields) {
    const node = fieldNode(field, typed[field.name] ?? field.value ?? "");
    const last = parts.at(-1);
    if (last && last.group === field.group) last.nodes.push(node);
    else parts.push({ group: field.group, nodes: [node] });
  }
  const keep = ({ target }) => keepTyped(target, person, message);
  return el("div", { class: "form", on: { input: keep, change: keep } }, parts.map(part));
}

function part({ group, nodes }) {
  if (!group) return el("div", { class: "part" }, nodes);
  return el("fieldset", { class: "part" }, el("legend", {}, group), nodes);
}

function keepTyped(target, person, message) {
  if (target.name) drafts.keepValue(person, message, target.name, valueOf(target.form, target.name));
}

const valueOf = (form, name) => new FormData(form).getAll(name).join(",");

/** Everything in the form, by name; a field that is left empty is an empty word. */
export function valuesOf(formElement, form) {
  return Object.fromEntries(form.fields.map(({ name }) => [name, valueOf(formElement, name)]));
}

/** Puts the focus on the first field that is wrong; answers whether there was one. */
export function focusFirstError(root) {
  const control = root.querySelector(".field.wrong :is(input, textarea, select)");
  control?.focus({ preventScroll: true });
  control?.closest(".field").scrollIntoView({ block: "center" });
  return Boolean(control);
}
