// Keeps the focus and the caret while a message is drawn anew under somebody's hands.

/** Draws anew, then puts the focus back on the control of the same name or action. */
export function keepingFocus(root, draw) {
  const held = document.activeElement;
  const inside = root.contains(held) ? grip(held) : null;
  const fresh = draw();
  if (inside) restore(fresh, inside);
  return fresh;
}

function grip(node) {
  return {
    name: node.name,
    value: ["radio", "checkbox"].includes(node.type) ? node.value : undefined,
    action: node.dataset.action,
    caret: typeof node.selectionStart === "number" ? [node.selectionStart, node.selectionEnd] : null,
    scroll: node.scrollTop,
  };
}

function restore(root, { name, value, action, caret, scroll }) {
  const match = (node) => (action ? node.dataset.action === action : Boolean(name) && node.name === name && (value === undefined || node.value === value));
  const node = [...root.querySelectorAll("input, textarea, select, button")].find(match);
  if (!node) return;
  node.focus({ preventScroll: true });
  if (caret) node.setSelectionRange(...caret);
  node.scrollTop = scroll;
}
