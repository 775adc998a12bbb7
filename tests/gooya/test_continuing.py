"""«کد ادامه»: a form that was begun on one phone goes on in another conversation."""

from __future__ import annotations

import asyncio
import re

import pytest

from dialogs import limits
from dialogs.store import Store
from gooya.clock import instant
from gooya.database.attachments import Attachment, Attachments
from gooya.database.engine import Database
from tests.gooya.conftest import OpenStore
from tests.gooya.house import House
from tests.gooya.test_calls import LANDLINE, Line

OTHER = "+989350000001"
NEW_CONNECTION = ("4", "1")
"""The group of connections, and the first of its services."""


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    return open_store()


@pytest.fixture
async def house(store: Store, database: Database) -> House:
    return House(store, database)


async def write(house: House, text: str, phone: str = OTHER) -> str:
    house.now += 1.0
    before = len(house.sent)
    await house.door.enter(phone, house.event(text, phone=phone))
    await house.gone()
    return "\n".join(message.text for message in house.sent[before:])


async def hang_up(line: Line) -> None:
    await line.do("hang_up")
    await line.house.gone()


async def begin(house: House, number: str = LANDLINE) -> tuple[Line, str]:
    """A call up to the code."""
    line = Line(house, number)
    await line.do("call")
    said = await line.keys(*NEW_CONNECTION)
    assert "چند پرسش" in said
    said = await line.keys("2")
    assert "ادامه" in said
    state = await house.store.load(number, "")
    assert state.state is not None
    (code,) = re.findall(rb'"continue-code","([0-9]{8})"', state.state)
    return line, code.decode()


async def test_a_call_from_a_landline_goes_on_by_sms_from_another_number(house: House) -> None:
    line, code = await begin(house)
    await hang_up(line)
    said = await write(house, f"ادامه {code}")
    assert "انشعاب جدید" in said
    assert "شخصیت متقاضی" in said
    assert "کد ملی" in await write(house, "1")


async def test_answers_that_were_given_are_not_asked_again(house: House) -> None:
    line = Line(house, OTHER)
    await line.do("call")
    await line.keys(*NEW_CONNECTION, "1", "1")
    assert "تاریخ تولد" in await line.keys("0012345679")
    await hang_up(line)
    assert "تاریخ تولد" in await write(house, "ادامه")


async def test_what_goes_on_elsewhere_is_no_longer_offered_where_it_began(house: House) -> None:
    line, code = await begin(house, number="+989120000009")
    await hang_up(line)
    await write(house, f"ادامه {code}")
    assert "نیمه‌تمامی ندارید" in await write(house, "ادامه", "+989120000009")


async def test_the_code_ends_after_its_time_and_a_wrong_one_says_so(house: House) -> None:
    line, code = await begin(house)
    await hang_up(line)
    assert "شناخته نشد" in await write(house, "ادامه 00000000")
    house.now += limits.CONTINUE_LIFE + 1
    assert "شناخته نشد" in await write(house, f"ادامه {code}")


async def test_codes_can_not_be_tried_without_end(house: House) -> None:
    line, code = await begin(house)
    await hang_up(line)
    for number in range(limits.WRONG_LOOKUPS):
        await write(house, f"ادامه {number:08d}")
    for tried in ("99999999", code):
        assert "ناشناس زیاد شد" in await write(house, f"ادامه {tried}")


async def test_what_was_recorded_goes_along(house: House, database: Database) -> None:
    attachments = Attachments(database)
    line, code = await begin(house)
    await hang_up(line)
    again = Line(house, LANDLINE, "node/2")
    await again.do("call")
    said = await again.keys("1", "0012345679", "13700512", "09121234567", "1", "1")
    assert "نشانی" in said
    sound = Attachment(content_type="audio/wav", content=b"RIFF", seconds=1.0)
    id_ = await attachments.add(LANDLINE, sound, instant(house.now))
    await again.do("recording", id_)
    await again.keys("1")
    await hang_up(again)
    await write(house, f"ادامه {code}")
    assert await attachments.find(id_, OTHER) is not None
    assert await attachments.find(id_, LANDLINE) is None


async def test_the_code_leads_to_its_flow_where_that_runs_below_another(house: House) -> None:
    line, code = await begin(house, OTHER)
    await hang_up(line)
    assert "شناسه" in await write(house, "قرائت")
    said = await write(house, f"ادامه {code}")
    assert "انشعاب جدید" in said
    assert "شخصیت متقاضی" in said


async def test_two_who_take_from_each_other_at_once_don_t_wait_for_each_other(
    house: House,
) -> None:
    mine, his = "+989120000009", OTHER
    codes = {}
    for number in (mine, his):
        line, codes[number] = await begin(house, number)
        await hang_up(line)
    async with asyncio.timeout(20):
        await asyncio.gather(
            house.door.enter(mine, house.event(f"ادامه {codes[his]}", phone=mine)),
            house.door.enter(his, house.event(f"ادامه {codes[mine]}", phone=his)),
        )
    await house.gone()
    for number in (mine, his):
        assert "شخصیت متقاضی" in await write(house, "ادامه", number)
