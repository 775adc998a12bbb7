// The phone's radio: the HTTP side of bots/sms/simulator.py.

const RETRY_MILLISECONDS = 2000;

/**
 * Post a message. Resolves to "taken", "again" (the same id may be sent again) or "refused" (the number or
 * the text is wrong: sending again would not help).
 */
export async function post(number, id, text) {
  try {
    const response = await fetch("/sms/simulator", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ from: number, id, text }),
    });
    if (response.ok) return "taken";
    return response.status === 400 || response.status === 413 ? "refused" : "again";
  } catch {
    return "again";
  }
}

/**
 * Listen to everything that happens on a number, from its kept history on. `on.message` and
 * `on.delivery` get the event's data, `on.connection` true or false. Returns a function that hangs up.
 */
export function listen(number, on) {
  let source;
  let timer;
  let last = "0";

  function connect() {
    const query = new URLSearchParams({ number, after: last });
    source = new EventSource(`/sms/simulator/stream?${query}`);
    source.addEventListener("open", () => on.connection(true));
    for (const kind of ["message", "delivery"]) {
      source.addEventListener(kind, (event) => {
        last = event.lastEventId;
        on[kind](JSON.parse(event.data));
      });
    }
    source.addEventListener("error", () => {
      on.connection(false);
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
