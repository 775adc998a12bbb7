// The first things to try on each device: what a tap fills in, for the person who is playing.

/**
 * By device id: `{title, note, text(person, code), example?, direction?}`; `code` is the last tracking
 * code on the screen, `example` what stands for a text that depends on the person.
 */
export const SUGGESTIONS = {
  sms: [
    { title: "همهٔ خدمات", note: "فهرست شماره‌دار؛ با یک رقم پاسخ دهید.", text: () => "منو" },
    { title: "ثبت قرائت کنتور", note: "شناسهٔ قبض و رقم کنتور در یک پیامک.", text: (person) => `قرائت ${person?.bill_id ?? ""}`.trim() + " ", example: "قرائت ‹شناسهٔ قبض› ‹رقم›" },
    { title: "سابقهٔ پرداخت", note: "کد یک‌بارمصرف به شمارهٔ ثبت‌شده می‌رود.", text: () => "سوابق پرداخت" },
    { title: "پیگیری درخواست", note: "با کد ده‌رقمی که پس از ثبت می‌گیرید.", text: (_, code) => `پیگیری ${code ?? ""}`.trim() + " ", example: "پیگیری ‹کد›" },
    { title: "کد دستوری توانیر", note: "همان قالبی که مشترکان به ۲۰۰۰۱۵۲۱ می‌فرستند.", text: (person) => `*1*${person?.bill_id ?? ""}#`, example: "*1*‹شناسهٔ قبض›#", direction: "ltr" },
  ],
  call: [
    { title: "شناسهٔ قبض را وارد کن", note: "وقتی شناسه پرسیده شد؛ کلیدها یکی‌یکی زده می‌شوند.", text: (person) => `${person?.bill_id ?? ""}#`, example: "‹شناسهٔ قبض›#", direction: "ltr" },
  ],
  chat: [
    { title: "شروع", note: "خوش‌آمد و فهرست خدمات با دکمه.", text: () => "/start", direction: "ltr" },
    { title: "ثبت قرائت کنتور", note: "شناسه را بنویسید، بقیه با دکمه است.", text: () => "قرائت" },
    { title: "سابقهٔ مصرف", note: "شماره‌تان را با یک دکمه تأیید کنید؛ پاسخ نمودار است.", text: () => "سوابق مصرف" },
    { title: "پیگیری درخواست", note: "با کد ده‌رقمی که پس از ثبت می‌گیرید.", text: (_, code) => `/track ${code ?? ""}`.trim(), example: "/track ‹کد›", direction: "ltr" },
    { title: "شناسهٔ قبض", note: "وقتی پرسیده شد.", text: (person) => person?.bill_id ?? "", example: "‹شناسهٔ قبض›" },
  ],
  prompts: [
    { title: "قرائت", note: "پیام‌هایی که از قرائت کنتور می‌گویند.", text: () => "قرائت" },
    { title: "عددها", note: "واژه‌هایی که مبلغ و رقم از آن‌ها ساخته می‌شود.", text: () => "number", direction: "ltr" },
  ],
};
