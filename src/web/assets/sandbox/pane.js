// One person's messenger: who it is, their chats, the messages of one of them, and where they write.

import { api } from "./api.js";
import { tell } from "./bus.js";
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./messages.js";
import { allPeople, avatar, departments, dutyOf, nameOf } from "./people.js";
import { recall, remember } from "./store.js";
import { t } from "./texts.js";
import { attempt } from "./toasts.js";
import { markOf, markRead, recount, unreadIn } from "./unread.js";

export class Pane {
  constructor(person, { switched, closed }) {
    this.person = person;
    this.chats = [];
    this.chat = null;
    this.queue = Promise.resolve();
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": t("page.pane.chats"), on: { keydown: (event) => this.keyInTabs(event) } });
    this.tabs.addEventListener("wheel", ({ deltaY }) => { this.tabs.scrollLeft += deltaY; }, { passive: true });
    this.body = el("div", { class: "pane-body", role: "tabpanel", "aria-label": t("page.messages.label") });
    this.root = el("section", { class: "pane", data: { person, chat: "" }, "aria-label": t("page.pane.label", { name: nameOf(person) }) },
      this.head(switched, closed), this.tabs, this.body);
  }

  head(switched, closed) {
    const options = departments().map((department) => el("optgroup", { label: department },
      allPeople().filter((one) => one.department === department).map((one) => el("option", { value: one.id, selected: one.id === this.person }, one.name))));
    return el("header", { class: "pane-head" },
      avatar(this.person),
      el("div", { class: "who" },
        el("h2", { class: "who-name" }, nameOf(this.person), icon("down")),
        el("p", { class: "who-duty" }, dutyOf(this.person)),
        el("select", { class: "who-switch", name: "person", "aria-label": t("page.pane.switch"), title: t("page.pane.switch"), on: { change: ({ target }) => switched(this, target.value) } }, options)),
      el("button", { type: "button", class: "ghost icon-only small pane-close", "aria-label": t("page.pane.close", { name: nameOf(this.person) }), title: t("page.pane.close", { name: nameOf(this.person) }), on: { click: () => closed(this) } }, icon("close")));
  }

  /** Reads the chats and opens the one that was open last, else the private one. */
  async start() {
    await attempt(async () => {
      await this.loadChats();
      const kept = this.chats.find(({ id }) => id === recall(`chat/${this.person}`));
      const first = kept ?? this.chats.find(({ kind }) => kind === "private") ?? this.chats[0];
      if (first) await this.open(first.id);
      await this.countUnread();
    });
  }

  /** Reads again what may have been missed; what is being typed or looked at stays where it is. */
  async catchUp() {
    await attempt(async () => {
      await this.loadChats();
      await this.refresh({ whole: true });
      await this.countUnread();
    });
  }

  countUnread() {
    return recount(this.person, this.chats.filter(({ id }) => id !== this.chat || !this.inSight));
  }

  async loadChats() {
    this.chats = await api.chats(this.person);
    this.drawTabs();
  }

  drawTabs() {
    const held = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(...this.chats.map((chat) => this.tab(chat)));
    if (held) this.tabs.querySelector("[aria-selected=true]")?.focus();
  }

  tab({ id, kind, name }) {
    const unread = unreadIn(this.person, id);
    const open = id === this.chat;
    return el("button", { type: "button", class: "tab", role: "tab", "aria-selected": String(open), tabindex: open ? "0" : "-1", title: name, data: { chat: id }, on: { click: () => this.open(id) } },
      icon(kind === "group" ? "group" : "chat"),
      el("span", { class: "tab-name" }, name),
      unread > 0 ? el("span", { class: "badge", "aria-label": t("page.unread", { count: unread }) }, unread > 99 ? "99+" : String(unread)) : null);
  }

  keyInTabs({ key }) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const at = this.chats.findIndex(({ id }) => id === this.chat);
    this.open(this.chats[(at + step + this.chats.length) % this.chats.length].id);
  }

  /** Shows a chat. */
  async open(chat) {
    if (chat === this.chat) return;
    this.chat = chat;
    this.root.dataset.chat = chat;
    remember(`chat/${this.person}`, chat);
    this.messages = new MessageList(this.person, markOf(this.person, chat));
    this.composer = new Composer(this.person, chat, () => this.refresh());
    this.body.replaceChildren(this.messages.root, this.composer.root);
    this.composer.typed();
    this.drawTabs();
    this.tabs.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    await this.refresh();
  }

  /** Reads the open chat again: only what is new, or all of it. Reads follow one another, so an older answer never overwrites a newer. */
  refresh({ whole = false } = {}) {
    const { chat, messages } = this;
    this.queue = this.queue.then(() => attempt(async () => {
      if (chat !== this.chat || messages !== this.messages) return;
      messages.take(await api.messages(this.person, chat, whole ? "" : messages.lastId));
      this.seen();
    }));
    return this.queue;
  }

  /** Whether somebody can see it: a hidden tab or a pane behind the switcher cannot be read. */
  get inSight() {
    return !document.hidden && this.root.offsetParent !== null;
  }

  /** What is in sight is read. */
  seen() {
    if (this.inSight && this.messages?.lastId) markRead(this.person, this.chat, this.messages.lastId);
  }

  /** A message came for this person. */
  async arrived(chat) {
    if (chat === this.chat) await this.refresh();
    else if (!this.chats.some(({ id }) => id === chat)) await attempt(() => this.loadChats());
    tell("unread", { person: this.person });
  }
}
