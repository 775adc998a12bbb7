// What the caller says: the microphone as a mono 16-bit WAV file, or a tone where there is none.

/** Samples a second at least; the microphone's own rate is divided by a whole number. */
const RATE = 16_000;
const QUIET = 0.01;
const QUIET_SECONDS = 4;

/**
 * Record until `stop()`, silence or `seconds`; `done` resolves to the file. Rejects where there is no
 * microphone or the person does not want to give it.
 */
export async function record(seconds) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext();
  await context.audioWorklet.addModule("/simulator/call-tap.js");
  const tap = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0 });
  const blocks = [];
  let stop;
  const done = new Promise((resolve) => {
    let quiet = 0;
    stop = () => {
      tap.port.onmessage = null;
      clearTimeout(limit);
      for (const track of stream.getTracks()) track.stop();
      context.close();
      const factor = Math.max(1, Math.floor(context.sampleRate / RATE));
      resolve(wav(thin(blocks, factor), context.sampleRate / factor));
    };
    const limit = setTimeout(stop, seconds * 1000);
    tap.port.onmessage = ({ data }) => {
      blocks.push(data);
      const loud = data.some((sample) => Math.abs(sample) > QUIET);
      quiet = loud ? 0 : quiet + data.length / context.sampleRate;
      if (quiet > QUIET_SECONDS) stop();
    };
    context.createMediaStreamSource(stream).connect(tap);
  });
  return { stop, done };
}

/** A tone in the place of somebody's voice. */
export function spokenTone() {
  const samples = Float32Array.from({ length: RATE * 2.5 }, (_, n) => 0.3 * Math.sin((2 * Math.PI * 330 * n) / RATE));
  return wav(samples, RATE);
}

function thin(blocks, factor) {
  const all = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  const thinned = new Float32Array(Math.floor(all.length / factor));
  // The mean of each group is filter enough for speech that ends at 4 kHz.
  for (let n = 0; n < thinned.length; n += 1) {
    for (let k = 0; k < factor; k += 1) thinned[n] += all[n * factor + k] / factor;
  }
  return thinned;
}

function wav(samples, rate) {
  const bytes = samples.length * 2;
  const view = new DataView(new ArrayBuffer(44 + bytes));
  const name = (at, text) => [...text].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  name(0, "RIFF");
  view.setUint32(4, 36 + bytes, true);
  name(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  name(36, "data");
  view.setUint32(40, bytes, true);
  samples.forEach((sample, n) => view.setInt16(44 + n * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true));
  return view.buffer;
}
