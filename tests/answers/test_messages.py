"""Every way to be wrong has its message, in both languages, short enough for an SMS."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fluent_compiler.bundle import FluentBundle

import dialogs
from dialogs.answers import ANSWERS, Answer, Wrong
from dialogs.formats import FUNCTIONS, WORST, Lang
from tests.answers.tables import TODAY, WRONG

LANGUAGES: tuple[Lang, ...] = ("fa", "en")
HARD_LIMIT = 134
"""Two parts of a Persian SMS, in UTF-16 units."""


def file_of(lang: Lang) -> Path:
    return Path(dialogs.__file__).parent / "messages" / lang / "answers.ftl"


def bundle_of(lang: Lang, functions: dict[str, Any]) -> FluentBundle:
    return FluentBundle.from_files(
        lang, [str(file_of(lang))], functions=functions, use_isolating=False
    )


def message_ids(lang: Lang) -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*) =", file_of(lang).read_text("utf-8"), re.MULTILINE))


EXPECTED = {f"example-{name}" for name in ANSWERS} | {
    f"wrong-{name}-{code}" for name, answer in ANSWERS.items() for code in answer.codes
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_type_has_an_example_and_each_code_its_message_and_there_are_no_others(
    lang: Lang,
) -> None:
    assert message_ids(lang) == EXPECTED
    assert bundle_of(lang, FUNCTIONS[lang]).check_messages() == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("answer", "text", "code"), WRONG, ids=lambda v: ascii(v)[:30])
def test_the_message_is_written_with_what_the_answer_type_says(
    lang: Lang, answer: Answer[Any], text: str, code: str
) -> None:
    with pytest.raises(Wrong) as raised:
        answer.parse(text, today=TODAY)
    message, errors = bundle_of_cached(lang).format(
        f"wrong-{answer.type}-{code}", raised.value.args_
    )
    assert errors == []
    assert message
    assert "$" not in message


_bundles: dict[Lang, FluentBundle] = {}


def bundle_of_cached(lang: Lang) -> FluentBundle:
    if lang not in _bundles:
        _bundles[lang] = bundle_of(lang, FUNCTIONS[lang])
    return _bundles[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_needs_a_third_sms_part_in_the_worst_case(lang: Lang) -> None:
    worst = {name: lambda *_, text=text: text for name, text in WORST[lang].items()}
    for function in worst.values():
        function.ftl_arg_spec = (1, [])  # type: ignore[attr-defined]
    bundle = bundle_of(lang, worst)
    numbers = dict.fromkeys(("count", "digits", "min", "max"), 1)
    for utility in ("water", "gas", "landline", "mobile", "municipality", "other"):
        for message_id in EXPECTED:
            text, errors = bundle.format(
                message_id, {**numbers, "earliest": TODAY, "latest": TODAY, "utility": utility}
            )
            assert errors == []
            assert len(text.encode("utf-16-le")) // 2 <= HARD_LIMIT, message_id


EXAMPLES = (
    "bill_id national_id legal_id mobile landline phone postal_code meter_reading number tracking_code "
    "choice yes_no one_time_code jalali_date money"
)


@pytest.mark.parametrize("name", EXAMPLES.split())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_of_a_type_is_itself_a_right_answer(name: str, lang: Lang) -> None:
    text, _ = bundle_of_cached(lang).format(f"example-{name}")
    example = re.search(r"[0-9۰-۹/]+", text)
    assert example
    answer = next(answer for answer, *_ in WRONG if answer.type == name)
    answer.parse(example[0], today=TODAY)
