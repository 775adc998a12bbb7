"""What the catalogue says within messages, written and spoken."""

from __future__ import annotations

import datetime as dt

import pytest

from dialogs.messages import catalogue_functions
from dialogs.services import CATALOGUE
from dialogs.services.catalogue import GROUP_MENUS, LANGUAGES
from dialogs.services.texts import texts
from gooya.check.prompts import misread
from ivr import spoken
from ivr.inventory import catalogue, inventory, unquoted

TODAY = dt.date(2026, 11, 22)

WRITTEN = [
    ("INPUT", "change_name:person", "مالک جدید", "Kind of the new owner"),
    ("OPTION", "change_name:person:legal", "شخص حقوقی", "Legal person"),
    ("STAGE", "change_name:1", "دریافت درخواست", "Request received"),
    ("SERVICE", "change_name", "تغییر نام", "Change of name"),
    ("DOCUMENT", "change_name:deed", "سند مالکیت یا مدرک مورد تأیید", "Deed or accepted paper"),
]


@pytest.mark.parametrize(("function", "name", "persian", "english"), WRITTEN)
def test_a_text_of_a_service_is_written_and_spoken_in_the_customers_language(
    function: str, name: str, persian: str, english: str
) -> None:
    for language, text in (("fa", persian), ("en", english)):
        assert catalogue_functions(language)[function](name) == text
        said = spoken.functions(language, TODAY)[function](name)
        assert spoken.words(said, language) == text


def test_a_hint_of_an_input_and_of_a_document_is_found_the_same_way() -> None:
    hint = catalogue_functions("en")["HINT"]
    assert hint("change_name:company_id").startswith("Eleven digits")
    assert hint("change_name:deed").startswith("A deed")


def test_a_text_that_a_file_leaves_out_is_nothing() -> None:
    for language in LANGUAGES:
        assert catalogue_functions(language)["HINT"]("change_name:bill") == ""
        assert spoken.functions(language, TODAY)["HINT"]("change_name:bill") == []


@pytest.mark.parametrize(
    "function", ["STAGE", "INPUT", "OPTION", "INFO", "FEE", "REFUSAL", "GROUP"]
)
def test_a_text_of_an_unknown_name_is_nothing_and_can_not_be_spoken(function: str) -> None:
    assert catalogue_functions("fa")[function]("nowhere:7") == ""
    with pytest.raises(ValueError, match="does not know"):
        spoken.functions("fa", TODAY)[function]("nowhere:7")


def test_an_unknown_service_is_written_by_its_key() -> None:
    assert catalogue_functions("fa")["SERVICE"]("nowhere") == "nowhere"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_spoken_in_its_own_words(language: str) -> None:
    says = spoken.functions(language, TODAY)
    for function, named in texts(CATALOGUE.values()).items():
        for name, text in named.items():
            written = " ".join(text.in_(language).split())
            assert spoken.words(says[function](name), language) == unquoted(written), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_reads_the_same_is_recorded_once(language: str) -> None:
    for function in texts([]).keys() | texts(CATALOGUE.values()).keys():
        start = f"{language}/{function.lower()}/"
        heard = [word.text for key, word in inventory(language).items() if key.startswith(start)]
        assert len(heard) == len(set(heard))
    bill = {
        catalogue(language).clips["INPUT", f"{key}:bill"] for key in ("change_name", "reconnect")
    }
    assert len(bill) == 1


def test_a_clip_is_named_after_the_first_service_of_the_paper() -> None:
    received = catalogue("fa").clips["STAGE", "change_name:1"]
    assert received == "fa/stage/new_permanent_connection/1"


def test_a_pause_follows_a_sentence_and_not_a_title() -> None:
    says = spoken.functions("fa", TODAY)
    assert says["INFO"]("change_name") == ["fa/info/change_name", "pause/400"]
    assert spoken.pause(400) not in says["INPUT"]("change_name:bill")


def test_quotes_and_brackets_are_not_heard() -> None:
    assert unquoted("فهرست «خانوار»\n (از دفتر)") == "فهرست خانوار از دفتر"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_groups_can_be_spoken(language: str) -> None:
    for group in GROUP_MENUS.values():
        assert list(misread(group.in_(language), language)) == []
