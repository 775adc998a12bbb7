// Digits, numbers, times and mobile numbers the way a Persian reader writes them.

const ZONE = "Asia/Tehran";
const number = new Intl.NumberFormat("fa-IR");
const time = new Intl.DateTimeFormat("fa-IR-u-ca-persian", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: ZONE });
const day = new Intl.DateTimeFormat("fa-IR-u-ca-persian", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: ZONE });

/** Persian (۰) and Arabic (٠) digits as Latin ones. */
export function latinDigits(text) {
  return text
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
}

export function persianDigits(text) {
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)));
}

export const persianNumber = (value) => number.format(value);
export const clockTime = (date) => time.format(date);

/** Weekday and Jalali date, e.g. «دوشنبه ۱۲ مهر ۱۴۰۵». */
export function jalaliDay(date) {
  const part = Object.fromEntries(day.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${part.weekday} ${part.day} ${part.month} ${part.year}`;
}

/** An Iranian mobile number in its national form 09…, or null. */
export function nationalMobile(raw) {
  const digits = latinDigits(raw).replace(/[\s\u200c\u200e\u200f().-]/g, "");
  const match = /^(?:\+98|0098|98|0)?(9\d{9})$/.exec(digits);
  return match ? `0${match[1]}` : null;
}
