// The messenger's side of the chat: the HTTP side of bots/telegram/simulator.py.

import { listen, send } from "./carrier.js";

const URL = "/telegram/simulator";

/**
 * What a customer does, as `{text}`, `{contact: "own" | "other"}` or `{press: {message, data}}`. Resolves to
 * "taken", "again" (the same id may be sent again) or "refused".
 */
export const act = (number, id, what) => send(URL, JSON.stringify({ from: number, id, ...what }), "application/json");

/** Send a file; those of one `album` belong together. Resolves as `act` does. */
export const upload = (number, id, file, album) =>
  send(`${URL}/file?${new URLSearchParams({ from: number, id, name: file.name.slice(-100), album })}`, file, "application/octet-stream");

/** Listen to an account's chat: `on.message`, `on.key`, `on.toast`, `on.connection`. */
export const follow = (number, on) => listen(`${URL}/stream`, number, on);

/** Where a picture of the chat is. */
export const imageUrl = (id) => `${URL}/images/${id}`;
