"""``gooya chat`` scripted over standard input, and what operators see of it afterwards."""

from __future__ import annotations

import asyncio
import io
import json
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend_adapter.sandbox import SubscriberCard
from bots.sms.addresses import mask
from tests.cli.conftest import Run, runner
from tests.e2e.loop import tracking_codes
from tests.servers.gooya import Gooya, Sandbox
from tests.servers.processes import until


def turns(output: str) -> list[str]:
    """What was answered in each turn: a blank line ends one."""
    assert output.endswith("\n\n")
    return output.removesuffix("\n\n").split("\n\n")


def script(person: SubscriberCard) -> str:
    """A reading and the agreement to it."""
    return f"قرائت {person.bill_id} {person.values['total'] + 90}\n1\n"


def listed(done: Any) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_reading_goes_through_and_its_request_is_shown_to_operators(
    gooya: Run, person: SubscriberCard
) -> None:
    done = gooya("chat", "--from", str(person.mobile), stdin=script(person))
    assert (done.returncode, done.stderr) == (0, "")
    asked, receipt = turns(done.stdout)
    assert "درست است، ثبت شود" in asked
    assert "شناسه پرداخت" in receipt
    (code,) = tracking_codes([receipt])

    tracked = listed(gooya("requests", "show", code, "--json"))
    assert tracked["request"]["tracking_code"] == code
    assert tracked["request"]["service"] == "submit_meter_reading"
    assert tracked["events"][0]["notified_at"] is not None
    (row,) = [
        row for row in listed(gooya("outbox", "list", "--json")) if row["tracking_code"] == code
    ]
    assert (row["status"], row["attempts"], row["last_error"]) == ("delivered", 1, None)
    shown = listed(gooya("outbox", "show", str(row["id"]), "--json"))
    assert [attempt["outcome"] for attempt in shown["attempts"]] == ["delivered"]
    assert code in gooya("requests", "show", code).stdout


def test_a_one_time_code_is_shown_with_the_number_it_went_to_and_the_dialog_goes_on_later(
    gooya: Run, person: SubscriberCard
) -> None:
    stranger = "09129999999"
    done = gooya("chat", "--from", stranger, stdin=f"سوابق پرداخت\n{person.bill_id}\n")
    _, sent = turns(done.stdout)
    number = re.escape(f"[SMS to {mask(str(person.mobile))}]")
    found = re.search(rf"^{number} .*\b([0-9]{{5}})\b", sent, re.MULTILINE)
    assert found is not None, sent
    assert str(person.mobile) not in done.stdout
    wrong = f"{(int(found[1]) + 1) % 100_000:05d}"
    done = gooya("chat", "--from", stranger, stdin=f"{wrong}\n{found[1]}\n")
    refused, history = turns(done.stdout)
    assert "کد درست نیست" in refused
    assert "ریال" in history


def test_a_number_that_is_no_mobile_is_refused(gooya: Run) -> None:
    done = gooya("chat", "--from", "123", stdin="سلام\n")
    assert done.returncode == 1
    assert done.stderr == "Error: '123' is no mobile number\n"


def test_without_input_it_ends(gooya: Run) -> None:
    done = gooya("chat")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_beside_a_serving_gooya_on_the_same_folder_the_receipt_still_shows(
    fresh: Path, person: SubscriberCard, tmp_path: Path
) -> None:
    server = Gooya(tmp_path / "server", {"GOOYA_DATA": str(fresh / "var")})
    with ExitStack() as ending:
        ending.callback(server.stop)
        await server.start()
        done = await asyncio.to_thread(
            runner(fresh), "chat", "--from", str(person.mobile), stdin=script(person)
        )
    _, receipt = turns(done.stdout)
    assert len(tracking_codes([receipt])) == 1


async def test_what_the_backend_refuses_waits_for_an_operator_and_can_be_sent_again(
    fresh: Path, person: SubscriberCard, tmp_path: Path
) -> None:
    gooya = runner(fresh)
    sandbox = Sandbox(fresh / "var")
    with ExitStack() as ending:
        ending.callback(sandbox.stop)
        await sandbox.start()
        fault = {"match": "submitRequest", "kind": "error", "status": 422}
        await sandbox.call("POST", "faults", json=fault)
        chat = ("chat", "--from", str(person.mobile))
        done = await asyncio.to_thread(gooya, *chat, stdin=script(person), **sandbox.access)
        _, receipt = turns(done.stdout)
        (code,) = tracking_codes([receipt])
        assert "شناسه پرداخت" not in receipt
        (dead,) = listed(
            await asyncio.to_thread(gooya, "outbox", "list", "--status", "dead", "--json")
        )
        assert (dead["tracking_code"], dead["attempts"]) == (code, 1)
        id_ = str(dead["id"])
        shown = listed(await asyncio.to_thread(gooya, "outbox", "show", id_, "--json"))
        (attempt,) = shown["attempts"]
        assert (attempt["outcome"], attempt["http_status"]) == ("refused", 422)

        done = await asyncio.to_thread(gooya, "outbox", "retry", id_)
        assert (done.returncode, done.stdout) == (0, f"{id_}: pending again\n")
        done = await asyncio.to_thread(gooya, "outbox", "retry", id_)
        assert (done.returncode, done.stdout) == (1, f"{id_}: not a dead letter\n")
        assert await sandbox.tracking_codes(person.bill_id) == []
        server = Gooya(
            tmp_path / "server", {"GOOYA_DATA": str(fresh / "var"), **sandbox.access}, role="worker"
        )
        ending.callback(server.stop)
        await server.start()

        async def arrived() -> bool:
            return await sandbox.tracking_codes(person.bill_id) == [code]

        await until(arrived, "the backend has the request")


# The messenger ------------------------------------------------------------------------------------


def messenger(gooya: Run, person: SubscriberCard, *lines: str) -> list[str]:
    """What was answered to each line in the messenger of a subscriber."""
    stdin = "".join(f"{line}\n" for line in lines)
    done = gooya("chat", "--channel", "telegram", "--from", str(person.mobile), stdin=stdin)
    assert (done.returncode, done.stderr) == (0, "")
    return turns(done.stdout)


def test_in_the_messenger_a_reading_goes_by_numbers_labels_and_texts(
    gooya: Run, person: SubscriberCard
) -> None:
    figure = str(person.values["total"] + 90)
    menu, bill, reading, check, receipt, tracked = messenger(
        gooya, person, "/start", "ثبت قرائت كنتور", person.bill_id, figure, "۱", "/track"
    )
    assert "[1] ثبت قرائت کنتور\n[2] قبض و مصرف\n" in menu
    assert bill.splitlines()[-2:] == ["[/back] بازگشت", "[/menu] منوی اصلی"]
    assert "رقم کنتور" in reading
    assert "[1] درست است، ثبت شود" in check.splitlines()
    assert len(tracking_codes([receipt])) == 1
    assert "شناسه پرداخت" in receipt
    assert "کد پیگیری" in tracked


def test_in_the_messenger_the_own_contact_brings_the_chart_and_is_remembered(
    gooya: Run, person: SubscriberCard
) -> None:
    *_, asked, history = messenger(gooya, person, "سوابق مصرف", person.bill_id, "/contact")
    assert asked.splitlines()[-1] == "[/contact] فرستادن شمارهٔ من"
    assert "[picture: consumption chart]" in history.splitlines()
    assert "kWh" in history
    *_, payments = messenger(gooya, person, "/menu", "سوابق پرداخت", "1")
    assert "[picture: table of payments]" in payments


def test_in_the_messenger_buttons_go_back_and_are_pressed_by_name(
    gooya: Run, person: SubscriberCard
) -> None:
    group = "/press قبض و مصرف"
    _, bill, back, _, again = messenger(
        gooya, person, "/menu", "سوابق مصرف", "/back", group, "/press سوابق مصرف"
    )
    assert "شناسهٔ قبض" in bill
    assert "[1] ثبت قرائت کنتور" in back
    assert again == bill
    done = gooya("chat", "--channel", "telegram", stdin="/menu\n/press هیچ\n")
    assert done.returncode == 1
    assert done.stderr == "Error: there is no button 'هیچ'\n"


def test_in_the_messenger_files_are_sent_and_missing_ones_refused(
    gooya: Run, person: SubscriberCard, home: Path
) -> None:
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "JPEG")
    (home / "meter.jpg").write_bytes(content.getvalue())
    (home / "deed.doc").write_bytes(b"not a deed")
    kept, refused = messenger(gooya, person, "/photo meter.jpg", "/photo deed.doc")
    assert "فایل شما رسید" in kept
    assert refused
    assert "فایل شما رسید" not in refused
    done = gooya("chat", "--channel", "telegram", stdin="/photo none.jpg\n")
    assert done.returncode == 1
    assert done.stderr == "Error: none.jpg: No such file or directory\n"


def test_what_began_by_sms_goes_on_in_the_messenger(gooya: Run, person: SubscriberCard) -> None:
    figure = str(person.values["total"] + 90)
    gooya("chat", "--from", str(person.mobile), stdin=f"قرائت {person.bill_id} {figure}\n")
    *_, proved, check, receipt = messenger(
        gooya, person, "/start", "5", "تأیید شمارهٔ موبایل", "/contact", "/resume", "1"
    )
    assert "[/resume] ادامه" in proved.splitlines()
    assert "[1] درست است، ثبت شود" in check.splitlines()
    assert len(tracking_codes([receipt])) == 1


def test_lines_that_are_blank_or_too_long_are_no_trouble_in_the_messenger(
    gooya: Run, person: SubscriberCard
) -> None:
    stdin = "  \n" + "ب" * 10_000 + "\n"
    done = gooya("chat", "--channel", "telegram", "--from", str(person.mobile), stdin=stdin)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("\n")
    assert len(turns(done.stdout.removeprefix("\n"))) == 1


@pytest.mark.parametrize("demo", ["0", "1"], ids=["without a messenger", "as a demo"])
async def test_beside_a_serving_gooya_the_messenger_in_the_terminal_goes_on(
    fresh: Path, person: SubscriberCard, tmp_path: Path, demo: str
) -> None:
    settings = {"GOOYA_DATA": str(fresh / "var"), "GOOYA_DEMO": demo}
    server = Gooya(tmp_path / "server", settings)
    figure = str(person.values["total"] + 90)
    lines = ("/start", "ثبت قرائت کنتور", person.bill_id, figure, "1", "/menu", "سوابق مصرف")
    with ExitStack() as ending:
        ending.callback(server.stop)
        await server.start()
        *_, receipt, menu, bill = await asyncio.to_thread(messenger, runner(fresh), person, *lines)
    assert len(tracking_codes([receipt])) == 1
    assert "[1] ثبت قرائت کنتور" in menu
    assert bill
