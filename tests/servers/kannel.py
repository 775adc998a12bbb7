"""A real Kannel for the tests: bearerbox with a store, optionally smsbox, and a phone network.

``fakesmsc`` (Debian's kannel-extras) is the phone network of most tests; the SMPP simulator in
``smsc.py`` the one for messages in parts. Nothing here connects to Kannel's ports to see whether it is
up: a connection would count as a box or a phone.
"""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from tests.servers.ports import own_ports
from tests.servers.processes import Process, listening, until

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"

BOX_ID = "gooya"
FAKE = "fake"
SMPP = "smpp"
NOBODY = "nobody"
"""An ``smsc_id`` that every carrier refuses. One that is merely unknown goes to any of them."""


class Kannel:
    """bearerbox on free ports, its state in ``directory``.

    ``smpp_port``: an SMSC to bind to besides fakesmsc. ``get_url`` (with its parameters): start the
    stock smsbox too and let it deliver inbound messages there; then no ``smsbox-route`` is written.
    """

    def __init__(
        self,
        directory: Path,
        *,
        smpp_port: int | None = None,
        get_url: str | None = None,
        max_pending: int = 1000,
    ) -> None:
        self.directory = directory
        self.smpp_port = smpp_port
        self.get_url = get_url
        self.max_pending = max_pending
        self.admin_port, self.box_port, self.fake_port, self.sendsms_port = own_ports(self, 4)
        self.bearerbox: Process | None = None
        self.smsbox: Process | None = None

    @property
    def sendsms(self) -> str:
        return f"http://127.0.0.1:{self.sendsms_port}/cgi-bin/sendsms"

    async def start(self) -> None:
        """Write the configuration and start; returns when the ports listen."""
        for name in ("store", "dlr"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        configuration = self.directory / "kannel.conf"
        configuration.write_text(self._configuration())
        self.bearerbox = Process(
            ["/usr/sbin/bearerbox", configuration], self.directory / "bearerbox.out"
        )
        # fakesmsc, who comes next, does not try twice.
        for port in (self.box_port, self.fake_port):
            await until(lambda at=port: self._up(at, self.bearerbox), "bearerbox listens")
        if self.get_url is not None:
            self.smsbox = Process(
                ["/usr/sbin/smsbox", configuration], self.directory / "smsbox.out"
            )
            await until(lambda: self._up(self.sendsms_port, self.smsbox), "smsbox listens")

    def _up(self, port: int, process: Process | None) -> bool:
        assert process is not None
        assert process.running, process.output().decode(errors="replace")[-2000:]
        return listening(port)

    def kill(self) -> None:
        """``kill -9`` bearerbox."""
        if self.bearerbox is not None:
            self.bearerbox.end(signal.SIGKILL)

    async def terminate(self) -> None:
        """Ask bearerbox to end as its init script does, and wait for it."""
        assert self.bearerbox is not None
        self.bearerbox.popen.send_signal(signal.SIGTERM)
        await until(lambda: not self.bearerbox.running, "bearerbox ended")

    def stop(self) -> None:
        for process in (self.smsbox, self.bearerbox):
            if process is not None:
                process.end()

    def stored(self) -> int:
        """Messages in bearerbox's store: taken over and not yet acknowledged by the other side."""
        return sum(1 for path in (self.directory / "store").rglob("*") if path.is_file())

    def holds(self, content: str) -> bool:
        """Whether a message with ``content`` in one of its ASCII fields is in bearerbox's store."""
        files = (path for path in (self.directory / "store").rglob("*") if path.is_file())
        return any(content.encode() in _read(path) for path in files)

    def taken(self) -> int:
        """Messages that came from fakesmsc since the log began: with time and id."""
        return self.logged("smsc_fake: new message received")

    def boxes(self) -> int:
        """Boxes that bearerbox has taken in since the log began: what comes before is delivered to
        them in any order."""
        return self.logged(f"got boxc_id <{BOX_ID}>")

    def logged(self, what: str) -> int:
        """How often bearerbox says so in its log."""
        return _read(self.directory / "bearerbox.log").count(what.encode())

    def _configuration(self) -> str:
        d = self.directory
        text = f"""
group = core
admin-port = {self.admin_port}
admin-interface = 127.0.0.1
admin-password = tests
smsbox-port = {self.box_port}
smsbox-interface = 127.0.0.1
smsbox-max-pending = {self.max_pending}
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "{d}/bearerbox.log"
log-level = 0
store-type = spool
store-location = "{d}/store"
dlr-storage = spool
dlr-spool = "{d}/dlr"
sms-combine-concatenated-mo-timeout = 120

group = smsc
smsc = fake
smsc-id = {FAKE}
host = 127.0.0.1
port = {self.fake_port}
connect-allow-ip = 127.0.0.1
denied-smsc-id = {NOBODY};{SMPP}
"""
        if self.smpp_port is not None:
            text += f"""
group = smsc
smsc = smpp
smsc-id = {SMPP}
host = 127.0.0.1
port = {self.smpp_port}
transceiver-mode = true
smsc-username = tests
smsc-password = tests
system-type = ""
denied-smsc-id = {NOBODY};{FAKE}
reconnect-delay = 1
"""
        # bearerbox refuses a configuration with a port for boxes and no smsbox group.
        text += f"""
group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {self.box_port}
sendsms-port = {self.sendsms_port}
sendsms-interface = 127.0.0.1
log-file = "{d}/smsbox.log"
log-level = 0
mo-recode = true
http-request-retry = 1000000
http-queue-delay = 1
http-timeout = 10
"""
        if self.get_url is None:
            ids = FAKE if self.smpp_port is None else f"{FAKE};{SMPP}"
            return f'{text}\ngroup = smsbox-route\nsmsbox-id = {BOX_ID}\nsmsc-id = "{ids}"\n'
        return f"""{text}
group = sendsms-user
username = gooya
password = tests
max-messages = 20
concatenation = true

group = sms-service
keyword = default
get-url = "{self.get_url}"
catch-all = true
omit-empty = true
max-messages = 0
"""


class Received(NamedTuple):
    """A message as it came out at fakesmsc; ``udh`` is empty for a message of one part.

    fakesmsc doesn't tell the coding of a part: ``text`` takes a part for UCS-2, ``body`` is as it came.
    """

    sender: str
    receiver: str
    udh: bytes
    kind: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8" if self.kind == "text" else "utf-16-be")


class FakeSmsc:
    """fakesmsc connected to a :class:`Kannel`: sends what it is told, keeps what it gets."""

    def __init__(self, kannel: Kannel, name: str = "fakesmsc") -> None:
        self.kannel = kannel
        self.sent = 0
        self._log = kannel.directory / f"{name}.out"
        self.process: Process | None = None

    async def start(self) -> None:
        self._log.unlink(missing_ok=True)
        self.sent = 0
        port = str(self.kannel.fake_port)
        before = self._connections()
        self.process = Process(
            [FAKESMSC, "-H", "127.0.0.1", "-i", "0.001", "-r", port],
            self._log,
            stdin=subprocess.PIPE,
        )
        await until(lambda: self._connections() > before, "bearerbox sees fakesmsc")

    def _connections(self) -> int:
        return self.kannel.logged("Fakesmsc client connected")

    async def send(self, sender: str, receiver: str, text: str) -> None:
        """One message from a phone; returns when fakesmsc has written it to bearerbox."""
        line = f"{sender} {receiver} text {text}\n".encode()
        # fakesmsc reads lines into a buffer of 256 bytes and would make two messages of a longer one.
        assert "\n" not in text
        assert len(line) < 256
        self._type(line)
        self.sent += 1
        mark = f"sent message {self.sent}\n".encode()

        def written() -> bool:
            # Lines that came together wait in its buffer until there is something new to read.
            self._type(b"\n")
            return mark in self._output()

        await until(written, "fakesmsc wrote the message")

    def received(self) -> list[Received]:
        """Messages that came out so far, oldest first."""
        self._type(b"\n")  # an empty line makes it look at its connection at once
        return self._got()

    async def ended(self) -> list[Received]:
        """What came out in all, when fakesmsc has read to the end of a connection that is gone."""
        assert self.process is not None
        process = self.process
        await until(lambda: not process.running, "fakesmsc ended")
        return self._got()

    def _got(self) -> list[Received]:
        found = re.findall(rb"Got message \d+: <(\S+) (\S+) ([^\n]*)>\n", self._output())
        return [_parse(*fields) for fields in found]

    async def wait_for(self, count: int) -> list[Received]:
        await until(lambda: len(self.received()) >= count, f"{count} messages at fakesmsc")
        return self.received()

    def stop(self) -> None:
        if self.process is not None:
            self.process.end(signal.SIGKILL)

    def _output(self) -> bytes:
        assert self.process is not None
        return self.process.output()

    def _type(self, line: bytes) -> None:
        assert self.process is not None
        assert self.process.popen.stdin is not None
        self.process.popen.stdin.write(line)
        self.process.popen.stdin.flush()


def _read(path: Path) -> bytes:
    """Nothing where there is no such file (any more)."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _parse(sender: bytes, receiver: bytes, rest: bytes) -> Received:
    kind, _, content = rest.partition(b" ")
    udh = b""
    if kind == b"udh":
        encoded, _, content = content.partition(b" data ")
        udh = _unquote(encoded)
    body = content if kind == b"text" else _unquote(content)
    return Received(sender.decode(), receiver.decode(), udh, kind.decode(), body)


def _unquote(encoded: bytes) -> bytes:
    return unquote_to_bytes(encoded.replace(b"+", b" "))
