"""``gooya check``: every rule finds its broken example, and nothing else; the product has no finding.

A folder of ``broken/`` holds only the files that are laid over the product's own, each wrong in
exactly one way.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from gooya.check import FLOWS_FOLDER, MESSAGES_FOLDER, SERVICES_FOLDER, Finding, check
from gooya.cli import main

BROKEN = Path(__file__).parent / "broken"
TRACK, READING = "track_request", "submit_meter_reading"
REPAIR = "repair_metering_equipment"

# folder: (file, service, step, rule, part of the text)
EXPECTED: dict[str, tuple[str, str, str, str, str]] = {
    "missing_service_text": (f"{TRACK}.yaml", TRACK, "menu", "translation", "no text in en"),
    "unknown_field_type": (f"{TRACK}.yaml", TRACK, "input code", "field", "'tracking_cod'"),
    "number_without_bounds": (
        "change_energy_demand_option.yaml",
        "change_energy_demand_option",
        "input option",
        "field",
        "needs `min` and `max`",
    ),
    "double_number": (f"{TRACK}.yaml", TRACK, "number", "number", "of declare_debt_balance"),
    "unknown_flow": (f"{TRACK}.yaml", TRACK, "flow", "flow", "'track_requests'"),
    "unreachable_stage": (f"{READING}.yaml", READING, "stage bill_issued", "stage", "leads to it"),
    "missing_stage": (f"{READING}.yaml", READING, "stage bill_paid", "stage", "'closed'"),
    "double_stage": (f"{READING}.yaml", READING, "stages", "stage", "share a key"),
    "keyword_is_a_command": (f"{TRACK}.yaml", TRACK, "keyword ادامه", "keyword", "'resume'"),
    "keyword_of_another_service": (f"{TRACK}.yaml", TRACK, "keyword قرائت", "keyword", READING),
    "keyword_is_an_opt_out_word": (f"{TRACK}.yaml", TRACK, "keyword لغو 11", "keyword", "opt-out"),
    "keyword_is_a_number": (f"{TRACK}.yaml", TRACK, "keyword ۵", "keyword", "menu number"),
    "no_keyword": (f"{TRACK}.yaml", TRACK, "keywords", "keyword", "no keyword in en"),
    "schema_error": (f"{TRACK}.yaml", TRACK, "-", "schema", "sensitivity"),
    "wrong_key": (f"{TRACK}.yaml", TRACK, "-", "schema", "expected 'track_request'"),
    "unknown_kind": (f"{READING}.yaml", READING, "-", "schema", "one of received, checked"),
    "unknown_known": ("change_name.yaml", "change_name", "-", "schema", "one of profile.mobile"),
    "unknown_precondition": ("reconnect.yaml", "reconnect", "-", "schema", "one of debt_settled"),
    "menu_too_long": (f"{TRACK}.yaml", TRACK, "menu", "length", "26 characters of 24 in fa"),
    "info_too_long": (f"{TRACK}.yaml", TRACK, "info", "length", "3 SMS segments of 2 in fa"),
    "arabic_letter": (f"{TRACK}.yaml", TRACK, "title", "spelling", "«ي»"),
    "split_word": (f"{TRACK}.yaml", TRACK, "info", "spelling", "joined to its word"),
    "sign_that_doubles_the_cost": (f"{TRACK}.yaml", TRACK, "title", "spelling", "double the cost"),
    "loose_joiner": (f"{TRACK}.yaml", TRACK, "description", "spelling", "joins nothing"),
    "unspeakable_stage": (f"{READING}.yaml", READING, "stage checked", "voice", "'kWh'"),
    "form_without_info": ("bill_review.yaml", "bill_review", "info", "flow", "a form needs it"),
    "form_without_refusal": (
        "bill_review.yaml",
        "bill_review",
        "refusal",
        "flow",
        "a form needs it",
    ),
    "double_input": ("bill_review.yaml", "bill_review", "input bill", "field", "share this key"),
    "double_document": (
        "change_name.yaml",
        "change_name",
        "document deed",
        "field",
        "share this key",
    ),
    "document_with_the_key_of_an_input": (
        "bill_review.yaml",
        "bill_review",
        "document problem",
        "field",
        "an input has this key",
    ),
    "parameter_of_another_type": (
        "bill_review.yaml",
        "bill_review",
        "input problem",
        "field",
        "unknown parameter days_back",
    ),
    "proof_as_an_input": (
        "payment_history.yaml",
        "payment_history",
        "input code",
        "field",
        "`sensitivity`",
    ),
    "no_answer_at_all": (
        "consolidate_bills.yaml",
        "consolidate_bills",
        "input other_bills",
        "field",
        "up_to is 0",
    ),
    "option_is_a_command": (f"{REPAIR}.yaml", REPAIR, "input fault", "field", "the command 'help'"),
    "condition_on_a_later_input": (
        f"{REPAIR}.yaml",
        REPAIR,
        "input fault",
        "condition",
        "no earlier input",
    ),
    "condition_on_words": (
        "bill_review.yaml",
        "bill_review",
        "document wrong_bill",
        "condition",
        "only a single choice",
    ),
    "condition_that_never_holds": (
        f"{REPAIR}.yaml",
        REPAIR,
        "input details",
        "condition",
        "'roof', which it never is",
    ),
    "after_no_date": (
        "temporary_removal.yaml",
        "temporary_removal",
        "input to_date",
        "condition",
        "'shared_from'",
    ),
    "known_of_another_type": (
        "change_name.yaml",
        "change_name",
        "input use",
        "known",
        "known as a yes_no",
    ),
    "precondition_without_bill": (
        "withdraw_request.yaml",
        "withdraw_request",
        "preconditions",
        "precondition",
        "`bill`",
    ),
    "endless_stage": (
        "reconnect.yaml",
        "reconnect",
        "stage archived",
        "stage",
        "no end can be reached",
    ),
    "archive_that_goes_on": (
        "reconnect.yaml",
        "reconnect",
        "stage archived",
        "kind",
        "goes nowhere",
    ),
    "agreement_without_refusal": (
        "permanent_removal.yaml",
        "permanent_removal",
        "stage terms_announced",
        "kind",
        "may refuse",
    ),
    "payment_without_invoice": (
        f"{READING}.yaml",
        READING,
        "stage bill_paid",
        "kind",
        "nobody can pay",
    ),
    "first_stage_is_not_received": (
        f"{READING}.yaml",
        READING,
        "stage received",
        "kind",
        "the first stage",
    ),
    "side_way_without_condition": (
        "reconnect.yaml",
        "reconnect",
        "stage archived",
        "way",
        "as its `condition`",
    ),
    "side_way_among_the_usual": (
        "reconnect.yaml",
        "reconnect",
        "stage archived",
        "way",
        "which come first",
    ),
    "missing_translation": ("fa/broken.ftl", "", "broken", "translation", "no translation in en"),
    "missing_variant": ("fa/broken.ftl", "", "broken", "variant", ".sms is missing"),
    "over_budget_alone": ("fa/broken.ftl", "", "broken", "budget", "can need 3 SMS segments"),
    "over_budget_with_options": ("fa/broken.ftl", "", "broken", "budget", "a question may need 2"),
    "over_budget_with_rows": ("fa/broken.ftl", "", "broken", "budget", "a list may need 4"),
    "over_budget_with_help": (
        "fa/broken.ftl",
        "",
        "broken",
        "joined",
        "with the help it can need 7",
    ),
    "over_budget_with_refusal": ("fa/broken.ftl", "", "broken", "joined", "with a refusal it can"),
    "unknown_budget": ("fa/broken.ftl", "", "broken", "budget", "@novel"),
    "unknown_row": ("fa/broken.ftl", "", "broken", "budget", "nowhere"),
    "misspelt_placeable": ("fa/broken.ftl", "", "broken", "placeable", "misspelt"),
    "untyped_placeable": ("fa/broken.ftl", "", "broken", "placeable", "$name"),
    "unknown_format": ("fa/broken.ftl", "", "broken", "placeable", "SHOUT()"),
    "messenger_text_too_long": ("fa/broken.ftl", "", "broken", "messenger", "units of 4096"),
    "messenger_caption_too_long": (
        "fa/broken.ftl",
        "",
        "picture-broken",
        "messenger",
        "units of 1024",
    ),
    "messenger_label_too_long": (
        "fa/broken.ftl",
        "",
        "option-broken",
        "messenger",
        "characters of 40",
    ),
    "messenger_label_of_a_question_too_long": (
        "fa/broken.ftl",
        "",
        "broken-choice",
        "messenger",
        "characters of 40",
    ),
    "messenger_description_too_long": (
        "fa/broken.ftl",
        "",
        "command-broken",
        "messenger",
        "characters of 100",
    ),
    "messenger_toast_too_long": (
        "fa/broken.ftl",
        "",
        "stale-broken",
        "messenger",
        "characters of 200",
    ),
    "messenger_tag": ("fa/broken.ftl", "", "broken", "messenger", "<b> is shown"),
    "messenger_id_in_a_word": ("fa/broken.ftl", "", "broken", "messenger", "copied by a tap"),
    "messenger_untyped_placeable": ("fa/broken.ftl", "", "broken", "messenger", "$name"),
    "junk": ("fa/broken.ftl", "", "-", "syntax", "not fluent at all"),
    "double_message": ("fa/broken.ftl", "", "-", "syntax", "broken is defined twice"),
    "message_without_a_file": ("greeting.py", "greeting", "good-morning", "translation", "line 9"),
    "prompt_without_a_message": (
        "greeting.py",
        "greeting",
        "good-morning",
        "translation",
        "line 9",
    ),
}


def findings(folder: Path, overlay: Path) -> list[Finding]:
    """What the check says of a copy of the product with ``overlay`` laid over it."""
    for name, own in (
        ("services", SERVICES_FOLDER),
        ("messages", MESSAGES_FOLDER),
        ("flows", FLOWS_FOLDER),
    ):
        shutil.copytree(own, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(overlay, folder, dirs_exist_ok=True)
    return check(folder / "services", folder / "messages", folder / "flows")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_example_makes_its_one_finding(name: str, tmp_path: Path) -> None:
    file, service, step, rule, part = EXPECTED[name]
    [finding] = findings(tmp_path, BROKEN / name)
    assert (finding.file, finding.service, finding.step, finding.rule) == (
        file,
        service,
        step,
        rule,
    )
    assert part in finding.text


def test_a_message_that_says_nothing_on_a_channel_is_found_in_every_language(
    tmp_path: Path,
) -> None:
    found = findings(tmp_path, BROKEN / "nothing_for_a_channel")
    assert {(f.file, f.step, f.rule) for f in found} == {
        (f"{language}/broken.ftl", "broken", "variant") for language in ("fa", "en")
    }
    assert all("says nothing on sms" in f.text for f in found)


def test_every_broken_example_is_expected() -> None:
    assert {path.name for path in BROKEN.iterdir()} == {*EXPECTED, "nothing_for_a_channel"}


@pytest.mark.parametrize(
    ("file", "message"),
    [("answers.ftl", "wrong-bill_id-short"), ("forms.ftl", "ask-postal_code")],
)
def test_an_answer_type_without_a_message_that_it_needs_is_found(
    file: str, message: str, tmp_path: Path
) -> None:
    overlay = tmp_path / "overlay"
    for language in ("fa", "en"):
        (overlay / "messages" / language).mkdir(parents=True)
        text = (MESSAGES_FOLDER / language / file).read_text("utf-8")
        gone = text.replace(f"\n{message} =", f"\n{message}-gone =")
        (overlay / "messages" / language / file).write_text(gone, "utf-8")
    found = findings(tmp_path / "copy", overlay)
    assert {(f.file, f.step, f.rule) for f in found} == {
        (f"{language}/{file}", message, "translation") for language in ("fa", "en")
    }


def test_the_product_itself_has_no_finding() -> None:
    assert check() == []


def test_the_command_says_that_all_is_well() -> None:
    result = CliRunner().invoke(main, ["check"])
    assert (result.exit_code, result.output) == (0, "All is well.\n")
    result = CliRunner().invoke(main, ["check", "--json"])
    assert (result.exit_code, json.loads(result.output)) == (0, [])


def test_the_command_exits_with_1_and_names_file_service_and_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = findings(tmp_path, BROKEN / "unknown_field_type")
    monkeypatch.setattr("gooya.cli.services.run_checks", lambda: found)
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 1
    assert "track_request.yaml: track_request, input code: unknown answer type" in result.output
    assert "1 finding\n" in result.output
    result = CliRunner().invoke(main, ["check", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)[0]["rule"] == "field"
