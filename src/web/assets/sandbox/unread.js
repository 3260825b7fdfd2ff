// How much each person has not read. Invariant: a chat that is open and in sight has nothing unread.

import { api } from "./api.js";
import { tell } from "./bus.js";
import { recall, remember } from "./store.js";

const NAME = "unread";
const state = recall(NAME) ?? {};

const entry = (person, chat) => state[person]?.[chat] ?? { mark: "", count: 0 };

function put(person, chat, value) {
  const before = entry(person, chat);
  if (before.mark === value.mark && before.count === value.count) return;
  state[person] = { ...state[person], [chat]: value };
  remember(NAME, state);
  tell("unread", { person });
}

export const unreadIn = (person, chat) => entry(person, chat).count;
export const unreadOf = (person) => Object.values(state[person] ?? {}).reduce((sum, { count }) => sum + count, 0);

/** The last message that this person has seen in a chat; empty when none. */
export const markOf = (person, chat) => entry(person, chat).mark;

/** Everything up to this message is read. */
export function markRead(person, chat, id) {
  put(person, chat, { mark: id > markOf(person, chat) ? id : markOf(person, chat), count: 0 });
}

/** One more that is not read. */
export function oneMore(person, chat) {
  const { mark, count } = entry(person, chat);
  put(person, chat, { mark, count: count + 1 });
}

/** Counts again after the page was away. */
export async function recount(person, chats) {
  for (const chat of chats) {
    const { mark } = entry(person, chat.id);
    if (!chat.last || chat.last.id <= mark) continue;
    const messages = await api.messages(person, chat.id, mark);
    put(person, chat.id, { mark, count: messages.filter((message) => message.from !== person).length });
  }
}
