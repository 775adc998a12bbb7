"""The box against a real bearerbox, with fakesmsc as the phone network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bots.sms.gateway import InboundSms, SendError, SmsOut
from bots.sms.kannel_box import KannelBox
from tests.servers.kannel import NOBODY, FakeSmsc, Kannel
from tests.servers.processes import until
from tests.sms.conftest import LINE, App

Connect = Callable[..., Any]
PHONE = "+989121234567"


async def test_a_persian_message_arrives_with_its_sender_in_one_spelling(
    kannel: Kannel, phones: FakeSmsc, app: App, connect: Connect
) -> None:
    await connect(kannel, app)
    await phones.send("09121234567", LINE, "قرائت ۹۹۸۵۲۳۵۴۰۴۱۲۴ می‌خواهم")
    await until(lambda: app.inbound, "the message")
    (sms,) = app.inbound
    assert (sms.gateway, sms.sender, sms.receiver) == ("kannel", PHONE, LINE)
    assert sms.text == "قرائت ۹۹۸۵۲۳۵۴۰۴۱۲۴ می‌خواهم"
    await until(lambda: kannel.stored() == 0, "bearerbox forgets what was handled")


@pytest.mark.parametrize("text", ["کد پیگیری: ۱۲۳۴۵\nسپاس", "Code [1] {2} €5 @home", "سلام 👋🏽"])
async def test_a_reply_comes_out_as_it_was_written_and_is_reported_delivered(
    kannel: Kannel, phones: FakeSmsc, app: App, connect: Connect, text: str
) -> None:
    box = await connect(kannel, app)
    await box.send(SmsOut("out-1", PHONE, text))
    (out,) = await phones.wait_for(1)
    assert (out.sender, out.receiver, out.text) == (LINE, PHONE, text)
    await until(lambda: app.statuses("out-1") == ["accepted", "delivered"], "both reports")


async def test_a_message_whose_turn_failed_is_tried_again_before_the_senders_next_one(
    kannel: Kannel, phones: FakeSmsc, app: App, connect: Connect
) -> None:
    app.failures = 2
    await connect(kannel, app, retry_delay=0.05)
    for text in ("one", "two", "three"):
        await phones.send("09121234567", LINE, text)
    await until(lambda: len(app.inbound) == 3, "all three")
    assert app.texts == ["one", "two", "three"]
    assert app.attempts == 5


async def test_a_message_that_keeps_failing_goes_back_to_bearerbox_and_comes_again(
    kannel: Kannel, phones: FakeSmsc, app: App, connect: Connect
) -> None:
    app.failures = 5
    await connect(kannel, app, retry_delay=0.05, hold_attempts=2)
    await phones.send("09121234567", LINE, "stubborn")
    await until(lambda: app.inbound, "the message in the end")
    await until(lambda: kannel.stored() == 0, "it is acknowledged")
    assert app.texts == ["stubborn"]
    assert app.attempts == 6


async def test_a_slow_sender_does_not_hold_up_the_others(
    kannel: Kannel, phones: FakeSmsc, app: App, connect: Connect
) -> None:
    go_on = asyncio.Event()

    async def receive(sms: InboundSms) -> None:
        if sms.text == "slow":
            await go_on.wait()
        await app.receive(sms)

    await connect(kannel, app, receive=receive)
    await phones.send("09121234567", LINE, "slow")
    await phones.send("09121234567", LINE, "after slow")
    await phones.send("09127654321", LINE, "quick")
    await until(lambda: app.texts == ["quick"], "the other sender")
    go_on.set()
    await until(lambda: app.texts == ["quick", "slow", "after slow"], "the slow one, in order")


async def test_closing_finishes_and_acknowledges_what_is_in_hand(
    kannel: Kannel, phones: FakeSmsc, app: App, connect: Connect
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def receive(sms: InboundSms) -> None:
        begun.set()
        await go_on.wait()
        await app.receive(sms)

    box: KannelBox = await connect(kannel, app, receive=receive)
    await phones.send("09121234567", LINE, "in hand")
    await phones.send("09121234567", LINE, "not begun")
    await begun.wait()
    await until(lambda: kannel.stored() == 2, "both are in the store")
    closing = asyncio.create_task(box.close())
    go_on.set()
    await closing
    await until(lambda: kannel.stored() == 1, "the finished one is acknowledged")
    await connect(kannel, app)
    await until(lambda: app.texts == ["in hand", "not begun"], "the other one after the restart")


async def test_a_name_that_cannot_be_answered_is_acknowledged_and_dropped(
    kannel: Kannel, phones: FakeSmsc, app: App, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await connect(kannel, app)
    await phones.send("HamrahAval", LINE, "advertisement")
    await phones.send("09121234567", LINE, "سلام")
    await until(lambda: app.texts == ["سلام"], "the real message")
    await until(lambda: kannel.stored() == 0, "both are acknowledged")
    assert "no phone to answer" in caplog.text
    assert "advertisement" not in caplog.text
    assert "HamrahAval" not in caplog.text


async def test_a_message_without_a_connection_can_be_sent_later(app: App, tmp_path: Path) -> None:
    kannel = Kannel(tmp_path)
    box = KannelBox(
        host="127.0.0.1",
        port=kannel.box_port,
        box_id="gooya",
        line=LINE,
        receive=app.receive,
        report=app.report,
    )
    await box.start()
    try:
        with pytest.raises(SendError) as caught:
            await box.send(SmsOut("1", PHONE, "سلام"))
    finally:
        await box.close()
    assert caught.value.retryable
    assert PHONE not in str(caught.value)


async def test_a_message_that_no_carrier_takes_is_refused_with_an_alarm(
    kannel: Kannel, app: App, connect: Connect
) -> None:
    box = await connect(kannel, app, smsc_id=NOBODY)
    with pytest.raises(SendError) as caught:
        await box.send(SmsOut("1", PHONE, "سلام"))
    assert not caught.value.retryable
    assert caught.value.alarm


async def test_bearerbox_may_end_in_good_order_and_come_back(
    kannel: Kannel, phones: FakeSmsc, app: App, connect: Connect
) -> None:
    box = await connect(kannel, app)
    # A bearerbox that is told to end before it has taken a box in waits for that box for ever.
    await phones.send("09121234567", LINE, "سلام")
    await until(lambda: app.texts == ["سلام"], "bearerbox has taken the box in")
    await kannel.terminate()
    await until(lambda: not box.connected, "the end of the connection is noticed")
    await kannel.start()
    await until(lambda: box.connected, "connected again")
    phones.stop()
    await phones.start()
    await phones.send("09121234567", LINE, "دوباره")
    await until(lambda: app.texts == ["سلام", "دوباره"], "a message after the restart")
