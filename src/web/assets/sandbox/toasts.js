// Short answers that come and go by themselves, errors last. Invariant: none leaves while the pointer or the focus is on it.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./texts.js";

const STAY = { success: 4500, info: 6000, error: 12000 };
const MOST = 4;
const ICONS = { success: "check", info: "bell", error: "alert" };

/** Shows one line. `kind`: `success`, `info` or `error`. */
export function toast(kind, text) {
  const host = document.getElementById("toasts");
  const close = () => node.remove();
  const node = el("div", { class: `toast ${kind}`, role: kind === "error" ? "alert" : null },
    icon(ICONS[kind] ?? "bell"),
    el("p", {}, text),
    el("button", { type: "button", class: "ghost icon-only small", "aria-label": t("page.close"), on: { click: close } }, icon("close")));
  host.append(node);
  while (host.children.length > MOST) host.firstElementChild.remove();
  leaveAfter(node, STAY[kind] ?? STAY.info);
}

function leaveAfter(node, stay) {
  const wait = () => setTimeout(() => node.remove(), stay);
  let timer = wait();
  for (const held of ["pointerenter", "focusin"]) node.addEventListener(held, () => clearTimeout(timer));
  for (const free of ["pointerleave", "focusout"]) node.addEventListener(free, () => { clearTimeout(timer); timer = wait(); });
}

/** Runs something that may fail; a failure is shown, and answers `undefined`. */
export async function attempt(work) {
  try {
    return await work();
  } catch (fault) {
    toast("error", fault.message);
    return undefined;
  }
}
