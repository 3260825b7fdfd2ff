// What happened, said once to whoever listens: `message`, `update`, `clock`, `upcoming`, `unread`, `reconnected`.

const target = new EventTarget();

/** Says that something happened. */
export const tell = (what, detail = {}) => target.dispatchEvent(new CustomEvent(what, { detail }));

/** Listens; the answer stops listening. */
export function hear(what, heard) {
  const listener = (event) => heard(event.detail);
  target.addEventListener(what, listener);
  return () => target.removeEventListener(what, listener);
}
