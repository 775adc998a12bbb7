"""Messages in parts, both ways, between the box and an SMPP carrier with a real bearerbox between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bots.sms.gateway import SmsOut
from bots.sms.segments import PART, split
from tests.servers.kannel import SMPP, Kannel
from tests.servers.processes import until
from tests.servers.smsc import Smsc
from tests.sms.conftest import LINE, App

Connect = Callable[..., Any]
PHONE = "+989121234567"
LONG = "مشترک گرامی، شمارهٔ کنتور را بنویسید. " * 5
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
async def kannel(tmp_path: Path, carrier: Smsc) -> AsyncIterator[Kannel]:
    server = Kannel(tmp_path / "kannel", smpp_port=carrier.port)
    try:
        await server.start()
        await carrier.bound()
        yield server
    finally:
        server.stop()


def header(number: int, count: int) -> bytes:
    return bytes((5, 0, 3, 0x5A, count, number))


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "last part first"])
async def test_parts_from_a_phone_arrive_as_one_message(
    kannel: Kannel, carrier: Smsc, app: App, connect: Connect, order: int
) -> None:
    await connect(kannel, app)
    parts = list(enumerate(split(LONG + FAMILY), 1))
    for number, part in parts[::order]:
        await carrier.deliver("989121234567", LINE, part, header(number, len(parts)))
    await until(lambda: app.inbound, "the message")
    await carrier.deliver("989121234567", LINE, "پس از آن")
    await until(lambda: len(app.inbound) == 2, "the next message")
    assert app.texts == [LONG + FAMILY, "پس از آن"]
    assert {sms.sender for sms in app.inbound} == {PHONE}


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        pytest.param("ب" * 66 + "😀" + "پ" * 20, 66, id="a surrogate pair at the cut"),
        pytest.param("ب" * 60 + FAMILY + "پ" * 20, 60, id="a family of four at the cut"),
        pytest.param("ب" * 66 + "کُ" + "پ" * 20, 66, id="a letter and its vowel mark at the cut"),
        pytest.param("ب" * 67 + "\u200cپ" * 20, 66, id="a non-joiner after the last letter"),
        pytest.param("ب" * 134, 67, id="two full parts"),
    ],
)
async def test_a_long_reply_is_cut_by_us_and_passed_on_unchanged(
    kannel: Kannel, carrier: Smsc, app: App, connect: Connect, text: str, cut: int
) -> None:
    box = await connect(kannel, app, smsc_id=SMPP)
    await box.send(SmsOut("out-1", PHONE, text))
    one, two = await carrier.wait_for(2)
    assert (one.text, two.text) == (text[:cut], text[cut:])
    assert {one.coding, two.coding} == {8}
    assert one.udh[:3] == two.udh[:3] == bytes((5, 0, 3))
    assert one.udh[3] == two.udh[3]
    assert (one.udh[4:], two.udh[4:]) == (bytes((2, 1)), bytes((2, 2)))
    assert {one.receiver, two.receiver} == {PHONE.removeprefix("+")}
    assert max(len(one.body), len(two.body)) <= 2 * PART["ucs2"]


async def test_a_long_latin_reply_goes_out_in_the_cheap_alphabet(
    kannel: Kannel, carrier: Smsc, app: App, connect: Connect
) -> None:
    box = await connect(kannel, app, smsc_id=SMPP)
    await box.send(SmsOut("out-1", PHONE, "a" * 152 + "€" + "b" * 20))
    one, two = await carrier.wait_for(2)
    assert {one.coding, two.coding} == {0}
    # GSM 03.38: the euro sign is an escape and 0x65, and moves as a whole.
    assert one.body == b"a" * 152
    assert two.body == b"\x1b\x65" + b"b" * 20


async def test_a_receipt_of_the_carrier_becomes_a_report_on_our_message(
    kannel: Kannel, carrier: Smsc, app: App, connect: Connect
) -> None:
    box = await connect(kannel, app, smsc_id=SMPP)
    await box.send(SmsOut("good", PHONE, "سلام"))
    await box.send(SmsOut("bad", PHONE, LONG[:100]))
    good, bad_one, _ = await carrier.wait_for(3)
    await until(lambda: app.statuses("bad") == ["accepted"], "the carrier has both")
    await carrier.receipt(good, "DELIVRD")
    await carrier.receipt(bad_one, "UNDELIV")
    await until(lambda: app.statuses("good") == ["accepted", "delivered"], "the good report")
    await until(lambda: app.statuses("bad") == ["accepted", "failed"], "the bad report")


async def test_a_message_that_the_carrier_rejects_is_reported_rejected(
    kannel: Kannel, carrier: Smsc, app: App, connect: Connect
) -> None:
    box = await connect(kannel, app, smsc_id=SMPP)
    await carrier.answer_with(0x0B)  # ESME_RINVDSTADR
    await box.send(SmsOut("out-1", PHONE, "سلام"))
    await until(lambda: app.statuses("out-1") == ["rejected"], "the report")
