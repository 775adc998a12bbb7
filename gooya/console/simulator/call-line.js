// One call of the demo's telephone: the WebSocket side of ivr/simulator.py.

/**
 * Call as `number`. `on` hears what the line says, by its `type` (`play`, `stop`, `record`, …), and
 * `on.closed()` once when the call is over or never came about.
 * `{press(key), started(playback), finished(playback), recorded(wav), hangUp()}`; all of them may be
 * used at any time.
 */
export function dial(number, on) {
  const url = new URL("/ivr/simulator", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("from", number);
  const socket = new WebSocket(url);
  const send = (message) => { if (socket.readyState === WebSocket.OPEN) socket.send(message); };
  const say = (type, rest = {}) => send(JSON.stringify({ type, ...rest }));

  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    on[message.type]?.(message);
  });
  socket.addEventListener("close", () => on.closed(), { once: true });

  return {
    press: (key) => say("key", { key }),
    started: (playback) => say("started", { playback }),
    finished: (playback) => say("finished", { playback }),
    recorded: (wav) => send(wav),
    hangUp() {
      say("hang_up");
      socket.close();
    },
  };
}
