// The live line to the service. Invariant: after a gap the page is told to read everything again, so a lost event loses nothing.

import { tell } from "./bus.js";

const HEARD = ["message", "update", "clock", "upcoming"];

/** Opens the line and keeps it open; `EventSource` comes back by itself. */
export function connect() {
  const offline = document.getElementById("offline");
  const source = new EventSource("/sandbox/api/events");
  let gap = false;
  for (const what of HEARD) {
    source.addEventListener(what, (event) => tell(what, JSON.parse(event.data || "{}")));
  }
  source.addEventListener("open", () => {
    offline.hidden = true;
    if (gap) tell("reconnected");
    gap = false;
  });
  source.addEventListener("error", () => {
    gap = true;
    offline.hidden = false;
  });
}
