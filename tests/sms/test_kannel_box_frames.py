"""What a real bearerbox never says, or only at a bad moment: from a server that says anything."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from bots.sms import boxc
from bots.sms.gateway import DeliveryReport, SendError, SmsOut
from tests.servers.processes import until
from tests.sms.conftest import LINE, App

Connect = Callable[..., Any]
PHONE = "+989121234567"


class Impostor:
    """A bearerbox that says what a test wants: what the real one never would."""

    def __init__(self) -> None:
        self.frames: list[boxc.Message | None] = []
        self.connections = 0
        self.ended = 0
        self.greeting: Callable[[], None] = lambda: None
        """What it does as soon as a box has said who it is."""
        self._writers: list[asyncio.StreamWriter] = []
        self.box_port = 0

    async def __aenter__(self) -> Impostor:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.box_port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        try:
            while True:
                self.frames.append(boxc.decode(await boxc.read_body(reader)))
                if len(self.frames) == 1:
                    self.greeting()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.ended += 1
        finally:
            writer.close()

    def boxes(self) -> int:
        """How often a box said who it is."""
        identify = boxc.Command.IDENTIFY
        said = [frame for frame in self.frames if isinstance(frame, boxc.Admin)]
        return sum(1 for frame in said if frame.command == identify)

    def say(self, frame: bytes) -> None:
        self._writers[-1].write(frame)

    @property
    def acks(self) -> list[boxc.Ack]:
        return [frame for frame in self.frames if isinstance(frame, boxc.Ack)]


def inbound(text: str, *, at: int = 0) -> boxc.Sms:
    return boxc.Sms(
        id=uuid.uuid4(),
        sender=b"+989121234567",
        receiver=LINE.encode(),
        msgdata=text.encode(),
        sms_type=boxc.SmsType.MO,
        coding=boxc.Coding.GSM7,
        time=at,
    )


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(b"\0\0\0\x04\0\0\0\x09", id="an unknown type"),
        pytest.param(b"\0\0\0\x08\0\0\0\x02\0\0\xff\xff", id="a field longer than the frame"),
        pytest.param(b"\0\0\0\x08\0\0\0\x02\xff\xff\xff\x00", id="a negative length of a field"),
        pytest.param(b"\0\0\0\x06" + boxc.encode(inbound("x"))[4:10], id="a message cut short"),
        pytest.param(
            b"\0\0\0\x13" + b"\0\0\0\x03" + b"\0" * 8 + b"\0\0\0\x03abc", id="an id that is none"
        ),
        pytest.param(boxc.encode(boxc.Ack(0, 0, uuid.uuid4())), id="an answer to nothing"),
    ],
)
async def test_a_frame_that_makes_no_sense_is_skipped(
    frame: bytes, app: App, connect: Connect
) -> None:
    async with Impostor() as server:
        box = await connect(server, app)
        server.say(frame + boxc.encode(inbound("good")))
        await until(lambda: server.acks, "the good message")
        assert app.texts == ["good"]
        assert server.connections == 1
        await box.close()


@pytest.mark.parametrize("length", [-1, 0, 3, (1 << 20) + 1, 0x7FFFFFFF])
async def test_an_impossible_frame_length_ends_the_connection_and_begins_another(
    length: int, app: App, connect: Connect
) -> None:
    async with Impostor() as server:
        box = await connect(server, app)
        server.say(length.to_bytes(4, "big", signed=True))
        await until(lambda: server.connections == 2, "a second connection")
        server.say(boxc.encode(inbound("good")))
        await until(lambda: app.texts == ["good"], "the message on it")
        await box.close()


async def test_a_broken_text_reaches_the_dialog_as_something_to_ask_about(
    app: App, connect: Connect
) -> None:
    async with Impostor() as server:
        box = await connect(server, app)
        server.say(boxc.encode(inbound("nul\0 here")))
        broken = boxc.Sms(
            id=uuid.uuid4(),
            sender=b"989121234567",
            msgdata=b"\xd8\x3d",
            coding=boxc.Coding.UCS2,
            sms_type=boxc.SmsType.MO,
            time=1,
        )
        server.say(boxc.encode(broken))
        await until(lambda: len(server.acks) == 2, "both acknowledged")
        assert app.texts == ["nul here", "�"]
        await box.close()


@pytest.mark.parametrize("stands_still", [0.0, 0.3])
async def test_what_comes_after_a_connection_is_put_in_the_order_it_was_sent(
    stands_still: float, app: App, connect: Connect
) -> None:
    async with Impostor() as server:

        def greet() -> None:
            for second in (3, 1, 2):
                server.say(boxc.encode(inbound(str(second), at=second)))
            time.sleep(stands_still)

        server.greeting = greet
        box = await connect(server, app, settle=0.2)
        await until(lambda: len(app.texts) == 3, "all of them")
        assert app.texts == ["1", "2", "3"]
        await box.close()


async def test_no_answer_to_a_part_is_a_failure_that_can_be_tried_again(
    app: App, connect: Connect
) -> None:
    async with Impostor() as server:
        box = await connect(server, app, ack_timeout=0.1)
        with pytest.raises(SendError, match="no answer") as caught:
            await box.send(SmsOut("1", PHONE, "سلام"))
        assert caught.value.retryable
        await box.close()


@pytest.mark.parametrize(
    ("nack", "retryable", "alarm"),
    [(boxc.Nack.FAILED_FOR_NOW, True, False), (boxc.Nack.FAILED, False, True)],
)
async def test_what_bearerbox_refuses_says_whether_to_try_again(
    nack: boxc.Nack, retryable: bool, alarm: bool, app: App, connect: Connect
) -> None:
    async with Impostor() as server:
        box = await connect(server, app)
        sending = asyncio.create_task(box.send(SmsOut("1", PHONE, "سلام")))
        part = await until(lambda: sent(server), "the part")
        server.say(boxc.encode(boxc.Ack(nack, 0, part[0].id)))
        with pytest.raises(SendError) as caught:
            await sending
        assert (caught.value.retryable, caught.value.alarm) == (retryable, alarm)
        await box.close()


async def test_a_retry_of_a_long_message_sends_only_the_parts_that_were_not_taken(
    app: App, connect: Connect
) -> None:
    long = SmsOut("long", PHONE, "ب" * 134)
    async with Impostor() as server:
        box = await connect(server, app)
        for nack in (boxc.Nack.FAILED_FOR_NOW, boxc.Nack.SUCCESS):
            before = len(sent(server))
            sending = asyncio.create_task(box.send(long))
            if before == 0:
                (first,) = await until(lambda: sent(server), "part 1")
                server.say(boxc.encode(boxc.Ack(boxc.Nack.SUCCESS, 0, first.id)))
                before = 1
            parts = await until(lambda b=before: sent(server)[b:], "part 2")
            server.say(boxc.encode(boxc.Ack(nack, 0, parts[0].id)))
            await asyncio.gather(sending, return_exceptions=True)
        numbers = [part.udhdata[-1] for part in sent(server) if part.udhdata]
        assert numbers == [1, 2, 2]
        assert len({part.udhdata[3] for part in sent(server) if part.udhdata}) == 1
        await box.close()


async def test_a_long_message_is_delivered_with_its_last_part_and_failed_with_any(
    app: App, connect: Connect
) -> None:
    async with Impostor() as server:
        box = await connect(server, app)
        for reference, kind in [("1/2/a", 1), ("2/2/a", 1), ("1/2/b", 2), ("stranger", 1)]:
            report = boxc.Sms(
                id=uuid.uuid4(),
                sms_type=boxc.SmsType.REPORT_MO,
                dlr_mask=kind,
                dlr_url=reference.encode(),
            )
            server.say(boxc.encode(report))
        await until(lambda: len(server.acks) == 4, "all reports acknowledged")
        assert app.reports == [DeliveryReport("a", "delivered"), DeliveryReport("b", "failed")]
        await box.close()


def sent(server: Impostor) -> list[boxc.Sms]:
    return [frame for frame in server.frames if isinstance(frame, boxc.Sms)]
