"""The catalogue files: what they give, and what can't be read."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from dialogs.answers import Choice, JalaliDate, Text, Wrong
from dialogs.flows.registry import FLOWS
from dialogs.policy import Level
from dialogs.services import CATALOGUE, SERVICES, Service
from dialogs.services.asking import answer
from dialogs.services.catalogue import HERE, CatalogueError, Input, load, read
from dialogs.services.schema import schema

TODAY = dt.date(2026, 11, 22)
# fmt: off
PAPER = (
    "new_permanent_connection", "increase_power", "decrease_power", "merge_connections",
    "split_connection", "free_rate_connection", "withdraw_request", "change_name", "change_tariff",
    "permanent_removal", "temporary_removal", "meter_test", "edit_customer_info",
    "meter_replacement", "internal_relocation", "reinstall_connection", "reconnect",
    "temporary_disconnection", "repair_metering_equipment", "household_code",
    "change_energy_demand_option", "settle_account", "bill_review", "consumption_history",
    "payment_history", "submit_meter_reading", "prepayment", "consolidate_bills",
    "declare_debt_balance", "track_request",
)
# fmt: on
"""The services of the papers by their numbers from 1, and tracking."""
CONNECTION_FORMS = {"new_permanent_connection", "free_rate_connection"}

every_service = pytest.mark.parametrize("service", CATALOGUE.values(), ids=lambda s: s.key)


def field(service: str, key: str) -> Input:
    return next(field for field in CATALOGUE[service].inputs if field.key == key)


def asked(service: Service, **answers: Any) -> list[str]:
    """The questions of a service in order, answered by ``answers`` or anyhow."""
    given: dict[str, Any] = {}
    for question in service.inputs:
        if question.asked(given):
            given[question.key] = answers.get(question.key, "anything")
    return list(given)


def test_all_services_of_the_papers_are_there_by_their_numbers() -> None:
    assert {s.number: s.key for s in CATALOGUE.values()} == dict(enumerate(PAPER, 1))


def test_drafts_are_in_the_catalogue_but_not_offered() -> None:
    assert {key: s for key, s in CATALOGUE.items() if not s.draft} == SERVICES
    assert list(SERVICES) == [key for key in CATALOGUE if key in SERVICES]


def test_every_service_has_a_flow_a_level_and_texts() -> None:
    for service in SERVICES.values():
        assert service.key in FLOWS
        assert service.flow in ("form", service.key)
        assert Level.named(service.sensitivity) in Level
        assert service.menu.fa
        assert service.menu.en


def test_services_come_most_used_first() -> None:
    volumes = [service.yearly_volume or 0 for service in CATALOGUE.values()]
    assert volumes == sorted(volumes, reverse=True)


def test_stages_count_from_one() -> None:
    service = SERVICES["submit_meter_reading"]
    first = service.stage(1)
    assert first is not None
    assert first.key == "received"
    assert service.stage(0) is None
    assert service.stage(len(service.stages) + 1) is None


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("track_request.yaml", "key: [", "track_request.yaml"),
        ("track_request.yaml", "key: track_request", "missing required field"),
        ("renamed.yaml", None, "expected 'renamed'"),
        ("track_request.yaml", "key: track_request\ncolour: red", "unknown field `colour`"),
        ("track_request.yaml", "group: gas", "'gas'.*; one of sale_of_connection, after_sale"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    path = tmp_path / name
    if text is None:
        shutil.copy(HERE / "track_request.yaml", path)
    else:
        path.write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match=says):
        read(path)
    with pytest.raises(CatalogueError):
        load(tmp_path)


@every_service
def test_every_way_through_the_stages_comes_to_an_end(service: Service) -> None:
    for stage in service.stages:
        seen: set[str] = set()
        waiting = [stage.key]
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                waiting += service.following(key)
        assert any(service.following(key) == () for key in seen)


@every_service
def test_the_usual_way_is_the_first_stages_and_ends(service: Service) -> None:
    way = service.usual_way()
    assert way == service.stages[: len(way)]
    assert bool(way) == bool(service.stages)
    if way:
        assert service.following(way[-1].key) == ()
        assert way[0].kind == "received"
        assert all(stage.kind != "archived" for stage in way)


@every_service
def test_whoever_may_refuse_is_told_that_the_request_is_archived(service: Service) -> None:
    by_key = {stage.key: stage for stage in service.stages}
    for stage in service.stages:
        if stage.kind == "agreement":
            after = {by_key[key].kind for key in service.following(stage.key)}
            assert "archived" in after
            assert stage.notify
            assert service.refusal is not None


@every_service
def test_what_concerns_the_customer_is_told(service: Service) -> None:
    told = {"visit", "terms", "agreement", "date", "result", "refund", "archived"}
    for stage in service.stages:
        assert stage.notify or stage.kind not in told, stage.key


def test_a_stage_that_is_not_there_has_nothing_that_follows() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        CATALOGUE["reconnect"].following("nowhere")


def test_side_ways_come_back_or_end() -> None:
    power = CATALOGUE["increase_power"]
    assert power.following("form_approved_by_office") == ("site_visit", "name_change_if_needed")
    assert power.following("name_change_if_needed") == ("site_visit",)
    assert power.following("refund") == ("execution_date_announced",)
    assert power.following("archived") == ()
    assert [stage.key for stage in power.usual_way()][-1] == "executed_by_company"


@pytest.mark.parametrize("key", [*sorted(CONNECTION_FORMS), "increase_power", "change_name"])
def test_only_a_legal_person_is_asked_for_company_and_representative(key: str) -> None:
    legal = {
        *("company_id", "representative_name", "representative_national_id"),
        *("letter_number", "letter_date"),
    }
    assert not legal & set(asked(CATALOGUE[key], person="natural"))
    company = asked(CATALOGUE[key], person="legal")
    assert legal <= set(company)
    assert not {"national_id", "birth_date"} & set(company)


def test_only_the_item_to_correct_is_asked() -> None:
    edit = CATALOGUE["edit_customer_info"]
    for item in ("mobile", "landline", "address", "postal_code", "national_id"):
        assert asked(edit, item=item) == ["bill", "item", item]


def test_a_condition_on_what_was_not_asked_is_not_met() -> None:
    papers = CATALOGUE["change_tariff"].documents[-1]
    assert papers.asked({"use": "industrial"})
    assert not papers.asked({"use": "household"})
    assert not papers.asked({})
    proxy = CATALOGUE["permanent_removal"].documents[0]
    assert proxy.asked({"shared": True})
    assert not proxy.asked({"shared": False})


@every_service
def test_the_shortest_form_stays_short_enough_for_sms(service: Service) -> None:
    if service.flow != "form" or service.key in CONNECTION_FORMS:
        return
    answers = {"person": "natural", "use": "household", "item": "mobile", "fault": "panel"}
    questions = [
        question
        for question in service.inputs
        if question.key in asked(service, **answers) and not question.optional
    ]
    proof = Level.named(service.sensitivity) - Level.BILL_ID
    # The keyword, what proves the customer, the questions, yes at the read-back.
    assert 1 + proof + len(questions) + 1 <= 12


@every_service
def test_what_changes_a_connection_or_its_data_needs_both_proofs(service: Service) -> None:
    changes = {*range(2, 6), *range(7, 12), 13, *range(14, 19), 20, 21}
    proved = service.sensitivity == "registered_mobile_and_national_id"
    assert proved == (service.number in changes)


@every_service
def test_every_input_has_its_answer_type(service: Service) -> None:
    for question in service.inputs:
        built = answer(service.key, question)
        assert built.type == question.type
        if isinstance(built, Choice):
            assert [o.value for o in built.options] == list(question.possible())


def test_an_option_is_shown_by_its_place_and_chosen_by_its_words() -> None:
    kind = answer("repair_metering_equipment", field("repair_metering_equipment", "fault"))
    assert isinstance(kind, Choice)
    assert kind.options[1].label == "option-input"
    assert kind.options[1].args == {"option": "repair_metering_equipment:fault:cable"}
    assert kind.parse("کابل", today=TODAY) == "cable"


def test_parameters_reach_the_answer_type() -> None:
    assert answer("bill_review", field("bill_review", "problem")) == Text(5, 300)
    letter = answer("change_name", field("change_name", "letter_number"))
    assert letter.parse("۱۴۰۵/۱۲", today=TODAY) == "۱۴۰۵/۱۲"
    with pytest.raises(Wrong, match="short"):
        letter.parse("0", today=TODAY)


def test_a_period_does_not_end_before_it_begins() -> None:
    last = field("temporary_disconnection", "to_date")
    open_ = answer("temporary_disconnection", last)
    assert isinstance(open_, JalaliDate)
    assert open_.earliest is None
    begun = dt.date(2026, 12, 1)
    bound = answer("temporary_disconnection", last, {"from_date": begun})
    assert bound.parse("1405/9/10", today=TODAY) == begun
    with pytest.raises(Wrong, match="too_early"):
        bound.parse("1405/9/9", today=TODAY)


def test_only_few_answers_can_be_conditions() -> None:
    assert field("permanent_removal", "shared").possible() == (True, False)
    assert field("change_name", "person").possible() == ("natural", "legal")
    assert field("change_name", "mobile").possible() == ()


def test_what_the_paper_gets_wrong_is_cited() -> None:
    for service in CATALOGUE.values():
        assert service.doubts, service.key
    assert any("NOT right" in doubt for doubt in CATALOGUE["meter_test"].doubts)


def test_the_examples_of_the_guide_are_read_as_they_stand() -> None:
    guide = (HERE.parents[1] / "docs" / "write-a-service.md").read_text("utf-8")
    shown: dict[str, Any] = {}
    for block in re.findall(r"^ *```yaml\n(.*?)^ *```", guide, re.DOTALL | re.MULTILINE):
        shown |= yaml.safe_load(textwrap.dedent(block))
    shown = msgspec.to_builtins(CATALOGUE["reconnect"]) | shown
    example = msgspec.convert(shown, Service)
    assert asked(example, person="natural") == ["person"]
    assert asked(example, person="legal") == ["person", "company_id", "letter_number"]
    assert all(answer(example.key, question) for question in example.inputs)
    assert [stage.key for stage in example.usual_way()][-1] == "executed_by_company"


@pytest.mark.parametrize("path", sorted(HERE.glob("*.yaml")), ids=lambda path: path.stem)
def test_files_are_valid_by_the_schema_that_they_name(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    jsonschema.validate(yaml.safe_load(text), json.loads(schema()))
    assert not re.search("[يكىة\u0640]", text)


def test_the_schema_of_the_editors_is_current() -> None:
    written = (HERE / "schema.json").read_text("utf-8")
    assert written == schema(), "python -m dialogs.services.schema > dialogs/services/schema.json"
