"""Real SIP calls through a real Asterisk into real Gooya processes: what callers hear, what is stored."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from dialogs.notices import stage_name
from dialogs.values import Progress
from gooya.operators import DAYS
from tests.conversations.people import Cast
from tests.e2e.phone import (
    LATE,
    Office,
    Phone,
    Prompts,
    Sound,
    fresh_number,
    keys_to,
    today,
)
from tests.servers.heard import find, places
from tests.servers.processes import until
from tests.servers.rtp import RATE, Samples
from tests.servers.sip_caller import SipCaller

READING, PAYMENTS, TRACK = map(
    keys_to, ("submit_meter_reading", "payment_history", "track_request")
)


@pytest.fixture(scope="session")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Prompts:
    """All clips, built once for all workers of a run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    made = Prompts(folder / "prompts")
    with (folder / "prompts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made.build()
    return made


@pytest.fixture(scope="session")
def cast(seeded: Path) -> Cast:
    return Cast(list_subscribers(seeded))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    tmp_path_factory: pytest.TempPathFactory, prompts: Prompts, seeded: Path
) -> AsyncIterator[Office]:
    """One that every test leaves as it was; nobody calls twice from one number."""
    async with Office(tmp_path_factory.mktemp("office"), prompts, seeded) as running:
        yield running
        assert "Traceback" not in running.gooya.output()


@pytest.fixture
async def caller(office: Office) -> AsyncIterator[SipCaller]:
    async with SipCaller(office.asterisk.sip_port) as callers:
        yield callers


def figures_of(person: SubscriberCard) -> dict[str, int]:
    """What a customer may read on the meter today."""
    return {register: value + 30 for register, value in person.values.items()}


async def reading_of(office: Office, person: SubscriberCard) -> Progress:
    """Wait until the backend has the reading, and exactly that; its receipt."""
    await until(lambda: office.backend.requests(person.bill_id), "the reading is filed", LATE)
    assert office.backend.readings(person.bill_id) == [figures_of(person)]
    (progress,) = office.backend.requests(person.bill_id)
    return progress


def bill_keys(person: SubscriberCard) -> str:
    """A bill id of full length needs no end."""
    return person.bill_id if len(person.bill_id) == 13 else f"{person.bill_id}#"


def question(prompts: Prompts, register: str) -> Sound:
    """What asks for the figure of a register."""
    if register == "total":
        return prompts.message("reading")
    return prompts.message("reading-register", register=register)


async def choose(phone: Phone, keys: str) -> None:
    """Press keys while the greeting still plays."""
    await phone.hears("welcome", whole=False)
    await phone.presses(keys)


async def identify(phone: Phone, person: SubscriberCard) -> None:
    """From the greeting to the first register, in a hurry."""
    await choose(phone, READING)
    await phone.hears("bill", whole=False)
    await phone.presses(bill_keys(person))


async def enter_figures(phone: Phone, person: SubscriberCard, *registers: str) -> None:
    """Answer the questions for these registers, or for all, in a hurry."""
    figures = figures_of(person)
    for register in registers or figures:
        await phone.hears(question(phone.prompts, register), whole=False)
        await phone.presses(f"{figures[register]}#")


async def agree(phone: Phone, person: SubscriberCard) -> None:
    """Hear the figures back, all of them, and confirm."""
    await phone.hears("reading-check", bill=person.bill_id)
    for register, figure in figures_of(person).items():
        if register == "total":
            await phone.hears("row-reading", value=figure)
        else:
            await phone.hears("row-reading-register", register=register, value=figure)
    await phone.presses("1")


async def submit(phone: Phone, office: Office, person: SubscriberCard) -> Progress:
    """From the greeting to the spoken tracking code."""
    await identify(phone, person)
    await enter_figures(phone, person)
    await agree(phone, person)
    return await hear_receipt(phone, office, person)


async def hear_receipt(phone: Phone, office: Office, person: SubscriberCard) -> Progress:
    """Hear what the backend has: the code digit by digit, what is to be paid and until when."""
    receipt = await reading_of(office, person)
    assert receipt.bill is not None
    told = {"amount": receipt.bill.amount, "due": receipt.bill.due}
    await phone.hears("reading-done-bill", code=receipt.tracking_code, **told)
    return receipt


async def check_sms(office: Office, number: str, receipt: Progress) -> None:
    """The last message has the tracking code and what is needed to pay."""
    assert receipt.bill is not None
    ids = [receipt.tracking_code, receipt.bill.bill_id, receipt.bill.payment_id]

    async def arrived() -> bool:
        messages = await office.messages(number)
        return bool(messages) and re.findall(r"^[0-9]+$", messages[-1], re.MULTILINE) == ids

    await until(arrived, "the codes come by SMS", LATE)


async def test_a_reading_of_every_register_is_heard_back_filed_and_followed_by_its_codes_in_writing(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    person, number, prompts = cast.take("multi"), fresh_number(), office.prompts
    phone = await office.dial(caller, number)
    await phone.hears("welcome")
    await phone.hears(prompts.option(1, "option-service", service="submit_meter_reading"))
    await phone.presses(READING)
    await phone.hears("bill")
    await phone.presses(bill_keys(person))
    for register, figure in figures_of(person).items():
        await phone.hears(question(prompts, register))
        await phone.presses(f"{figure}#")
    assert not office.backend.requests(person.bill_id)
    await agree(phone, person)
    receipt = await hear_receipt(phone, office, person)
    await phone.hears("kept-by-sms")
    await phone.hears("anything-else")
    assert not await office.messages(number)
    await phone.presses("2")
    await phone.hears("goodbye")
    await phone.ended()
    phone.check_order()
    for wrong in ("track", "code-sent", "payments-none", "sorry-operator"):
        assert phone.never_heard(wrong)
    await check_sms(office, number, receipt)
    assert len(await office.messages(number)) == 1


async def test_payments_are_heard_in_threes_after_the_code_that_went_to_the_registered_mobile(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    person, number = cast.take("single"), fresh_number()
    payments = office.backend.payments(person.bill_id)
    pages = -(-len(payments) // 3)
    assert pages > 2
    phone = await office.dial(caller, number)
    await choose(phone, PAYMENTS)
    await phone.hears("bill", whole=False)
    await phone.presses(bill_keys(person))
    await phone.hears("code-sent")
    await phone.hears("code")
    (sms,) = await office.messages(str(person.mobile))
    (code,) = re.findall(r"[0-9]{5}", sms)
    assert not await office.messages(number)
    await phone.presses(code)
    await phone.hears("payments", count=len(payments), amount=sum(p.amount for p in payments))
    for payment in payments[:3]:
        await phone.hears("row-payment", date=payment.paid_on, amount=payment.amount)
    await phone.hears(office.prompts.option(1, "option-next"))
    await phone.presses("1")
    await phone.hears("history-page", number=2, pages=pages)
    for payment in payments[3:6]:
        await phone.hears("row-payment", date=payment.paid_on, amount=payment.amount)
    await phone.presses("2")
    await phone.hears("sent-by-sms")
    await until(lambda: office.messages(number), "the list comes by SMS", LATE)
    assert phone.never_heard("row-payment", date=payments[6].paid_on, amount=payments[6].amount)


async def test_a_tracking_code_by_keys_says_where_the_request_stands(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    person, number = cast.take("single"), fresh_number()
    await office.write(number, f"قرائت {person.bill_id} {figures_of(person)['total']}")
    await office.write(number, "1")
    receipt = await reading_of(office, person)
    phone = await office.dial(caller, number)
    await choose(phone, TRACK)
    await phone.hears("track")
    await phone.presses(receipt.tracking_code)
    await phone.hears(
        "track-stage",
        service="submit_meter_reading",
        date=receipt.at,
        number=receipt.stage,
        count=receipt.stages,
        stage=stage_name("submit_meter_reading", receipt.stage),
    )
    await phone.hears("anything-else")
    assert phone.never_heard("track-unknown")


async def test_who_drops_and_calls_again_goes_on_where_he_was(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    person, number = cast.take("multi"), fresh_number()
    first, second, third = figures_of(person)
    phone = await office.dial(caller, number)
    await identify(phone, person)
    await enter_figures(phone, person, first)
    await phone.hears(question(office.prompts, second), whole=False)
    await phone.hangs_up()

    async def told() -> bool:
        return any("ادامه" in sms for sms in await office.messages(number))

    await until(told, "he is told by SMS that it can go on", LATE)
    again = await office.dial(caller, number)
    await again.hears("resumed", service="submit_meter_reading")
    await enter_figures(again, person, second, third)
    await agree(again, person)
    receipt = await hear_receipt(again, office, person)
    await again.hangs_up()
    await check_sms(office, number, receipt)
    assert again.never_heard("bill")


async def test_who_drops_may_go_on_by_sms(office: Office, caller: SipCaller, cast: Cast) -> None:
    person, number = cast.take("multi"), fresh_number()
    first, second, third = figures = figures_of(person)
    phone = await office.dial(caller, number)
    await identify(phone, person)
    await enter_figures(phone, person, first)
    await phone.hears(question(office.prompts, second), whole=False)
    await phone.hangs_up()
    await until(lambda: office.messages(number), "he is told that it can go on", LATE)
    for text in ("ادامه", str(figures[second]), str(figures[third]), "1"):
        await office.write(number, text)
    receipt = await reading_of(office, person)
    await check_sms(office, number, receipt)


async def test_a_key_cuts_the_prompt_short_and_the_next_one_begins(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    reading = office.prompts.message("reading")
    phone = await office.dial(caller, fresh_number())
    await identify(phone, cast.take("single"))
    await phone.hears(reading, whole=False)
    await phone.presses("*")
    await phone.hears("bill")
    (cut,) = phone.heard(reading)
    assert cut.seconds < len(reading.pcm) / RATE - 0.2


async def test_three_silences_end_in_good_bye_and_the_end_of_the_call(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    person = cast.take("single")
    phone = await office.dial(caller, fresh_number())
    await identify(phone, person)
    await phone.hears("reading")
    await phone.hears("no-input")
    await phone.hears("reading")
    await phone.hears("no-input-help")
    await phone.hears("example-meter_reading")
    await phone.hears("reading")
    await phone.hears("goodbye-silence")
    await phone.ended()
    assert not office.backend.requests(person.bill_id)


async def test_the_operator_key_hands_the_call_over_with_what_is_known_of_it(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    person, number = cast.take("single"), fresh_number()
    phone = await office.dial(caller, number)
    await identify(phone, person)
    await enter_figures(phone, person)
    await phone.hears("reading-check", bill=person.bill_id, whole=False)
    await phone.presses("0")
    await phone.hears("operator-transfer")
    await phone.hears(office.prompts.operator, whole=False)
    (variables,) = await office.asterisk.with_operator()
    assert variables["GOOYA_SERVICE"] == "submit_meter_reading"
    assert person.bill_id in variables["GOOYA_ANSWERS"]
    assert str(figures_of(person)["total"]) in variables["GOOYA_ANSWERS"]
    await phone.hangs_up()
    assert not office.backend.requests(person.bill_id)


async def test_two_calls_from_one_number_at_once_are_two_conversations(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    number, people = fresh_number(), [cast.take("single"), cast.take("single")]
    phones = []
    for person in people:
        phones.append(await office.dial(caller, number))
        await identify(phones[-1], person)

    async def finish(phone: Phone, person: SubscriberCard) -> None:
        await enter_figures(phone, person)
        await agree(phone, person)
        await hear_receipt(phone, office, person)

    await asyncio.gather(*map(finish, phones, people))
    for phone in phones:
        assert phone.never_heard("resumed", service="submit_meter_reading")


async def test_callers_without_a_mobile_are_served_and_hear_all_that_they_need_to_pay(
    office: Office, caller: SipCaller, cast: Cast
) -> None:
    async def serve(number: str | None) -> None:
        person = cast.take("single")
        phone = await office.dial(caller, number)
        receipt = await submit(phone, office, person)
        assert receipt.bill is not None
        await phone.hears("payment-spoken", payment=receipt.bill.payment_id)
        await phone.hears("anything-else")
        assert phone.never_heard("kept-by-sms")

    await asyncio.gather(serve(None), serve("02188776655"))


async def test_outside_hours_a_spoken_message_is_kept_as_it_was_said(
    tmp_path: Path, prompts: Prompts, seeded: Path
) -> None:
    spoken = prompts.clips("en/welcome")
    hours = {"GOOYA_OPERATOR_HOURS": f"{DAYS[today().weekday() - 3]} 03:00-03:01"}
    number = fresh_number()
    async with (
        Office(tmp_path, prompts, seeded, settings=hours) as office,
        SipCaller(office.asterisk.sip_port) as caller,
    ):
        phone = await office.dial(caller, number)
        await choose(phone, "0")
        await phone.hears("operator-closed")
        await phone.hears("call-back-number", number=number)
        await phone.presses("1")
        with no_recordings(office):
            await phone.hears("call-back-message")
            await phone.hears("call-back-message", whole=False)
        await phone.hears(prompts.clips("beep"))
        await phone.call.speak(np.append(np.zeros(RATE // 2, np.int16), spoken.pcm))
        await phone.presses("#")
        await phone.hears(prompts.clips("fa/voice-check"))
        await phone.hears(spoken)
        await phone.hears(prompts.option(1, "option-keep"))
        await phone.presses("1")
        await phone.hears("call-back-taken")
        await phone.hangs_up()
        (sound,) = await office.recordings()
    assert find(sound, spoken.pcm)


@contextmanager
def no_recordings(office: Office) -> Iterator[None]:
    """A disk that Asterisk can't write recordings to."""
    folder = office.asterisk.directory / "spool" / "recording"
    folder.rename(folder.with_name("elsewhere"))
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        folder.with_name("elsewhere").rename(folder)


async def test_a_killed_gooya_that_is_started_again_goes_on_with_the_call(
    tmp_path: Path, prompts: Prompts, seeded: Path, cast: Cast
) -> None:
    person = cast.take("multi")
    first, second, third = figures_of(person)
    async with (
        Office(tmp_path, prompts, seeded) as office,
        SipCaller(office.asterisk.sip_port) as caller,
    ):
        phone = await office.dial(caller, fresh_number())
        await identify(phone, person)
        await enter_figures(phone, person, first)
        await phone.hears(question(prompts, second))
        office.gooya.kill()
        await office.gooya.start()
        await phone.hears(question(prompts, second))
        await phone.presses(f"{figures_of(person)[second]}#")
        await enter_figures(phone, person, third)
        await agree(phone, person)
        await hear_receipt(phone, office, person)
        assert phone.never_heard("sorry-operator")
        assert "Traceback" not in office.gooya.output()


async def test_a_killed_gooya_that_stays_away_leaves_the_caller_to_the_operators(
    tmp_path: Path, prompts: Prompts, seeded: Path
) -> None:
    async with (
        Office(tmp_path, prompts, seeded) as office,
        SipCaller(office.asterisk.sip_port) as caller,
    ):
        phone = await office.dial(caller, fresh_number())
        await choose(phone, TRACK)
        await phone.hears("track", whole=False)
        office.gooya.kill()
        await phone.hears("sorry-operator")
        await phone.hears(prompts.operator)
        (variables,) = await office.asterisk.with_operator()
        assert variables["GOOYA_REASON"] == "unavailable"
        # Who calls now is not kept waiting.
        other = await office.dial(caller, fresh_number())
        await other.hears("sorry-operator")
        await other.hears(prompts.operator)


async def test_an_asterisk_that_is_restarted_under_ten_calls_gives_new_ones_at_once(
    tmp_path: Path, prompts: Prompts, seeded: Path
) -> None:
    async with Office(tmp_path, prompts, seeded) as office:
        async with SipCaller(office.asterisk.sip_port) as caller:
            phones = [await office.dial(caller, fresh_number()) for _ in range(10)]
            for phone in phones:
                await phone.hears("welcome", whole=False)
            await office.asterisk.restart()
            await asyncio.gather(*(phone.ended() for phone in phones))
        await office.connected()
        async with SipCaller(office.asterisk.sip_port) as caller:
            phone = await office.dial(caller, fresh_number())
            await choose(phone, TRACK)
            await phone.hears("track")
        assert "Traceback" not in office.gooya.output()
        assert office.gooya.running


async def test_a_clip_that_is_gone_is_spoken_anew_and_complained_of_once(
    tmp_path: Path, prompts: Prompts, seeded: Path
) -> None:
    here = prompts.copy(tmp_path / "prompts")
    async with (
        Office(tmp_path, here, seeded) as office,
        SipCaller(office.asterisk.sip_port) as caller,
    ):
        for there in (True, False, False):
            phone = await office.dial(caller, fresh_number())
            await choose(phone, TRACK)
            await phone.hears(prompts.message("track"))
            if there:
                for clip in here.folder.glob("fa/track.*"):
                    clip.unlink()
        assert office.gooya.output().count("fa/track") == 1


async def test_a_reading_goes_through_processes_that_share_redis_and_postgresql(
    tmp_path: Path,
    prompts: Prompts,
    seeded: Path,
    cast: Cast,
    shared_engines: dict[str, str],
) -> None:
    person, number = cast.take("multi"), fresh_number()
    async with (
        Office(tmp_path, prompts, seeded, engines=shared_engines) as office,
        SipCaller(office.asterisk.sip_port) as caller,
    ):
        phone = await office.dial(caller, number)
        receipt = await submit(phone, office, person)
        await phone.hangs_up()
        await check_sms(office, number, receipt)


def digits_heard(phone: Phone, prompts: Prompts, at: float) -> str:
    """Five digits that are said as a code, from ``at`` seconds of the call on."""
    came = places(phone.call.heard)
    heard, code = phone.call.heard[came].astype(np.float64), ""
    place = int(np.searchsorted(came, round(at * RATE)))
    for number in range(5):
        end = "-end" if number == 4 else ""
        clips = [prompts.clips(f"fa/digit/{digit}{end}").pcm for digit in range(10)]

        def likeness(clip: Samples, place: int = place) -> float:
            got, said = heard[place : place + len(clip)], clip.astype(np.float64)
            return float(got @ said) / float(np.linalg.norm(got) * np.linalg.norm(said) + 1.0)

        best = max(range(10), key=lambda digit: likeness(clips[digit]))
        code += str(best)
        place += len(clips[best])
        if number == 1:
            place += len(prompts.clips("pause/250").pcm)
    return code


async def test_a_code_that_is_wanted_by_a_call_is_heard_on_the_registered_mobile_and_opens_the_history(
    tmp_path: Path, prompts: Prompts, seeded: Path, cast: Cast
) -> None:
    person, number = cast.take("single"), fresh_number()
    office = Office(tmp_path, prompts, seeded, settings={"GOOYA_SPOKEN_CODES": "asterisk"})
    async with SipCaller(office.asterisk.sip_port) as phones:
        trunk = f"PJSIP/gooya-trunk/sip:{{number}}@127.0.0.1:{phones.port}"
        office.gooya.settings["GOOYA_ARI_DIAL"] = trunk
        async with office:
            await office.write(number, f"پرداخت {person.bill_id}")
            await office.write(number, "1")
            ringing = await phones.rings()
            assert f"+98{ringing.dialed[1:]}" == person.mobile
            await ringing.answer()
            phone = Phone(office, ringing)
            lead = prompts.clips("fa/code-call", "fa/service/payment_history", "pause/200")
            found = await phone.hears(lead)
            await phone.ended()
            code = digits_heard(phone, prompts, found.end)
            await phone.hears(prompts.message("code-call-again", code=code))
            await office.write(number, code)

            async def opened() -> bool:
                return "پرداخت در دو سال" in (await office.messages(number))[-1]

            await until(opened, "the code that was heard opens the history", LATE)
            sms = [text for text in await office.messages(str(person.mobile)) if code in text]
            assert sms == [], "it was only said"
