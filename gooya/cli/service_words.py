"""The words in which the command line speaks of what service files say in keys."""

from __future__ import annotations

from typing import Final

from dialogs.services.catalogue import Input, Text, When

WHO: Final = {
    "owner": Text("مالک", "owner"),
    "tenant": Text("مستأجر", "tenant"),
    "legal_person": Text("شخص حقوقی", "legal person"),
    "representative": Text("نماینده", "representative"),
}
PROOF: Final = {
    "public": Text("چیزی لازم نیست", "nothing"),
    "bill_id": Text("شناسه قبض", "bill id"),
    "registered_mobile": Text(
        "کد یک‌بارمصرف به موبایل ثبت‌شده", "one-time code to the registered mobile"
    ),
    "registered_mobile_and_national_id": Text(
        "کد یک‌بارمصرف به موبایل ثبت‌شده و کد ملی",
        "one-time code to the registered mobile, and the national id",
    ),
}
PRECONDITIONS: Final = {
    "debt_settled": Text("بدهی تسویه شده باشد", "no debt is left"),
    "no_open_request": Text(
        "درخواست باز دیگری از همین نوع نباشد", "no request of this kind is open"
    ),
    "same_name": Text(
        "نام متقاضی با ساکن محل یکی باشد", "applicant and resident have the same name"
    ),
}
ACTORS: Final = {
    "customer": Text("مشترک", "customer"),
    "office": Text("دفتر", "office"),
    "company": Text("شرکت", "company"),
}
TYPES: Final = {
    "bill_id": Text("شناسه قبض", "bill id"),
    "tracking_code": Text("کد پیگیری", "tracking code"),
    "national_id": Text("کد ملی", "national id"),
    "legal_id": Text("شناسه ملی", "legal id"),
    "mobile": Text("شماره موبایل", "mobile number"),
    "landline": Text("تلفن ثابت", "landline"),
    "postal_code": Text("کد پستی", "postal code"),
    "meter_reading": Text("رقم کنتور", "meter reading"),
    "number": Text("عدد", "number"),
    "money": Text("مبلغ به ریال", "amount in rial"),
    "jalali_date": Text("تاریخ", "date"),
    "yes_no": Text("بله یا خیر", "yes or no"),
    "text": Text("متن", "text"),
}
YES_NO: Final = {True: Text("بله", "yes"), False: Text("خیر", "no")}


def joined(parts: list[str], language: str) -> str:
    """A list in a sentence: «الف، ب»."""
    return ("، " if language == "fa" else ", ").join(parts)


def value_title(field: Input, value: str | bool, language: str) -> str:
    """What a value of an input is called, where conditions name it."""
    if isinstance(value, bool):
        return YES_NO[value].in_(language)
    titles = {o.value: o.title.in_(language) for o in field.options or ()}
    return titles.get(value, value)


def condition(when: When, inputs: tuple[Input, ...], language: str) -> str:
    """Conditions as a person reads them: «شخصیت متقاضی: شخص حقوقی»; empty without any."""
    by_key = {field.key: field for field in inputs}
    parts = []
    for key, wanted in when.items():
        field = by_key[key]
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        either = " یا " if language == "fa" else " or "
        names = either.join(value_title(field, value, language) for value in values)
        parts.append(f"{field.title.in_(language)}: {names}")
    return joined(parts, language)
