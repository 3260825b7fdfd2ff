// Where somebody writes. Invariant: the line is kept as it is typed, and is emptied only when the service has taken it.

import { api } from "./api.js";
import { el, freshId } from "./dom.js";
import * as drafts from "./drafts.js";
import { icon } from "./icons.js";
import { suggestions } from "./suggest.js";
import { t } from "./texts.js";
import { attempt } from "./toasts.js";

const TALLEST = 120;

export class Composer {
  constructor(person, chat, sent) {
    this.person = person;
    this.chat = chat;
    this.sent = sent;
    this.found = null;
    this.active = -1;
    const listId = freshId("commands");
    this.list = el("ul", { class: "commands", role: "listbox", id: listId, "aria-label": t("page.composer.suggestions"), hidden: true });
    this.input = el("textarea", {
      class: "line", name: "line", rows: 1, role: "combobox", "aria-label": t("page.composer.label"), placeholder: t("page.composer.placeholder"),
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, autocomplete: "off", enterkeyhint: "send",
    });
    this.input.value = drafts.line(person, chat);
    this.send = el("button", { type: "button", class: "send", "aria-label": t("page.composer.send"), title: t("page.composer.send") }, icon("send"));
    this.slash = el("button", { type: "button", class: "slash", "aria-label": t("page.composer.commands"), title: t("page.composer.commands") }, "/");
    this.root = el("div", { class: "composer" }, this.list, el("div", { class: "composer-box" }, this.slash, this.input, this.send));
    this.listen();
    this.typed();
  }

  listen() {
    this.input.addEventListener("input", () => { this.typed(); this.suggest(); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.send.addEventListener("click", () => this.say());
    this.slash.addEventListener("pointerdown", (event) => event.preventDefault());
    this.slash.addEventListener("click", () => this.offerCommands());
  }

  offerCommands() {
    this.input.focus();
    if (this.input.value.trim() === "") this.input.value = "/";
    this.typed();
    this.suggest();
  }

  typed() {
    drafts.keepLine(this.person, this.chat, this.input.value);
    this.send.disabled = this.input.value.trim() === "";
    this.input.style.height = "auto";
    if (this.input.scrollHeight > 0) this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
  }

  suggest() {
    this.found = suggestions(this.input.value, this.input.selectionStart);
    this.active = -1;
    this.list.replaceChildren(...(this.found?.items ?? []).map((item, index) => this.option(item, index)));
    this.list.hidden = !this.found;
    this.input.setAttribute("aria-expanded", String(Boolean(this.found)));
    this.input.removeAttribute("aria-activedescendant");
  }

  option(item, index) {
    const node = el("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" }, el("b", {}, item.title), el("span", {}, item.help));
    node.addEventListener("pointerdown", (event) => event.preventDefault());
    node.addEventListener("click", () => this.complete(item));
    return node;
  }

  close() {
    this.found = null;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    if (this.found && this.keyInList(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.say();
    }
  }

  keyInList({ key, shiftKey }) {
    const { items } = this.found;
    if (key === "ArrowDown") this.choose((this.active + 1) % items.length);
    else if (key === "ArrowUp") this.choose((this.active <= 0 ? items.length : this.active) - 1);
    else if (key === "Escape") this.close();
    else if (key === "Tab" && !shiftKey && this.input.value.length > 1) this.complete(items[Math.max(this.active, 0)]);
    else if (key === "Enter" && this.active >= 0) this.complete(items[this.active]);
    else return false;
    return true;
  }

  choose(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const node = this.list.children[index];
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", node.id);
  }

  complete(item) {
    this.input.setRangeText(item.write, this.found.from, this.input.selectionStart, "end");
    this.close();
    this.typed();
    this.input.focus();
  }

  async say() {
    const text = this.input.value;
    if (text.trim() === "" || this.send.ariaBusy === "true") return;
    this.close();
    this.send.ariaBusy = "true";
    const taken = await attempt(() => api.say(this.person, this.chat, text.trim()));
    this.send.ariaBusy = "false";
    if (!taken) return;
    if (this.input.value === text) this.input.value = "";
    this.typed();
    this.sent(taken.message_id);
  }
}
