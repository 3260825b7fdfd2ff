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

// Links that are signed anew each time, and where somebody stands in a chart, do not make a page another one.
function words(part) {
  return part.innerHTML.replaceAll(/\/forms\/[\w-]+| (tabindex="-?\d"|data-o[fn]="")/g, "");
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

// Of many arrows only those of the task under the pointer or the focus stand out.
function follow(task) {
  for (const chart of document.querySelectorAll(".gantt")) {
    const number = task && chart.contains(task) ? task.dataset.task : "";
    chart.toggleAttribute("data-of", number !== "");
    for (const arrow of chart.querySelectorAll(".arrow")) {
      arrow.toggleAttribute("data-on", number !== "" && [arrow.dataset.from, arrow.dataset.to].includes(number));
    }
  }
}

const focused = () => document.activeElement?.closest?.(".task");
document.addEventListener("pointerover", (event) => follow(event.target.closest?.(".task") ?? focused()));
document.addEventListener("focusin", () => follow(focused()));
document.addEventListener("focusout", () => follow(null));
document.addEventListener("keydown", (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const from = steps[event.key] && focused();
  if (!from) return;
  const tasks = [...from.closest("svg").querySelectorAll(".task")];
  const to = tasks[tasks.indexOf(from) + steps[event.key]];
  if (!to) return;
  event.preventDefault();
  for (const task of tasks) task.setAttribute("tabindex", task === to ? "0" : "-1");
  to.focus();
});

// Nobody is to wait for a file to be sent that is too large to be taken.
for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  field.addEventListener("change", () => {
    const tooBig = (field.files[0]?.size ?? 0) > Number(field.dataset.most);
    field.setCustomValidity(tooBig ? field.dataset.tooBig : "");
    field.reportValidity();
  });
}

if (document.querySelector("[data-live]")) listen();
setInterval(soon, ANYWAY);
