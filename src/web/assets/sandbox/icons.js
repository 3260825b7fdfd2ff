// The few drawings of the page, as strokes on a 24×24 grid. They are decoration: each button has words of its own.

const STROKES = {
  clock: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18",
  skip: "M5 5l9 7l-9 7zM18.5 5v14",
  calendar: "M4 9h16M8 3v4M16 3v4M5.5 5h13A1.5 1.5 0 0 1 20 6.5v12a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5v-12A1.5 1.5 0 0 1 5.5 5",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4",
  help: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M9.6 9.4a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2 1-1.2 1.9M12 16.8v.2",
  moon: "M20 14.2A8.2 8.2 0 0 1 9.8 4a8.2 8.2 0 1 0 10.2 10.2z",
  sun: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6l6-6",
  send: "M4.5 12L20 4.5L15 20l-3.6-6.4zM11.4 13.6L20 4.5",
  group: "M9 11.5a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 0 0 0 6.4M3 19.5c0-3.3 2.6-5.2 6-5.2s6 1.9 6 5.2M16 5.4a3 3 0 0 1 0 5.8M17.5 14.6c2.2.6 3.5 2.3 3.5 4.9",
  chat: "M5 5h14a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 17h-7l-4.5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 5",
  arrow: "M5 12h13M13 6.5l5.5 5.5l-5.5 5.5",
  link: "M10 14l4-4M11.5 7.5l1.8-1.8a3.6 3.6 0 0 1 5 5l-1.8 1.8M12.5 16.5l-1.8 1.8a3.6 3.6 0 0 1-5-5l1.8-1.8",
  alert: "M12 8v5M12 16.3v.2M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17",
  check: "M5 12.5l4.5 4.5L19 7.5",
};

const SVG = "http://www.w3.org/2000/svg";

/** A drawing by its name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}

/** Puts its drawing in front of every element that asks for one with `data-icon`. */
export function placeIcons(root) {
  for (const node of root.querySelectorAll("[data-icon]")) {
    node.querySelector(":scope > .icon")?.remove();
    node.prepend(icon(node.dataset.icon));
  }
}
