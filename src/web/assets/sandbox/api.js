// The sandbox API, one function per call. Invariant: a call answers with what it was asked for or throws an `ApiError` with words.

/** What went wrong, in words for the person in front of the page. */
export class ApiError extends Error {}

let offlineWords = "";

/** The words for "the service does not answer", once the texts are here. */
export function setOfflineWords(words) {
  offlineWords = words;
}

async function call(path, body) {
  const options = body === undefined
    ? { headers: { accept: "application/json" } }
    : { method: "POST", headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(`/sandbox/api/${path}`, options);
  } catch {
    throw new ApiError(offlineWords);
  }
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw new ApiError(said?.error ?? `${answer.status} ${answer.statusText}`);
  return said;
}

const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
};

export const api = {
  people: () => call("people"),
  chats: (person) => call(`chats${query({ person })}`),
  messages: (person, chat, after) => call(`chats/${encodeURIComponent(chat)}/messages${query({ person, after })}`),
  say: (person, chat, text) => call("messages", { person, chat, text }),
  act: (person, message_id, action, values) => call("actions", { person, message_id, action, values }),
  clock: () => call("clock"),
  advance: (by) => call("clock", { advance: by }),
  setClock: (at) => call("clock", { set: at }),
  upcoming: () => call("upcoming"),
  texts: (lang) => call(`texts${query({ lang })}`),
  speak: (language) => call("language", { language }),
};
