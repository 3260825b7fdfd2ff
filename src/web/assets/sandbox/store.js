// What the page remembers between visits. Invariant: a browser that refuses to store costs memory, never an error.

const PREFIX = "liaison.";
const fallback = new Map();

/** Keeps a value under a name. */
export function remember(name, value) {
  const text = JSON.stringify(value);
  fallback.set(name, text);
  try {
    localStorage.setItem(PREFIX + name, text);
  } catch {
    // Private windows and full disks: the fallback holds until the page is closed.
  }
}

/** The value kept under a name, or `null`. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? fallback.get(name) ?? "null");
  } catch {
    return JSON.parse(fallback.get(name) ?? "null");
  }
}

/** Forgets a name. */
export function forget(name) {
  fallback.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing was stored, so nothing stays.
  }
}
