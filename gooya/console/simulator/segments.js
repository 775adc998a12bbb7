// How many SMS a text costs, counted as the server counts it (bots/sms/segments.py): one character
// outside the GSM 03.38 alphabet makes the whole text UCS-2, measured in UTF-16 units.

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");

const graphemes = new Intl.Segmenter("fa", { granularity: "grapheme" });

export const ENCODING_NAMES = { gsm7: "GSM-7", ucs2: "UCS-2" };

/** `{encoding, units, segments, room}`: room is how many units the last segment still takes. */
export function measure(text) {
  const septets = Array.from(text).every((character) => BASIC.has(character) || EXTENDED.has(character));
  const encoding = septets ? "gsm7" : "ucs2";
  const [alone, joined] = septets ? [160, 153] : [70, 67];
  const costs = Array.from(graphemes.segment(text), ({ segment }) => cost(segment, septets));
  const units = costs.reduce((sum, each) => sum + each, 0);
  if (units <= alone) return { encoding, units, segments: units ? 1 : 0, room: alone - units };
  let segments = 1;
  let used = 0;
  for (const each of costs) {
    // A grapheme is never cut: what does not fit goes to the next segment whole.
    if (used + each > joined) {
      segments += 1;
      used = 0;
    }
    used += each;
  }
  return { encoding, units, segments, room: joined - used };
}

function cost(grapheme, septets) {
  if (!septets) return grapheme.length;
  return Array.from(grapheme).reduce((sum, character) => sum + (EXTENDED.has(character) ? 2 : 1), 0);
}
