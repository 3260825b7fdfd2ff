// The messages of one chat as one person sees them. Invariant: in the order of their ids, each once, drawn anew only when it changed.

import { cardNode } from "./card.js";
import { el } from "./dom.js";
import * as drafts from "./drafts.js";
import { keepingFocus } from "./focus.js";
import { focusFirstError } from "./form.js";
import { icon } from "./icons.js";
import { avatar, nameOf } from "./people.js";
import { press } from "./press.js";
import { t } from "./texts.js";
import { dayOf, dayWords, fullWords, timeWords } from "./time.js";

const TOGETHER = 3 * 60_000;
const AT_END = 80;

export class MessageList {
  constructor(person, freshAfter) {
    this.person = person;
    this.freshAfter = freshAfter;
    this.shown = new Map();
    this.list = el("ol", { class: "messages", role: "log", "aria-label": t("page.messages.label"), tabindex: "0" });
    this.below = el("button", { type: "button", class: "below", hidden: true, on: { click: () => this.toEnd() } }, icon("down"), t("page.messages.below"));
    this.root = el("div", { class: "messages-frame" }, this.list, this.below);
    this.resting = true;
    this.list.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => { if (this.resting) this.toEnd(); }).observe(this.list);
    this.list.addEventListener("compositionend", () => this.drawLate());
    this.late = new Map();
  }

  get lastId() {
    return [...this.shown.keys()].at(-1) ?? "";
  }

  /** Takes messages in: new ones are added, known ones drawn anew when they differ. */
  take(messages) {
    const stay = this.atEnd() || this.shown.size === 0;
    const fresh = messages.filter((message) => !this.shown.has(message.id));
    for (const message of messages) this.put(message);
    if (fresh.length > 0) this.arrange();
    const mine = fresh.some((message) => message.from === this.person);
    if (stay || mine) this.toEnd();
    else if (fresh.length > 0) this.below.hidden = false;
  }

  put(message) {
    const words = JSON.stringify(message);
    const known = this.shown.get(message.id);
    if (known?.words === words) return;
    if (known && composing(known.node)) {
      this.late.set(message.id, message);
      return;
    }
    if (known) {
      const node = keepingFocus(known.node, () => this.replace(known.node, this.draw(message)));
      this.shown.set(message.id, { message, words, node });
    } else {
      this.shown.set(message.id, { message, words, node: this.draw(message) });
    }
  }

  replace(before, after) {
    after.className = before.className;
    before.replaceWith(after);
    return after;
  }

  // A redraw in the middle of an input method's word would tear the word apart, so it waits for its end.
  drawLate() {
    const waiting = [...this.late.values()];
    this.late.clear();
    setTimeout(() => waiting.forEach((message) => this.put(message)));
  }

  arrange() {
    const known = [...this.shown.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    this.shown = new Map(known);
    const nodes = [];
    let before = null;
    let marked = !this.freshAfter;
    for (const [id, { message, node }] of known) {
      const newDay = !before || dayOf(before.at) !== dayOf(message.at);
      if (newDay) nodes.push(el("li", { class: "day", role: "separator", data: { at: message.at } }, el("span", {}, dayWords(message.at))));
      if (!marked && id > this.freshAfter && message.from !== this.person) {
        nodes.push(el("li", { class: "fresh", role: "separator" }, el("span", {}, t("page.messages.fresh"))));
        marked = true;
      }
      node.classList.toggle("follows", !newDay && follows(before, message));
      nodes.push(node);
      before = message;
    }
    this.settleNodes(nodes);
  }

  /** The clock has moved: what was tomorrow may be today. */
  nameDays() {
    for (const day of this.list.querySelectorAll(":scope > .day")) day.firstElementChild.textContent = dayWords(day.dataset.at);
  }

  // Nodes already in place are not moved: moving one would take the focus from it.
  settleNodes(nodes) {
    for (const separator of this.list.querySelectorAll(":scope > .day, :scope > .fresh")) separator.remove();
    let place = this.list.firstElementChild;
    for (const node of nodes) {
      if (node === place) place = place.nextElementSibling;
      else this.list.insertBefore(node, place);
    }
  }

  draw(message) {
    const own = message.from === this.person;
    const body = message.card ? cardNode(message.card, this.hands(message)) : el("p", { class: "bubble" }, message.text ?? "");
    return el("li", { class: "message", data: { messageId: message.id, from: message.from }, tabindex: "-1" },
      el("div", { class: own ? "meta own" : "meta" },
        own ? null : avatar(message.from, "tiny"),
        own ? null : el("span", { class: "meta-name" }, nameOf(message.from)),
        el("time", { datetime: message.at, title: fullWords(message.at) }, timeWords(message.at))),
      el("div", { class: own ? "said own" : "said" },
        message.reply_to ? this.quote(message.reply_to) : null,
        message.card && message.text ? el("p", { class: "bubble" }, message.text) : null,
        body));
  }

  quote(id) {
    const said = this.shown.get(id)?.message;
    return said ? el("p", { class: "replied" }, t("page.messages.reply", { name: nameOf(said.from), text: said.text ?? said.card?.title ?? "" })) : null;
  }

  hands(message) {
    return {
      person: this.person,
      message: message.id,
      press: async (action, button) => this.answered(message, await press(this.person, message, action, button)),
    };
  }

  answered(message, answer) {
    if (!answer?.card) return;
    if (!answer.card.form) drafts.drop(this.person, message.id);
    const current = this.shown.get(message.id)?.message ?? message;
    this.put({ ...current, card: answer.card });
    const node = this.shown.get(message.id).node;
    if (!focusFirstError(node) && document.activeElement === document.body) node.focus({ preventScroll: true });
  }

  scrolled() {
    this.resting = this.atEnd();
    if (this.resting) this.below.hidden = true;
  }

  atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < AT_END;
  }

  // A last message that is taller than the frame is shown from its head: a form is read from the top.
  toEnd() {
    const last = this.list.lastElementChild;
    const tall = last && last.offsetHeight > this.list.clientHeight;
    this.list.scrollTop = tall ? last.offsetTop - this.list.offsetTop : this.list.scrollHeight;
    this.resting = true;
    this.below.hidden = true;
  }
}

let wordUnderWay = null;
document.addEventListener("compositionstart", ({ target }) => { wordUnderWay = target; });
document.addEventListener("compositionend", () => { wordUnderWay = null; });
const composing = (node) => node.contains(wordUnderWay) && wordUnderWay !== null;

function follows(before, message) {
  return before.from === message.from && !before.card && !message.card && Date.parse(message.at) - Date.parse(before.at) < TOGETHER;
}
