// One control per kind of field. Invariant: whatever is typed can be sent; judging it is the service's part, never the browser's.

import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

const PILLS_AT_MOST = 4;
const PILL_LETTERS_AT_MOST = 28;

const KINDS = { text, multiline, choice, choices, date, number };

/** A field with its label, control, hint and error. `value` is what stands in it. */
export function fieldNode(field, value) {
  const spot = { id: freshId("field"), hint: freshId("hint"), error: freshId("error") };
  const many = isGroup(field);
  const described = [field.error && spot.error, field.hint && spot.hint].filter(Boolean).join(" ") || null;
  const shared = { "aria-describedby": described, "aria-invalid": field.error ? "true" : null, "aria-required": field.required ? "true" : null };
  const label = [field.label, field.required && el("span", { class: "star", "aria-hidden": "true" }, "*")];
  const head = el("span", { class: "field-head" },
    many ? el("span", { class: "label", id: spot.id }, label) : el("label", { class: "label", for: spot.id }, label),
    field.max_length ? counter(field, value) : null);
  return el("div", { class: `field kind-${field.kind}${field.error ? " wrong" : ""}`, data: { field: field.name } },
    head,
    (KINDS[field.kind] ?? text)(field, value, { ...shared, ...(many ? { "aria-labelledby": spot.id } : { id: spot.id }) }),
    field.error ? el("p", { class: "field-error", id: spot.error }, icon("alert"), el("span", {}, field.error)) : null,
    field.hint ? el("p", { class: "field-hint", id: spot.hint }, field.hint) : null);
}

const isGroup = (field) => field.kind === "choices" || (field.kind === "choice" && asPills(field));

function asPills({ options, required }) {
  const letters = options.reduce((sum, { label }) => sum + [...label].length, 0);
  return required && options.length <= PILLS_AT_MOST && letters <= PILL_LETTERS_AT_MOST;
}

function counter({ max_length }, value) {
  const node = el("span", { class: "counter", data: { most: max_length } });
  recount(node, value);
  return node;
}

function recount(node, value) {
  const count = [...value].length;
  node.textContent = `${count}/${node.dataset.most}`;
  node.classList.toggle("over", count > Number(node.dataset.most));
}

const countTyping = ({ target }) => {
  const node = target.closest(".field").querySelector(".counter");
  if (node) recount(node, target.value);
};

function input(field, value, attributes, more) {
  return el("input", { class: "input", name: field.name, type: "text", autocomplete: "off", value, ...attributes, ...more, on: { input: countTyping } });
}

function text(field, value, attributes) {
  return input(field, value, attributes, {});
}

// Not `type=number`: a browser throws away what it cannot read, and `10万` is a fair answer.
function number(field, value, attributes) {
  return input(field, value, attributes, { inputmode: "decimal" });
}

function multiline(field, value, attributes) {
  const node = el("textarea", { class: "input", name: field.name, rows: 3, ...attributes, on: { input: countTyping } });
  node.value = value;
  return node;
}

function choice(field, value, attributes) {
  return asPills(field) ? pills(field, [value], attributes, "radio") : select(field, value, attributes);
}

function choices(field, value, attributes) {
  return pills(field, value.split(",").map((part) => part.trim()), attributes, "checkbox");
}

function select(field, value, attributes) {
  const known = field.options.some((option) => option.value === value);
  const node = el("select", { class: "input", name: field.name, ...attributes },
    known && field.required ? null : el("option", { value: "" }, t(field.required ? "page.form.choose" : "page.form.none")),
    field.options.map((option) => el("option", { value: option.value }, option.label)));
  node.value = known ? value : "";
  return node;
}

function pills(field, chosen, attributes, type) {
  const role = type === "radio" ? "radiogroup" : "group";
  const allowed = type === "radio" ? attributes : { ...attributes, "aria-required": null, "aria-invalid": null };
  return el("div", { class: "pills", role, ...allowed },
    field.options.map((option) => el("label", { class: "pill" },
      el("input", { type, name: field.name, value: option.value, checked: chosen.includes(option.value) }),
      el("span", {}, option.label))));
}

// The words stay in the text input ("下周三", "T+3"); the calendar beside it only writes a date into it.
function date(field, value, attributes) {
  const written = input(field, value, attributes, { placeholder: t("page.form.date_example") });
  const picker = el("input", { type: "date", class: "picker", tabindex: "-1", "aria-hidden": "true" });
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    written.value = picker.value;
    written.dispatchEvent(new Event("input", { bubbles: true }));
    written.focus();
  });
  const open = () => {
    picker.value = /^\d{4}-\d\d-\d\d$/.test(written.value) ? written.value : "";
    if (picker.showPicker) picker.showPicker();
    else picker.focus();
  };
  return el("div", { class: "dated" }, written,
    el("span", { class: "picker-place" }, picker,
      el("button", { type: "button", class: "ghost icon-only small", "aria-label": t("page.form.pick_date"), on: { click: open } }, icon("calendar"))));
}
