"""Kannel as the compose project configures it, started by its own script outside a container."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.sms.gateway import DeliveryReport, InboundSms, SmsOut
from bots.sms.kannel_box import KannelBox
from tests.deploy.compose import ROOT, service_commands
from tests.servers.kannel import FAKESMSC
from tests.servers.ports import free_ports
from tests.servers.processes import Process, listening, until

START = ROOT / "deploy" / "kannel" / "start-bearerbox"
BOX, ADMIN, SMSC = "KANNEL_BOX_PORT", "KANNEL_ADMIN_PORT", "KANNEL_SMSC_PORT"


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """The service's own environment with secrets, folders and ports of this test."""
    environment = dict(service_commands()["kannel"].environment)
    for key, value in environment.items():
        if key.endswith("_FILE"):
            secret = tmp_path / Path(value).name
            secret.write_text(r"pa$s&w\1rd")
            environment[key] = str(secret)
    ports = dict(zip((BOX, ADMIN, SMSC), map(str, free_ports(3)), strict=True))
    return (
        environment
        | ports
        | {
            "KANNEL_INTERFACE": "127.0.0.1",
            "KANNEL_TEMPLATES": str(ROOT / "deploy" / "kannel" / "templates"),
            "KANNEL_RUN": str(tmp_path / "run"),
            "KANNEL_SPOOL": str(tmp_path / "spool"),
        }
    )


def environment(settings: dict[str, str]) -> list[str]:
    return ["env", "-i", f"PATH={os.environ['PATH']}", *(f"{k}={v}" for k, v in settings.items())]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Process]]:
    processes: list[Process] = []
    yield processes
    for process in reversed(processes):
        process.end()


async def test_a_message_goes_from_a_phone_through_this_kannel_to_gooyas_box_and_back(
    settings: dict[str, str], started: list[Process], tmp_path: Path
) -> None:
    bearerbox = Process([*environment(settings), START], tmp_path / "bearerbox.out")
    started.append(bearerbox)
    await until(lambda: listening(int(settings[BOX])), "bearerbox listens for boxes")
    await until(lambda: listening(int(settings[SMSC])), "and for phones")
    received: list[InboundSms] = []

    async def receive(sms: InboundSms) -> None:
        received.append(sms)

    async def report(_: DeliveryReport) -> None:
        """Reports are the adapter's own tests' business."""

    box = KannelBox(
        host="127.0.0.1",
        port=int(settings[BOX]),
        box_id="gooya",
        line="20001521",
        receive=receive,
        report=report,
    )
    await box.start()
    try:
        phone = Process(
            [FAKESMSC, "-H", "127.0.0.1", "-r", settings[SMSC], "-m", "1",
             "09120000001 20001521 text salam"],
            tmp_path / "phone.out",
        )  # fmt: skip
        started.append(phone)
        await until(lambda: received, "the box got the message")
        assert (received[0].sender, received[0].text) == ("+989120000001", "salam")
        await box.send(SmsOut("reply-1", "+989120000001", "hello"))
        await until(lambda: b"hello" in phone.output(), "the phone got the reply")
    finally:
        await box.close()
    # What was said must not be in the log of the container.
    assert b"INFO" in bearerbox.output()
    assert b"salam" not in bearerbox.output()
    assert b"9120000001" not in bearerbox.output()


def run(settings: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*environment(settings), START], capture_output=True, timeout=20)


def test_the_operators_password_reaches_the_configuration_letter_by_letter(
    settings: dict[str, str],
) -> None:
    # bearerbox would try to reach the operator: `true` takes its place for the templates alone.
    script = START.read_text().replace("/usr/sbin/bearerbox", "true")
    smpp = {
        "KANNEL_SMSC": "smpp",
        "KANNEL_SMPP_HOST": "127.0.0.1",
        "KANNEL_SMPP_USERNAME": "gooya",
    }
    subprocess.run(
        [*environment(settings | smpp), "sh", "-c", script], check=True, capture_output=True
    )
    configuration = Path(settings["KANNEL_RUN"], "kannel.conf")
    assert 'smsc-password = "pa$s&w\\1rd"\n' in configuration.read_text()
    assert "@" not in configuration.read_text()
    assert configuration.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"KANNEL_SMSC": "smpp"}, b"KANNEL_SMPP_HOST is not set"),
        ({"KANNEL_SMSC": "carrier-pigeon"}, b"fake or smpp"),
        ({"KANNEL_ADMIN_PASSWORD_FILE": "/nowhere"}, b"KANNEL_ADMIN_PASSWORD is not set"),
        ({"KANNEL_ADMIN_PASSWORD": 'a"b'}, b"no double quotes"),
    ],
)
def test_an_incomplete_configuration_does_not_start(
    settings: dict[str, str], change: dict[str, str], complaint: bytes
) -> None:
    result = run(settings | change)
    assert result.returncode in (64, 78)
    assert complaint in result.stderr


async def test_the_health_check_looks_at_the_port_that_boxes_connect_to() -> None:
    """32C9 is 13001, the port of GOOYA_SMS_KANNEL and the script's default."""
    kannel = service_commands()["app-web"].environment["GOOYA_SMS_KANNEL"]
    assert kannel == f"kannel:{0x32C9}"
    assert f"KANNEL_BOX_PORT:-{0x32C9}" in START.read_text()
