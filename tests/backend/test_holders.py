"""Who holds a subscription, and whether somebody is that person."""

from __future__ import annotations

import pytest

from backend_adapter.port import NotFound
from tests.backend.conftest import API_KEY, TODAY, Playground

UNKNOWN = "9174639504124"


async def test_a_holder_is_told_as_far_as_the_utility_knows_it(ground: Playground) -> None:
    legal = await ground.who("legal person")
    found = await ground.backend.holder(legal.bill_id)
    assert (found.person, found.legal_id, found.shared) == ("legal", legal.person_id, False)
    shared = await ground.backend.holder((await ground.who("shared connection")).bill_id)
    assert (shared.person, shared.legal_id, shared.shared) == ("natural", None, True)
    assert (shared.activity, shared.licence, shared.licence_expires) == (None, None, None)
    works = await ground.backend.holder((await ground.who("industrial")).bill_id)
    assert works.activity
    assert works.licence
    assert works.licence_issuer
    assert works.licence_expires is not None
    assert works.licence_expires > TODAY


async def test_the_national_id_of_a_natural_person_is_compared_and_never_told(
    ground: Playground,
) -> None:
    for card in await ground.subscribers():
        path = f"/v1/subscriptions/{card.bill_id}/holder"
        status, told = await ground.call(
            "GET", path, headers={"Authorization": f"Bearer {API_KEY}"}
        )
        assert status == 200
        assert (card.person_id in told.values()) == (card.person == "legal")
        assert await ground.backend.identify(card.bill_id, card.person_id)


@pytest.mark.parametrize("hint", ["may file anything", "legal person"])
async def test_another_national_id_does_not_match(ground: Playground, hint: str) -> None:
    card = await ground.who(hint)
    others = {c.person_id for c in await ground.subscribers()} - {card.person_id}
    for other in others:
        assert not await ground.backend.identify(card.bill_id, other)


async def test_an_unknown_bill_has_no_holder_nobody_to_compare_and_no_requests(
    ground: Playground,
) -> None:
    for asked in (
        ground.backend.holder(UNKNOWN),
        ground.backend.identify(UNKNOWN, "0084575948"),
        ground.backend.open_requests(UNKNOWN),
    ):
        with pytest.raises(NotFound):
            await asked


async def test_open_requests_are_those_under_way_newest_first(ground: Playground) -> None:
    card, other = (await ground.subscribers())[:2]
    assert await ground.backend.open_requests(card.bill_id) == []
    over, _ = await ground.file(card.bill_id)
    first, _ = await ground.file(card.bill_id)
    await ground.file(other.bill_id)
    reading = ground.reading(card.bill_id, {"total": card.values["total"] + 100})
    await ground.backend.submit(reading, idempotency_key="k")
    await ground.advance(over, refuse="wrong_address")
    found = await ground.backend.open_requests(card.bill_id)
    assert [(r.tracking_code, r.service, r.submitted_on) for r in found] == [
        (reading.tracking_code, "submit_meter_reading", TODAY),
        (first, "meter_test", TODAY),
    ]
