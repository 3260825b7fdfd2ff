// Light or dark: as the system has it, until the person chooses. Invariant: `data-theme` on the root always names the one in use.

import { icon } from "./icons.js";
import { recall, remember } from "./store.js";

const system = matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const theme = recall("theme") ?? (system.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  const button = document.getElementById("theme");
  button.dataset.icon = theme === "dark" ? "sun" : "moon";
  button.replaceChildren(icon(button.dataset.icon));
}

/** Takes the theme in use and lets the button turn it over. */
export function startTheme() {
  apply();
  system.addEventListener("change", apply);
  document.getElementById("theme").addEventListener("click", () => {
    remember("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    apply();
  });
}
