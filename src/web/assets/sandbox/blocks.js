// The body of a card: one function per kind of block. A kind that is not known yet is left out, the rest is shown.

import { el, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

const LONG = 12;
const KINDS = { text, fields, table, diff, timeline, mentions, divider, note, link, picture };

/** A block for this reader, or `null`. */
export function blockNode(block, reader) {
  return KINDS[block.type]?.(block, reader) ?? null;
}

function text(block) {
  const tag = block.tone === "quote" ? "blockquote" : "p";
  return el(tag, { class: `text ${block.tone ?? "normal"}` }, block.text);
}

function fields({ items }) {
  return el("dl", { class: "facts" }, items.map((item) =>
    el("div", { class: item.short ? "fact short" : "fact" }, el("dt", {}, item.label), el("dd", {}, item.value))));
}

function table({ columns, rows }) {
  const head = el("tr", {}, columns.map((column) => el("th", { scope: "col" }, column)));
  const body = rows.map((row) => el("tr", {}, row.map((cell, n) =>
    el("td", { class: [...cell].length > LONG ? "long" : null, "data-label": columns[n] ?? null }, cell))));
  return el("div", { class: "table", role: "region", tabindex: "0", "aria-label": columns.join(" · ") },
    el("table", {}, el("thead", {}, head), el("tbody", {}, body)));
}

function diff({ items }) {
  return el("dl", { class: "diff" }, items.map(({ label, before, after }) => el("div", { class: "change" },
    el("dt", {}, label),
    el("dd", {},
      before ? el("del", {}, el("span", { class: "unseen" }, t("page.card.before")), before) : null,
      before && after ? icon("arrow") : null,
      after ? el("ins", {}, el("span", { class: "unseen" }, t("page.card.after")), after) : null))));
}

function timeline({ items }) {
  return el("ol", { class: "timeline" }, items.map(({ at, who, text: what, colour }) => el("li", { class: `event ${colour}` },
    el("p", { class: "event-text" }, el("b", {}, who), " ", what),
    el("p", { class: "event-at" }, at))));
}

function mentions({ people }, reader) {
  return el("p", { class: "mentions" }, people.map(({ id, name }) =>
    el("span", { class: id === reader ? "mention me" : "mention" }, `@${name}`)));
}

function divider() {
  return el("hr", {});
}

function note(block) {
  return el("p", { class: "note" }, block.text);
}

function link(block) {
  const href = safeUrl(block.url);
  if (!href) return el("p", { class: "text quiet" }, block.text);
  return el("a", { class: "link", href, target: "_blank", rel: "noopener noreferrer" }, icon("link"), block.text);
}

// A touch opens it at full size.
function picture({ alt, url }, reader) {
  const src = url ? `${url}?person=${encodeURIComponent(reader)}` : null;
  if (!src) return null;
  return el("a", { class: "picture", href: src, target: "_blank", rel: "noopener noreferrer" },
    el("img", { src, alt, width: "750", loading: "lazy", decoding: "async" }));
}
