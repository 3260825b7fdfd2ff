// Keeps an open page up to date: hears which requests changed, fetches the page anew, and puts in only what differs.
// Focus, scrolling and what somebody is typing stay where they are.

const { root, request } = document.body.dataset;
const said = document.getElementById("said");
const PAUSE = 300;
const ANYWAY = 300_000;

let timer = 0;
let busy = false;
let again = false;

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE);
}

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401 || answer.status === 404) {
      location.reload();
    } else if (answer.ok) {
      swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    say(said.dataset.offline);
  } finally {
    busy = false;
    if (again) {
      again = false;
      soon();
    }
  }
}

function swap(fresh) {
  let changed = false;
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (!now) {
      // The page has another shape now.
      location.reload();
      return;
    }
    if (words(now) === words(part)) continue;
    changed = true;
    const key = part.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    part.replaceChildren(...now.childNodes);
    if (key) part.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }
  document.title = fresh.title;
  if (changed) say(said.dataset.updated);
}

// Links that are signed anew each time do not make a page another one.
function words(part) {
  return part.innerHTML.replaceAll(/\/forms\/[\w-]+/g, "");
}

function say(text) {
  said.textContent = text;
}

function listen() {
  const events = new EventSource(`${root}board/events`);
  events.addEventListener("open", () => {
    if (said.textContent === said.dataset.offline) say("");
    document.body.dataset.ready = "";
    soon();
  });
  events.addEventListener("changed", (event) => {
    const about = JSON.parse(event.data).request;
    if (!request || !about || about === request) soon();
  });
  events.addEventListener("error", () => {
    say(said.dataset.offline);
    // Refused for good: the page itself says why.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5_000);
  });
}

if (document.querySelector("[data-live]")) listen();
setInterval(soon, ANYWAY);
