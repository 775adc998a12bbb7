"""What ``nlu_data/`` promises whoever trains on it: enough of everything, nothing twice, right ids."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dialogs.ids import bill_id_is_valid, canonical, tracking_code_is_valid
from dialogs.services import SERVICES
from dialogs.text import fold, match_key

FOLDER = Path(__file__).parents[2] / "nlu_data"
ACTS = {
    *("affirm", "deny", "greet", "thanks", "help", "menu", "back", "cancel", "talk_to_operator"),
    "out_of_scope",
}
ANNOTATED = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<entity>\w+)\)")
NOT_DIGITS = re.compile(r"\D")


def training() -> list[tuple[str, str]]:
    """(intent, utterance as annotated) of all training files."""
    found: list[tuple[str, str]] = []
    for path in sorted((FOLDER / "data" / "nlu").glob("*.yml")):
        for block in msgspec.yaml.decode(path.read_bytes())["nlu"]:
            lines = (line.removeprefix("-").strip() for line in block["examples"].splitlines())
            found += ((block["intent"], line) for line in lines if line)
    return found


def unseen() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.yaml.decode(
        (FOLDER / "tests" / "messages.yml").read_bytes()
    )
    return found


def plain(utterance: str) -> str:
    return ANNOTATED.sub(lambda match: match["text"], utterance)


def digits(text: str) -> str:
    return NOT_DIGITS.sub("", fold(text))


@pytest.fixture(scope="module")
def domain() -> set[str]:
    return set(msgspec.yaml.decode((FOLDER / "domain.yml").read_bytes())["intents"])


def test_every_service_and_act_has_enough_utterances(domain: set[str]) -> None:
    counts = Counter(intent for intent, _ in training())
    assert set(counts) == domain
    services = domain - ACTS
    assert services == set(SERVICES)
    assert {s for s in services if counts[s] < 40} == set()
    assert {act for act in ACTS if counts[act] < 30} == set()
    assert counts["out_of_scope"] >= 200


def test_no_utterance_is_there_twice_and_none_is_tested_that_is_trained_on() -> None:
    texts = [plain(utterance) for _, utterance in training()]
    texts += [message["text"] for message in unseen()]
    keys = Counter(match_key(text) for text in texts if match_key(text))
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_intent_is_tested(domain: set[str]) -> None:
    assert {message["intent"] for message in unseen()} == domain


def test_annotated_ids_have_right_check_digits() -> None:
    for _, utterance in training():
        for match in ANNOTATED.finditer(utterance):
            if match["entity"] == "bill_id":
                assert bill_id_is_valid(canonical(digits(match["text"]))), utterance
            elif match["entity"] == "tracking_code":
                assert tracking_code_is_valid(digits(match["text"])), utterance
