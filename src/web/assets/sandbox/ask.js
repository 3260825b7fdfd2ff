// The question before an act that cannot be taken back lightly. Invariant: only the yes button answers yes; Escape answers no.

/** Asks; answers whether to go on. */
export function ask(action) {
  const dialog = document.getElementById("ask");
  const yes = document.getElementById("ask-yes");
  document.getElementById("ask-title").textContent = action.label;
  document.getElementById("ask-question").textContent = action.ask_first;
  yes.textContent = action.label;
  yes.className = `button ${action.style === "danger" ? "danger solid" : "primary"}`;
  dialog.returnValue = "no";
  dialog.showModal();
  document.getElementById("ask-no").focus();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}
