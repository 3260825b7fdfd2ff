// Builds elements. Invariant: words become text nodes, so nothing that somebody wrote can turn into markup.

/** An element. `props`: `class`, `data` (dataset), `on` (listeners); anything else is an attribute, `false` and `null` leave it out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "on") for (const [event, heard] of Object.entries(value)) node.addEventListener(event, heard);
  else node.setAttribute(name, value === true ? "" : value);
}

let ids = 0;

/** An id that no other element has, for labels and descriptions. */
export function freshId(stem) {
  ids += 1;
  return `${stem}-${ids}`;
}

/** The address if a browser may be sent there, else nothing: a card never carries `javascript:`. */
export function safeUrl(url) {
  try {
    const parsed = new URL(url, location.href);
    return ["http:", "https:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}
