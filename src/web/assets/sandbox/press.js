// A pressed button, from the question before it to the answer. Invariant: one press, one call; while it is under way the card is still.

import { api } from "./api.js";
import { ask } from "./ask.js";
import * as drafts from "./drafts.js";
import { valuesOf } from "./form.js";
import { attempt, toast } from "./toasts.js";

/** Does what a button of a card stands for; answers the service's answer, or `undefined` when nothing came of it. */
export async function press(person, message, action, button) {
  const form = button.form;
  if (form.ariaBusy === "true") return undefined;
  if (action.ask_first && !(await ask(action))) return undefined;
  const values = action.submit && message.card.form ? valuesOf(form, message.card.form) : {};
  form.ariaBusy = "true";
  button.classList.add("busy");
  const answer = await attempt(() => api.act(person, message.id, action.id, values));
  form.ariaBusy = "false";
  button.classList.remove("busy");
  if (!answer) return undefined;
  if (action.submit) drafts.settle(person, message.id, values);
  if (answer.toast) toast(answer.toast.kind, answer.toast.text);
  return answer;
}
