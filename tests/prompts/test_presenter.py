"""What a caller hears of a turn."""

from __future__ import annotations

import datetime as dt

from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.prompts import Prompt
from dialogs.steps import Row
from ivr.book import book
from ivr.presenter import present
from ivr.speech import Part

TODAY = dt.date(2026, 11, 22)


def heard(*prompts: Prompt, language: str = "fa") -> list[str]:
    """The lines of what is said."""
    parts = present(prompts, language=language, today=TODAY)
    clips = [clip for part in parts for clip in part.clips]
    return book(language).words(clips).splitlines()


def test_options_are_offered_function_first_then_key() -> None:
    lines = heard(Prompt(message="reading-kept", kind="ask", answer=YesNo()))
    assert lines[1:] == ["برای بله عدد یک", "برای خیر عدد دو"]
    english = heard(Prompt(message="reading-kept", kind="ask", answer=YesNo()), language="en")
    assert english[1:] == ["for Yes press one", "for No press two"]


def test_more_than_nine_options_leave_out_the_numbers_of_the_operators() -> None:
    options = tuple(Option(value=f"v{n}", label="option-yes") for n in range(11))
    lines = heard(Prompt(message="reading-kept", kind="ask", answer=Choice(options)))
    assert [line.split("عدد ")[1] for line in lines[9:]] == ["نه", "ده", "سیزده"]


def test_a_question_is_repeated_with_its_rows_and_options() -> None:
    question = Prompt(
        message="reading-kept",
        kind="again",
        rows=(Row("option-yes"), Row("option-no")),
        answer=YesNo(),
    )
    assert len(heard(Prompt(message="cancelled-one", kind="wrong"), question)) == 6


def test_a_turn_begins_with_a_breath_and_has_one_pause_between_prompts() -> None:
    [part] = present(
        [Prompt(message="option-yes"), Prompt(message="option-no")], language="fa", today=TODAY
    )
    assert part.clips == ("pause/300", "fa/option-yes", "pause/300", "fa/option-no")


def test_what_must_be_heard_is_a_part_of_its_own() -> None:
    said = [
        Prompt(message="option-yes"),
        Prompt(message="option-no", heard=True),
        Prompt(message="option-end"),
    ]
    parts = present(said, language="fa", today=TODAY)
    assert [part.heard for part in parts] == [False, True, False]
    assert parts[1] == Part(clips=("pause/300", "fa/option-no"), heard=True)


def test_what_comes_in_writing_is_heard_in_brief() -> None:
    receipt = Prompt(
        message="form-done",
        args={"service": "meter_test", "code": "1000000005"},
        rows=(Row("row-duration", {"days": 6}),),
        keep=True,
        brief="form-done-brief",
    )
    [line] = heard(receipt)
    assert line == "درخواست آزمایش کنتور ثبت شد. کد پیگیری و گام‌های بعدی پیامک می‌شود."


def test_nothing_to_say_is_no_part() -> None:
    assert present([], language="fa", today=TODAY) == ()
