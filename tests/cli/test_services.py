"""``gooya services``: the catalogue listed, shown and drawn."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from dialogs.services import CATALOGUE
from gooya.cli import main


def services(*words: str) -> str:
    done = CliRunner().invoke(main, ["services", *words])
    assert done.exit_code == 0, done.output
    return done.output


def lines(*words: str) -> list[str]:
    return [line.strip() for line in services(*words).splitlines()]


def test_services_are_listed_by_group_and_number() -> None:
    listed = lines("list", "--language", "en")
    assert listed[0] == "Sale of connections (sale_of_connection)"
    numbers = [int(line.split()[0]) for line in listed if line[:1].isdigit()]
    assert numbers == list(range(1, 31))
    assert CATALOGUE["payment_history"].title.fa in services("list")


def test_the_list_for_programs_comes_most_used_first_and_says_what_is_a_draft() -> None:
    listed = json.loads(services("list", "--json"))
    assert [row["key"] for row in listed] == list(CATALOGUE)
    assert {row["key"] for row in listed if row["draft"]} == {
        key for key, service in CATALOGUE.items() if service.draft
    }


def test_a_service_is_shown_as_a_person_reads_it() -> None:
    shown = lines("show", "change_name", "--language", "en")
    assert shown[0] == "Change of name  (change_name, number 8)"
    assert "To be proved: one-time code to the registered mobile, and the national id" in shown
    assert "Before: no debt is left, no request of this kind is open" in shown
    assert "Time: about 6 days" in shown
    only = "only when Kind of the new owner: Natural person"
    assert f"3. National id of the new owner (national id) — {only}" in shown
    agreement = "5. Agreement to terms and cost (customer, told)"
    assert f"{agreement} — then Invoice for the fee or Request archived" in shown
    archived = "10. Request archived (company, told)"
    assert f"{archived} — if the terms are not agreed to — then end" in shown


def test_a_service_is_shown_in_persian_first() -> None:
    shown = lines("show", "temporary_removal")
    assert shown[:2] == [
        "جمع‌آوری موقت انشعاب  (temporary_removal, شماره ۱۱)",
        "خدمات پس از فروش",
    ]
    assert "زمان: حدود ۶ روز" in shown
    assert "۳. تاریخ پایان جمع‌آوری (تاریخ) — نه پیش از تاریخ شروع جمع‌آوری" in shown
    assert "۱. وکالت‌نامه شریکان انشعاب — فقط وقتی اشتراکی بودن انشعاب: بله" in shown


def test_a_list_of_answers_and_a_limit_of_time_are_shown() -> None:
    assert "3. National id of each head of family (national id) — up to 20 times" in lines(
        "show", "household_code", "--language", "en"
    )
    assert "Time: within 5 minutes" in lines("show", "declare_debt_balance", "--language", "en")


def test_a_service_is_shown_to_programs_as_its_file_has_it() -> None:
    shown = json.loads(services("show", "submit_meter_reading", "--json"))
    assert shown["stages"][0]["key"] == "received"


def test_questions_are_drawn_with_their_conditions() -> None:
    drawn = lines("diagram", "change_name", "--language", "en")
    assert drawn[0] == "stateDiagram-v2"
    assert "ask_person --> ask_national_id: Kind of the new owner = Natural person" in drawn
    assert "ask_person --> ask_company_id: Kind of the new owner = Legal person" in drawn
    assert "ask_birth_date --> ask_mobile" in drawn
    assert "ask_letter_date --> ask_mobile" in drawn
    assert "ask_birth_date --> ask_company_id" not in drawn
    assert "ask_person --> ask_mobile" not in drawn
    use = "Kind of use = Public, Agricultural, Industrial, Commercial and other"
    assert f"ask_use --> ask_licence: {use}" in drawn
    assert "ask_use --> [*]" in drawn
    assert "ask_licence_issuer --> [*]" in drawn


def test_stages_are_drawn_with_their_branches() -> None:
    drawn = lines("diagram", "meter_test", "--language", "en")
    assert "[*] --> questions" in drawn
    assert "questions --> form_submitted" in drawn
    right = "bill_corrected_and_fee_refunded: if the customer was right"
    wrong = "meter_replacement_started: if the customer was not right"
    assert f"result_announced --> {right}" in drawn
    assert f"result_announced --> {wrong}" in drawn
    assert "meter_replacement_started --> [*]" in drawn


def test_a_service_that_is_answered_at_once_is_drawn_without_stages() -> None:
    assert lines("diagram", "track_request")[-1] == "questions --> [*]"


@pytest.mark.parametrize("language", ["fa", "en"])
def test_all_services_are_drawn_on_one_page(language: str) -> None:
    page = services("diagram", "--language", language)
    assert page.count("```mermaid\nstateDiagram-v2\n") == len(CATALOGUE)
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings[0].endswith("(new_permanent_connection)")
    # A second colon would end the text of an arrow.
    arrows = [line for line in page.splitlines() if " --> " in line]
    assert all(line.count(":") <= 1 and ";" not in line for line in arrows)
