// The phone's radio: the HTTP side of bots/sms/simulator.py, and the streams of all devices.

const RETRY_MILLISECONDS = 2000;

/**
 * Post a message. Resolves to "taken", "again" (the same id may be sent again) or "refused" (the number or
 * the text is wrong: sending again would not help).
 */
export const post = (number, id, text) =>
  send("/sms/simulator", JSON.stringify({ from: number, id, text }), "application/json");

/** Post a body as its type says; resolves as `post` does. */
export async function send(url, body, type) {
  try {
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": type }, body });
    if (response.ok) return "taken";
    return response.status === 400 || response.status === 413 ? "refused" : "again";
  } catch {
    return "again";
  }
}

// randomUUID would need https wherever the demo is not opened on localhost.
export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Listen to everything that happens on a number, from its kept history on. `on` has a function for each
 * kind of event, which gets its data, and `connection`, which gets true or false, and whether the server
 * refused. Returns a function that hangs up.
 */
export function listen(url, number, { connection, ...on }) {
  let source;
  let timer;
  let last = "0";

  function connect() {
    source = new EventSource(`${url}?${new URLSearchParams({ number, after: last })}`);
    source.addEventListener("open", () => connection(true));
    for (const [kind, hear] of Object.entries(on)) {
      source.addEventListener(kind, (event) => {
        last = event.lastEventId;
        hear(JSON.parse(event.data));
      });
    }
    source.addEventListener("error", () => {
      connection(false, source.readyState === EventSource.CLOSED);
      // The browser reconnects by itself after a broken connection, not after an HTTP error.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, RETRY_MILLISECONDS);
    });
  }

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
