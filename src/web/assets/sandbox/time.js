// Times in words. Invariant: every time is shown on the wall of the sandbox (its offset), whatever the browser's zone is.

import { t } from "./texts.js";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

let offset = 480;
let current = Date.now();

/** The sandbox's own time: what "today" means, and the offset in which times are shown. */
export function setNow(rfc3339) {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(rfc3339);
  offset = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  current = Date.parse(rfc3339);
}

const onWall = (moment) => new Date(moment + offset * MINUTE);
const two = (number) => String(number).padStart(2, "0");
const dayNumber = (moment) => Math.floor((moment + offset * MINUTE) / DAY);

/** A key that is equal for two times of the same day. */
export const dayOf = (at) => dayNumber(Date.parse(at));

/** `09:30` */
export function timeWords(at) {
  const wall = onWall(Date.parse(at));
  return `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
}

function dateWords(moment) {
  const wall = onWall(moment);
  return t("page.time.date", {
    month_name: t(`page.time.month_${wall.getUTCMonth() + 1}`),
    day: wall.getUTCDate(),
    weekday: t(`page.time.weekday_${wall.getUTCDay()}`),
  });
}

/** `今天`, `明天`, or the date with its weekday. */
export function dayWords(at) {
  const moment = Date.parse(at);
  const near = { "-1": "page.time.yesterday", 0: "page.time.today", 1: "page.time.tomorrow" }[dayNumber(moment) - dayNumber(current)];
  return near ? t(near, { date: dateWords(moment) }) : dateWords(moment);
}

/** Date, weekday and time. */
export const fullWords = (at) => t("page.time.full", { date: dateWords(Date.parse(at)), time: timeWords(at) });

/** The value of a `datetime-local` input for this time. */
export const toInput = (at) => onWall(Date.parse(at)).toISOString().slice(0, 16);

/** RFC 3339 from the value of a `datetime-local` input. */
export function fromInput(value) {
  const size = Math.abs(offset);
  return `${value.slice(0, 16)}:00${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
