// A card of the bot: a head coloured by the state, a body, a form, buttons.

import { blockNode } from "./blocks.js";
import { el, freshId } from "./dom.js";
import { formNode } from "./form.js";

/** The card as this person sees it. `press(action, button)` is called when a button was pressed. */
export function cardNode(card, { person, message, press }) {
  const title = freshId("card");
  return el("form", { class: `card ${card.colour}`, novalidate: true, "aria-labelledby": title, on: { submit: (event) => event.preventDefault(), keydown: submitByKey } },
    head(card, title),
    card.blocks.length > 0 ? el("div", { class: "card-body" }, card.blocks.map((block) => blockNode(block, person))) : null,
    card.form ? formNode(card.form, person, message) : null,
    card.actions.length > 0 ? el("div", { class: "actions" }, card.actions.map((action) => button(action, press))) : null);
}

function head(card, id) {
  return el("header", { class: "card-head" },
    el("div", { class: "card-words" },
      el("h3", { class: "card-title", id }, card.title),
      card.subtitle ? el("p", { class: "card-subtitle" }, card.subtitle) : null),
    card.tag ? el("span", { class: "tag" }, card.tag) : null);
}

function button(action, press) {
  if (action.url) return link(action);
  const node = el("button", { type: "button", class: `button ${action.style}`, disabled: !action.enabled, data: { action: action.id } }, action.label);
  if (action.submit) node.dataset.submit = "";
  node.addEventListener("click", () => press(action, node));
  return node;
}

// On a messenger without forms, what a button stands for is done on a page of its own.
function link(action) {
  return el("a", { class: `button ${action.style}`, href: action.url, target: "_blank", rel: "noopener noreferrer", data: { action: action.id } }, action.label);
}

// Enter alone never files anything: a request is too much to send by a slip. Ctrl+Enter (⌘+Enter) does.
function submitByKey(event) {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.target.tagName === "INPUT") event.preventDefault();
  if (event.ctrlKey || event.metaKey) event.currentTarget.querySelector("[data-submit]:not(:disabled)")?.click();
}
