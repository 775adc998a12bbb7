"""The embedded engine, as a customer meets it: with the model that comes with the code."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.calendar import from_jalali
from dialogs.nlu import OUT_OF_SCOPE, Embedded, ModelError
from dialogs.nlu.data import Utterance
from dialogs.nlu.evaluation import Figures, evaluate, worse
from dialogs.nlu.model import DEFAULT, load
from dialogs.nlu.training import train

TODAY = from_jalali(1405, 9, 1)


@pytest.fixture(scope="module")
def engine() -> Embedded:
    return Embedded()


async def intent(engine: Embedded, text: str) -> str:
    return (await engine.understand(text, today=TODAY)).intent


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("سلام کنتورمو خوندم ۴۵۲۳۱ شده", "submit_meter_reading"),
        ("ghabz barghamo mikham", "declare_debt_balance"),
        ("kontor 45231", "submit_meter_reading"),
        ("مي‌خواهم كنتورم را عوض كنيد، سوخته", "meter_replacement"),
        ("می خوام اسمم رو روی قبض عوض کنم خونه رو خریدم", "change_name"),
        ("مانده بدهی گاز منزل", OUT_OF_SCOPE),
        ("بله درسته", "affirm"),
        ("اپراتور", "talk_to_operator"),
    ],
)
async def test_a_wish_is_understood_however_it_is_spelled(
    engine: Embedded, text: str, wanted: str
) -> None:
    assert await intent(engine, text) == wanted


async def test_direction_is_heard(engine: Embedded) -> None:
    assert await intent(engine, "از تک‌فاز بکنیدش سه‌فاز") == "increase_power"
    assert await intent(engine, "از سه‌فاز بکنیدش تک‌فاز") == "decrease_power"


async def test_confidences_fall_and_stay_below_one(engine: Embedded) -> None:
    understood = await engine.understand("کنتورم خرابه", today=TODAY)
    confidences = [ranked.confidence for ranked in understood.ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert 0 < sum(confidences) <= 1.001


async def test_an_empty_message_says_nothing(engine: Embedded) -> None:
    for text in ("", "   ", "\n\t"):
        understood = await engine.understand(text, today=TODAY)
        assert (understood.ranking, understood.entities, understood.intent) == (
            (),
            (),
            OUT_OF_SCOPE,
        )


STRANGE = [
    "😀😀😀",
    "\u200f\u200e\u202e\u2066",
    "\u200c" * 500,
    "س" * 10_000,
    "۴" * 10_000,
    "1 " * 5_000,
    "۱/۲/" * 2_500,
    "بیست و " * 2_000,
    "'; DROP TABLE customers; --",
    "<script>alert('قبض')</script>",
    "{{7*7}} ${jndi:ldap://x} %s %n",
    "خر نفهم بیشعور",
    "ﻗﺒﺾ ﺑﺮﻕ",
    "\x00\x01\x1b[31m",
    "\ud800",
    "Z̷̢͝a̶l̸g̵o̶",
    "²³¼ ① Ⅷ",
]


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
async def test_nothing_that_can_be_typed_is_too_much(engine: Embedded, text: str) -> None:
    understood = await engine.understand(text, today=TODAY)
    assert 0 <= understood.confidence <= 1
    assert len(understood.ranking) <= 10


@settings(max_examples=200)
@given(text=st.text(max_size=400))
def test_any_text_is_answered_with_places_that_fit(engine: Embedded, text: str) -> None:
    for entity in engine.read(text, TODAY).entities:
        assert text[entity.start : entity.end] == entity.text


@pytest.mark.parametrize("text", ["کنتورم خراب است", "قبض برق می‌خواهم", "بدهی من چقدر است؟"])
async def test_hidden_marks_and_forms_of_letters_change_nothing(
    engine: Embedded, text: str
) -> None:
    plain = await engine.understand(text, today=TODAY)
    marked = "\u200f" + "\u200e".join(text) + "\u202c"
    arabic = unicodedata.normalize("NFC", text.replace("ی", "ي").replace("ک", "ك"))
    for other in (marked, arabic, f"  {text}  "):
        assert (await engine.understand(other, today=TODAY)).ranking == plain.ranking


def test_only_the_start_of_a_long_message_is_read(engine: Embedded) -> None:
    start = "کنتورم خرابه عوضش کنید " * 30
    assert engine.read(start, TODAY).ranking == engine.read(start + "قبض " * 3000, TODAY).ranking


def test_a_model_of_a_few_utterances_learns_them_and_survives_its_file(tmp_path: Path) -> None:
    utterances = [
        *(Utterance(f"{verb} برق را وصل", "reconnect") for verb in ("لطفا", "زود", "بیایید")),
        *(Utterance(f"{verb} قبض چند شد", "declare_debt_balance") for verb in ("این", "آن", "پس")),
    ]
    model = train(utterances)
    model.save(tmp_path / "model.zip")
    again = load(tmp_path / "model.zip")
    assert Embedded(again).read("برق وصل", TODAY).intent == "reconnect"
    assert Embedded(again).read("قبض چند", TODAY).intent == "declare_debt_balance"
    again.save(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "model.zip").read_bytes()


def test_one_intent_can_not_be_trained() -> None:
    with pytest.raises(ValueError, match="two intents"):
        train([Utterance("قبض", "declare_debt_balance")])


def test_a_file_that_is_no_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gooya nlu train"):
        load(tmp_path / "none.zip")
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(ModelError, match="gooya nlu train"):
        load(tmp_path / "text.zip")


def test_the_model_is_small() -> None:
    assert DEFAULT.stat().st_size < 5_000_000


def test_a_regression_is_named() -> None:
    before = Figures(0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.05, 0.02, 0.9, 0.9)
    now = Figures(0.9, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 0.09, 0.02, 0.9, 0.896)
    assert [line.split(":")[0] for line in worse(now, before)] == ["macro_f1", "wrong_service"]


def test_figures_count_what_they_say(engine: Embedded) -> None:
    messages = [
        Utterance("کنتور ۴۵۲۳۱", "submit_meter_reading", (("meter_reading", "۴۵۲۳۱"),), "terse"),
        Utterance("قبض آب", OUT_OF_SCOPE, (), "hard"),
    ]
    report = evaluate(messages, [engine.read(message.text, TODAY) for message in messages])
    assert (report.messages, report.figures.entities_f1) == (2, 1.0)
    assert report.figures.accuracy == 1.0
