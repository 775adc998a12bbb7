"""What customers see in a chat: texts, buttons, what is left of an answered question."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from bots.telegram.chat import Act, Answered, Closed, Post, Pressed, Toast
from bots.telegram.html import plain, to_html, units
from bots.telegram.presenter import COMMANDS, present
from bots.telegram.updates import LONGEST_DATA, parse
from dialogs.answers import BillId, Choice, Option, OwnPhone, YesNo, option_numbers
from dialogs.commands import COMMANDS as ALL_COMMANDS
from dialogs.messages import MESSAGES
from dialogs.prompts import Prompt
from dialogs.steps import Drawing, Row

QUESTION = "0123456789ab"
BILL = "1234567800029"
DAY = dt.date(2026, 11, 21)
SERVICES = (
    *("submit_meter_reading", "consumption_history", "payment_history", "declare_debt_balance"),
    "track_request",
)
OPTIONS = tuple(Option(key, "option-service", {"service": key}) for key in SERVICES)
MENU = Prompt(message="menu", kind="ask", answer=Choice(OPTIONS))
ASK_BILL = Prompt(message="bill", kind="ask", answer=BillId())


def acts_of(*prompts: Prompt, language: str = "fa", **turn: Any) -> list[Act]:
    defaults: dict[str, Any] = {"asked": "", "source": "", "closes": False, "stale": False}
    return present(
        prompts, **{**defaults, "commands": (), **turn}, language=language, messages=MESSAGES
    )


def post_of(*prompts: Prompt, **turn: Any) -> Post:
    [post] = acts_of(*prompts, **turn)
    assert isinstance(post, Post)
    return post


def labels(post: Post) -> list[list[str]]:
    return [[button.label for button in row] for row in post.keyboard]


def data(post: Post) -> list[str]:
    return [button.data for row in post.keyboard for button in row]


def press(label: str, text: str = "سؤال", message: int | None = 7) -> str:
    return msgspec.json.encode(Pressed("q1", message, text, label)).decode()


# --- what is said


def test_news_and_the_question_after_it_are_one_message_with_an_empty_line_between() -> None:
    post = post_of(Prompt(message="reading-kept"), ASK_BILL, asked=QUESTION)
    assert post.text == (
        "قرائت پیشین شما پابرجاست.\n\n"
        "شناسهٔ قبض برق را بنویسید. تا ۱۳ رقم دارد و بالای قبض چاپ شده است."
    )


def test_a_list_stands_under_its_heading() -> None:
    rows = tuple(Row("row-payment", {"date": DAY, "amount": n * 1000}) for n in (1, 2))
    post = post_of(Prompt(message="payments", args={"count": 2, "amount": 3000}, rows=rows))
    assert post.text == (
        "۲ پرداخت در دو سال، جمع ۳٬۰۰۰ ریال:\n۱۴۰۵/۰۸/۳۰ ۱٬۰۰۰ ریال\n۱۴۰۵/۰۸/۳۰ ۲٬۰۰۰ ریال"
    )


@pytest.mark.parametrize("language", ["fa", "en"])
def test_ids_can_be_copied_by_a_tap_and_other_numbers_are_plain(language: str) -> None:
    args = {"code": "7705602008", "amount": 1_234_000, "due": DAY, "bill": BILL}
    prompt = Prompt(message="reading-done-bill", args={**args, "payment": "123456789"})
    text = post_of(prompt, language=language).text
    assert re.findall("<code>(.*?)</code>", text) == ["7705602008", BILL, "123456789"]


def test_what_does_not_fit_goes_on_in_the_next_message_and_the_buttons_stand_last() -> None:
    rows = tuple(Row("row-payment", {"date": DAY, "amount": 10**10}) for _ in range(100))
    page = Prompt(message="payments", args={"count": 100, "amount": 1}, rows=rows)
    first, second = acts_of(page, page, ASK_BILL, asked=QUESTION, commands=("back", "menu"))
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert max(units(first.text), units(second.text)) <= 4096
    assert not first.keyboard
    assert labels(second) == [["منوی اصلی", "بازگشت"]]


def test_a_picture_is_a_message_of_its_own_and_the_buttons_stand_under_the_last_one() -> None:
    drawing = Drawing("payments", [{"amount": 1}])
    picture = Prompt(message="picture-of-payments", args={}, drawing=drawing)
    kept = Prompt(message="reading-kept")
    before, first, second = acts_of(kept, picture, kept, commands=("menu",))
    assert isinstance(before, Post)
    assert before.picture is None
    assert not before.keyboard
    assert isinstance(first, Post)
    assert first.picture is not None
    assert (first.picture.kind, first.picture.language) == ("payments", "fa")
    assert first.picture.rows == [{"amount": 1}]
    assert first.text
    assert not first.keyboard
    assert isinstance(second, Post)
    assert second.text == "قرائت پیشین شما پابرجاست."
    assert labels(second) == [["منوی اصلی"]]


def test_a_turn_without_words_does_nothing_in_the_chat() -> None:
    assert acts_of(commands=("menu",)) == []


# --- what can be pressed


def test_short_options_stand_two_in_a_row_the_first_at_the_right_for_who_reads_persian() -> None:
    post = post_of(MENU, asked=QUESTION)
    assert labels(post) == [
        ["سوابق مصرف", "ثبت قرائت کنتور"],
        ["اعلام مانده بدهی", "سوابق پرداخت"],
        ["پیگیری درخواست"],
    ]
    assert data(post) == [f"{QUESTION}:{number}" for number in (2, 1, 4, 3, 5)]


def test_options_read_from_the_left_in_english() -> None:
    post = post_of(MENU, asked=QUESTION, commands=("back", "menu"), language="en")
    assert labels(post)[0] == ["Meter reading", "Consumption history"]
    assert labels(post)[-1] == ["Back", "Main menu"]


def test_a_long_option_stands_alone() -> None:
    options = tuple(Option(str(n), "option-bill-named", named) for n, named in enumerate(NAMED, 1))
    post = post_of(
        Prompt(message="subscriptions", kind="ask", answer=Choice(options)), asked=QUESTION
    )
    assert labels(post) == [["خانهٔ پدری در شهرستان (5678)"], ["مغازه (5678)", "خانه (5678)"]]


NAMED: Sequence[dict[str, str]] = [
    {"bill": BILL, "label": label} for label in ("خانهٔ پدری در شهرستان", "خانه", "مغازه")
]


def test_a_saved_bill_stands_on_its_button_as_nothing_but_its_digits() -> None:
    answer = Choice((Option(BILL, "option-bill", {"bill": BILL}),))
    prompt = Prompt(message="bill-saved", kind="ask", answer=answer)
    assert labels(post_of(prompt, asked=QUESTION)) == [[BILL]]


def test_buttons_give_the_numbers_that_are_typed_too() -> None:
    options = tuple(Option(str(n), "option-register", {"register": "total"}) for n in range(14))
    prompt = Prompt(message="reading-which", kind="ask", answer=Choice(options))
    post = post_of(prompt, asked=QUESTION, language="en")
    assert data(post) == [f"{QUESTION}:{number}" for number in option_numbers(14)]


def test_a_question_without_options_has_the_ways_back_under_it() -> None:
    post = post_of(ASK_BILL, asked=QUESTION, commands=("back", "menu"))
    assert labels(post) == [["منوی اصلی", "بازگشت"]]
    assert data(post) == [f"{QUESTION}:command:menu", f"{QUESTION}:command:back"]


def test_a_question_that_is_put_again_has_all_its_buttons_again() -> None:
    wrong = Prompt(message="wrong-choice-unknown", kind="wrong")
    again = msgspec.structs.replace(MENU, kind="again")
    post = post_of(wrong, again, asked=QUESTION, closes=False)
    assert post.text == (
        "این گزینه نیست. لطفاً یکی از دکمه‌ها را بزنید.\n\nلطفاً یکی از خدمات را انتخاب کنید:"
    )
    assert len(data(post)) == len(OPTIONS)


def test_the_key_that_shares_the_phone_number_stands_alone() -> None:
    prompt = Prompt(message="phone-ask", kind="ask", answer=OwnPhone())
    post = post_of(prompt, asked=QUESTION, commands=("back", "menu"))
    assert post.contact == "فرستادن شمارهٔ من"
    assert post.keyboard == ()


@pytest.mark.parametrize("asked", [QUESTION, ""])
def test_every_button_is_short_enough_and_understood_when_it_comes_back(asked: str) -> None:
    assert set(COMMANDS) <= {command.name for command in ALL_COMMANDS}
    post = post_of(MENU, asked=asked, commands=COMMANDS)
    for given in data(post):
        assert len(given.encode()) <= LONGEST_DATA
        person = {"id": 5, "is_bot": False, "first_name": "x"}
        query = {"id": "1", "from": person, "chat_instance": "1", "data": given}
        inbound = parse({"update_id": 1, "callback_query": query})
        assert inbound is not None
        assert (inbound.asked, inbound.text) == tuple(given.split(":", 1))


# --- what becomes of the question before


def test_an_answered_question_shows_what_was_chosen() -> None:
    toast, answered, post = acts_of(ASK_BILL, asked=QUESTION, source=press("ثبت قرائت"))
    assert toast == Toast("q1")
    assert answered == Answered(7, "سؤال\n\n✔ <b>ثبت قرائت</b>")
    assert isinstance(post, Post)


def test_a_command_leaves_the_question_as_it_was() -> None:
    acts = acts_of(MENU, asked=QUESTION, source=press("منوی اصلی"))
    assert acts[:2] == [Toast("q1"), Answered(7, "سؤال")]


def test_a_question_that_is_gone_is_not_edited() -> None:
    toast, post = acts_of(MENU, asked=QUESTION, source=press("", "", None))
    assert toast == Toast("q1")
    assert isinstance(post, Post)


def test_a_question_that_is_too_long_for_the_choice_under_it_stays_as_it_was() -> None:
    long = "م" * 4090
    assert acts_of(source=press("ثبت قرائت", long))[1] == Answered(7, long)


def test_a_stale_button_is_answered_politely_and_goes() -> None:
    acts = acts_of(MENU, asked=QUESTION, source=press("بله"), stale=True)
    assert acts == [Toast("q1", "این دکمه برای پرسش قبلی بود."), Answered(7, "سؤال")]


def test_the_buttons_of_a_question_that_was_answered_in_writing_go() -> None:
    acts = acts_of(ASK_BILL, asked=QUESTION, closes=True)
    assert acts[0] == Closed()
    assert isinstance(acts[1], Post)


# --- what customers write, shown back


INJECTED = '<b>x</b> & <a href="//y">z</a> *_`'


def test_markup_in_a_name_is_shown_as_it_was_written() -> None:
    text = post_of(Prompt(message="subscription-renamed", args={"label": INJECTED})).text
    assert set(re.findall("<.*?>", text)) == set()
    assert INJECTED in plain(text)


def test_a_name_on_a_button_and_in_the_answered_question_stays_a_name() -> None:
    answer = Choice((Option("1", "option-bill-named", {"bill": BILL, "label": "<b>&"}),))
    prompt = Prompt(message="subscriptions", kind="ask", answer=answer)
    [[label]] = labels(post_of(prompt, asked=QUESTION))
    assert label == "<b>& (5678)"
    answered = acts_of(source=press(label))[1]
    assert answered == Answered(7, "سؤال\n\n✔ <b>&lt;b&gt;&amp; (5678)</b>")


def test_direction_marks_in_a_name_turn_nothing_around() -> None:
    text = post_of(Prompt(message="subscription-renamed", args={"label": "a\u202eb\u2067c"})).text
    assert not set("\u202e\u2067") & set(text)
    assert text.count("\u2066") == text.count("\u2069") == 1


# --- the messenger's HTML


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("کد 7705602008 است", "fa", "کد <code>7705602008</code> است"),
        ("با 1521 تماس بگیرید", "fa", "با 1521 تماس بگیرید"),
        ("منو: /menu", "fa", "منو: \u2066/menu\u2069"),
        ("مصرف kWh و ریال", "fa", "مصرف \u2066kWh\u2069 و ریال"),
        ("نام «My Home 2» شد", "fa", "نام «\u2066My Home 2\u2069» شد"),
        (f"نام Home {BILL}", "fa", f"نام \u2066Home\u2069 <code>{BILL}</code>"),
        ("Called خانهٔ ما now", "en", "Called \u2067خانهٔ ما\u2069 now"),
        ("Use: 1,234,567 kWh", "en", "Use: 1,234,567 kWh"),
        ("a < b & c", "en", "a &lt; b &amp; c"),
        ("&amp; <b>", "fa", "&amp;\u2066amp\u2069; &lt;\u2066b\u2069&gt;"),
    ],
)
def test_text_becomes_html(text: str, language: str, expected: str) -> None:
    assert to_html(text, language) == expected
    assert plain(expected) == text


def test_what_counts_are_the_units_that_are_left_after_parsing() -> None:
    assert units("<b>&lt;😀</b>") == 3


@pytest.mark.parametrize("what", ["sticker", "location", "voice", "edited", "poll"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_whoever_sends_what_no_question_takes_is_told_what_to_do(what: str, language: str) -> None:
    text = post_of(Prompt(message="cannot-read", args={"what": what}), language=language).text
    assert html.unescape(text) == text
    assert text.endswith(("دکمه‌ای را بزنید.", "press a button."))


def test_yes_and_no_are_two_buttons_in_one_row() -> None:
    prompt = Prompt(message="reading-already-sent", args={"date": DAY}, kind="ask", answer=YesNo())
    assert labels(post_of(prompt, asked=QUESTION)) == [["خیر", "بله"]]
