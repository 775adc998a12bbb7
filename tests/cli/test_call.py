"""``gooya call`` scripted over standard input: what a caller hears, and what is left when he is gone."""

from __future__ import annotations

import asyncio
import json
import math
import os
import re
import struct
import subprocess
import wave
from contextlib import ExitStack
from pathlib import Path
from threading import Timer

import pytest

from backend_adapter.sandbox import SubscriberCard, list_subscribers
from tests.cli.conftest import Run, runner
from tests.conversations.people import Cast
from tests.e2e.loop import tracking_codes
from tests.servers.gooya import GOOYA, PROMPTS, Gooya, environment

MENU = "برای ثبت قرائت کنتور عدد یک"
CLOSED = ""
"""Operator hours in which nobody ever takes calls."""


def turns(output: str) -> list[str]:
    """What was heard in each turn, the greeting first: a blank line ends one."""
    return output.removesuffix("\n").removesuffix("\n").split("\n\n")


@pytest.fixture(scope="module")
def cast(home: Path) -> Cast:
    return Cast(list_subscribers(home / "var" / "sandbox.db"))


@pytest.fixture
def several(cast: Cast) -> SubscriberCard:
    """Somebody whose meter has several registers."""
    return cast.take("multi")


def test_a_reading_of_every_register_is_filed_and_its_codes_come_by_sms_after_the_call(
    gooya: Run, several: SubscriberCard
) -> None:
    figures = [f"{value + 30}#" for value in several.values.values()]
    script = ["1", several.bill_id, *figures, "1"]
    done = gooya("call", "--from", str(several.mobile), stdin="\n".join(script) + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    greeting, bill, *registers, check, receipt, sms = turns(done.stdout)
    assert MENU in greeting
    assert "شناسهٔ قبض و سپس مربع را وارد کنید" in bill
    assert ["میان‌باری" in registers[0], "اوج‌باری" in registers[1], "کم‌باری" in registers[2]] == [
        True
    ] * 3
    assert "برای تأیید و ثبت عدد یک" in check
    assert "قرائت شما ثبت شد" in receipt
    assert not re.search("[0-9۰-۹]", receipt)
    assert sms.startswith("SMS: ")
    (code,) = tracking_codes([sms])
    shown = gooya("requests", "show", code, "--json")
    assert json.loads(shown.stdout)["request"]["service"] == "submit_meter_reading"


def test_who_says_nothing_three_times_is_told_more_each_time_and_then_good_bye(gooya: Run) -> None:
    done = gooya("call", "--from", "02188776655", stdin="<silence>\n" * 5)
    assert (done.returncode, done.stderr) == (0, "")
    heard = turns(done.stdout)
    assert len(heard) == 4
    assert [MENU in turn for turn in heard] == [True, True, True, False]
    assert "پاسخی نرسید" in heard[1]
    assert len(heard[2]) > len(heard[1])
    assert heard[3].endswith("<hangup>")


def test_a_call_that_breaks_off_goes_on_with_the_next_one(
    gooya: Run, several: SubscriberCard
) -> None:
    first, *others = (f"{value + 45}#" for value in several.values.values())
    caller = ("call", "--from", "09351230001")
    broken = gooya(*caller, stdin="\n".join(["1", several.bill_id, first, "<hangup>"]) + "\n")
    assert (broken.returncode, broken.stderr) == (0, "")
    assert "اوج‌باری" in turns(broken.stdout)[3]

    again = gooya(*caller, stdin="\n".join([*others, "1"]) + "\n")
    greeting, _, check, receipt, sms = turns(again.stdout)
    assert "اوج‌باری" in greeting
    assert "برای تأیید و ثبت عدد یک" in check
    assert "قرائت شما ثبت شد" in receipt
    assert tracking_codes([sms])


async def test_beside_a_serving_gooya_on_the_same_folder_the_receipt_is_still_heard(
    fresh: Path, several: SubscriberCard, tmp_path: Path
) -> None:
    figures = [f"{value + 30}#" for value in several.values.values()]
    script = "\n".join(["1", several.bill_id, *figures, "1"]) + "\n"
    server = Gooya(tmp_path / "server", {"GOOYA_DATA": str(fresh / "var")})
    with ExitStack() as ending:
        ending.callback(server.stop)
        await server.start()
        done = await asyncio.to_thread(runner(fresh), "call", "--from", "09351230006", stdin=script)
    *_, receipt, sms = turns(done.stdout)
    assert "قرائت شما ثبت شد" in receipt
    assert tracking_codes([sms])


def test_at_a_terminal_silence_is_met_by_the_question_again_when_its_time_is_over(
    fresh: Path,
) -> None:
    keyboard, terminal = os.openpty()
    shown = ""
    with ExitStack() as ending:
        ending.callback(os.close, keyboard)
        process = ending.enter_context(
            subprocess.Popen(
                [GOOYA, "call", "--from", "09351230007"],
                stdin=terminal,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment({"GOOYA_IVR_PROMPTS": str(PROMPTS)}),
                cwd=fresh,
            )
        )
        os.close(terminal)
        ending.callback(process.kill)
        limit = Timer(120.0, process.kill)
        ending.callback(limit.cancel)
        limit.start()
        assert process.stdout is not None
        for text, types in (
            (MENU, "1"),
            ("شناسهٔ قبض و سپس مربع را وارد کنید", "سلام"),
            ("Error: 'سلام' is neither keys", ""),
            ("پاسخی نرسید", "<hangup>"),
        ):
            while text not in shown:
                line = process.stdout.readline().decode()
                assert line, f"{text!r} is not shown: {shown}"
                shown += line
            if types:
                os.write(keyboard, f"{types}\n".encode())
        shown += process.stdout.read().decode()
        assert process.wait() == 0
    assert "Traceback" not in shown


def test_keys_that_leave_an_entry_unfinished_end_it_as_the_time_out_would(gooya: Run) -> None:
    done = gooya("call", "--from", "09351230002", stdin="1\n12\n")
    assert "شش تا سیزده رقم" in turns(done.stdout)[2]


def test_a_caller_may_withhold_his_number(gooya: Run) -> None:
    done = gooya("call", "--from", "", stdin="5\n1\n*\n")
    assert (done.returncode, done.stderr) == (0, "")
    greeting, _, question, menu = turns(done.stdout)
    assert "کد پیگیری" in question
    assert MENU in greeting
    assert MENU in menu


def test_who_asks_for_an_operator_is_transferred_with_what_he_needs_to_know(gooya: Run) -> None:
    done = gooya("call", "--from", "09351230003", stdin="0\n1\n")
    said = turns(done.stdout)[1]
    assert re.search(r"^<transfer .*GOOYA_CALLER=\S*9351230003", said, re.MULTILINE)
    assert len(turns(done.stdout)) == 2


def test_a_message_is_spoken_for_operators_who_are_away(fresh: Path) -> None:
    spoken = fresh / "message.wav"
    _write_tone(spoken)
    script = f"0\n1\n<say {spoken}>\n2\n<silence>\n<say>\n1\n"
    done = runner(fresh)("call", stdin=script, GOOYA_OPERATOR_HOURS=CLOSED)
    assert (done.returncode, done.stderr) == (0, "")
    _, _, asked, heard, again, nothing, heard_again, taken, *_ = turns(done.stdout)
    assert asked.endswith("<record>")
    assert "برای ضبط دوباره عدد دو" in heard
    assert again.endswith("<record>")
    assert nothing.endswith("<record>")
    assert "برای ضبط دوباره عدد دو" in heard_again
    assert "ثبت شد" in taken


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("سلام", "'سلام' is neither keys (0-9 * #) nor <say FILE>, <silence> or <hangup>"),
        ("<say>", "nothing is being recorded now"),
    ],
)
def test_a_line_that_means_nothing_ends_the_script_with_a_reason(
    gooya: Run, line: str, complaint: str
) -> None:
    done = gooya("call", "--from", "09351230004", stdin=f"{line}\n1\n")
    assert done.returncode == 1
    assert done.stderr == f"Error: {complaint}\n"


def test_a_recording_that_is_none_is_refused_with_a_reason(fresh: Path) -> None:
    (fresh / "text.wav").write_text("no sound")
    for name, why in (("text.wav", "WAV"), ("nowhere.wav", "No such file")):
        script = f"0\n1\n<say {name}>\n"
        done = runner(fresh)("call", stdin=script, GOOYA_OPERATOR_HOURS=CLOSED)
        assert done.returncode == 1
        assert done.stderr.startswith(f"Error: {name}: ")
        assert why in done.stderr


def test_a_number_that_is_none_is_refused(gooya: Run) -> None:
    done = gooya("call", "--from", "123")
    assert done.returncode == 1
    assert done.stderr == "Error: '123' is no Iranian phone number\n"


def test_prompts_are_played_where_something_plays_sound(fresh: Path) -> None:
    programs = fresh / "programs"
    programs.mkdir()
    player = programs / "aplay"
    player.write_text(f'#!/bin/sh\ncp "$2" {fresh}/heard-$$.wav\n')
    player.chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    done = runner(fresh)("call", "--play", PATH=path)
    assert (done.returncode, done.stderr) == (0, "")
    (heard,) = fresh.glob("heard-*.wav")
    with wave.open(str(heard), "rb") as file:
        assert file.getnframes() / file.getframerate() > 5


def test_where_nothing_plays_sound_it_says_what_to_install(gooya: Run, tmp_path: Path) -> None:
    done = gooya("call", "--play", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "install aplay" in done.stderr


def test_without_input_the_caller_hears_the_greeting_and_hangs_up(gooya: Run) -> None:
    done = gooya("call", "--from", "09351230005")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(turns(done.stdout)) == 1


def _write_tone(path: Path) -> None:
    samples = (int(9000 * math.sin(n / 4)) for n in range(16_000))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
