"""A real Asterisk for the tests: calls come in by SIP on loopback; its configuration is the shipped one.

Native where ``asterisk`` is in PATH, else the one that ``tools/install-asterisk`` fetched. It boots in
half a second: one per test is fine.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import socket
import tempfile
from pathlib import Path
from typing import NamedTuple, Self

from tests.servers.ports import free_port
from tests.servers.processes import Process, until

ROOT = Path(__file__).resolve().parents[2]
FETCHED = ROOT / ".cache" / "asterisk"
SHIPPED = ROOT / "deploy" / "asterisk"

USER = "gooya"
PASSWORD = "tests"
UNUSED = "acl ccss cel features indications manager pjproject stasis udptl"
"""Configuration files that may be empty but are complained of when missing."""

OPERATOR = "operator"
"""Context, and name of its clip, of where callers find a person."""
ATTEMPTS = 20
"""How often Asterisk is started until it has its ports."""

# Everything that Gooya and the tests use; a release that has not yet one of these needs none.
MODULES = """
res_sorcery_config res_sorcery_memory res_sorcery_astdb res_timing_timerfd res_http_websocket
res_crypto res_pjproject res_pjsip res_pjsip_session res_pjsip_pubsub res_pjsip_sdp_rtp
res_pjsip_caller_id res_pjsip_rfc3326 res_pjsip_authenticator_digest res_pjsip_endpoint_identifier_ip res_pjsip_dtmf_info
res_rtp_asterisk chan_pjsip chan_bridge_media bridge_simple bridge_softmix bridge_holding
codec_ulaw codec_alaw codec_a_mu codec_resample format_wav format_pcm format_sln
pbx_config func_callerid func_channel func_dialplan func_export func_global func_logic func_module func_strings func_timeout
app_playback app_read app_dial app_exec app_stack app_verbose app_mixmonitor app_record app_echo
res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop app_stasis
res_websocket_client res_ari res_ari_model res_ari_applications res_ari_asterisk res_ari_bridges
res_ari_channels res_ari_endpoints res_ari_events res_ari_playbacks res_ari_recordings res_ari_sounds
res_clioriginate
"""


class Program(NamedTuple):
    """How an Asterisk is run, and where its parts are."""

    command: tuple[str, ...]
    modules: Path
    data: Path


def find() -> Program:
    """The Asterisk of this machine; raises AssertionError, saying how to get one, when there is none."""
    native = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    fetched = FETCHED / "usr" / "sbin" / "asterisk"
    assert native or fetched.exists(), "there is no asterisk: run tools/install-asterisk"
    program = Path(native) if native else fetched
    prefix = program.parents[1]
    modules = _first(prefix, "lib*/asterisk/modules", "lib/*/asterisk/modules")
    # Modules refuse to load without their XML documentation.
    base = Path("/") if native else FETCHED
    core = "asterisk/documentation/core-en_US.xml"
    data = _first(base, f"usr/share/{core}", f"var/lib/{core}").parents[1]
    if native:
        return Program((str(program),), modules, data)
    # Its libc is newer than the machine's: only its own loader can start it.
    loader = _first(prefix, "lib64/ld-linux-*.so.*", "lib/*/ld-linux-*.so.*")
    libraries = modules.parents[1]
    return Program((str(loader), "--library-path", str(libraries), str(program)), modules, data)


def _first(folder: Path, *patterns: str) -> Path:
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            return path
    raise AssertionError(f"an Asterisk without {patterns[0]} under {folder}")


class Asterisk:
    """Asterisk on free ports of 127.0.0.1, its state in ``directory``.

    A call to any number arrives in the shipped ``gooya-in``, unless ``dialplan`` (lines of the context
    ``incoming``) has the number. ``prompts``: the folder that the dialplan plays Gooya's clips from
    (``directory/prompts`` by default). The operator is a context that plays ``<prompts>/operator``
    if there is such a clip and stays on the line: see :meth:`with_operator`.
    """

    def __init__(self, directory: Path, *, dialplan: str = "", prompts: Path | None = None) -> None:
        self.directory = directory
        self.dialplan = dialplan
        self.prompts = prompts or directory / "prompts"
        self.http_port = free_port()
        self.sip_port = free_port(socket.SOCK_DGRAM)
        self.process: Process | None = None
        self._run = Path()

    @property
    def ari_url(self) -> str:
        return f"http://{USER}:{PASSWORD}@127.0.0.1:{self.http_port}"

    @property
    def log(self) -> str:
        """What Asterisk wrote so far: notices, warnings, errors."""
        assert self.process is not None
        return self.process.output().decode(errors="replace")

    async def start(self) -> None:
        """Write the configuration and start; returns when Asterisk is fully booted.

        Without its ports Asterisk boots, too: it is started again until whoever took one lets it go.
        """
        for _ in range(ATTEMPTS):
            if await self._has_started():
                return
            self.kill()
            await asyncio.sleep(0.5)
        raise AssertionError(f"a port is taken for good: {self.log[-2000:]}")

    async def _has_started(self) -> bool:
        program = find()
        # The path of its control socket must be short: 108 characters at most.
        self._run = Path(tempfile.mkdtemp(prefix="asterisk-"))
        self._configure(program)
        output = self.directory / "asterisk.out"
        before = output.stat().st_size if output.exists() else 0
        self.process = Process(
            [*program.command, "-f", "-n", "-q", "-C", self._etc / "asterisk.conf"], output
        )
        await until(self._up, "Asterisk is fully booted", 60)
        return b"Address already in use" not in self.process.output()[before:]

    async def _up(self) -> bool:
        assert self.process is not None
        assert self.process.running, self.log[-2000:]
        if not (self._run / "asterisk.ctl").exists():
            return False
        return "fully booted" in await self.cli("core waitfullybooted")

    async def cli(self, command: str) -> str:
        """Output of a command of Asterisk's command line."""
        process = await asyncio.create_subprocess_exec(
            *find().command,
            "-C",
            str(self._etc / "asterisk.conf"),
            "-rx",
            command,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return output.decode(errors="replace")

    async def channels(self) -> list[str]:
        """Names of the channels that are up."""
        return [*await self._contexts()]

    async def with_operator(self) -> list[dict[str, str]]:
        """Channel variables of every caller who has reached the operator."""
        contexts = await self._contexts()
        return [await self._variables(name) for name in contexts if contexts[name] == OPERATOR]

    async def _contexts(self) -> dict[str, str]:
        """The dialplan context of every channel by its name. Asterisk lists a channel that goes to the
        next line of the dialplan meanwhile twice or more."""
        lines = (await self.cli("core show channels concise")).splitlines()
        return dict(line.split("!")[:2] for line in lines if "!" in line)

    async def _variables(self, channel: str) -> dict[str, str]:
        text = await self.cli(f"core show channel {channel}")
        return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End as its service does (SIGTERM): calls get their BYE."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """``kill -9``: calls get nothing."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.end(how)
            shutil.rmtree(self._run, ignore_errors=True)

    async def restart(self) -> None:
        """Stop, and start on the same ports; calls are gone."""
        self.stop()
        await self.start()

    @property
    def _etc(self) -> Path:
        return self.directory / "etc"

    def _configure(self, program: Program) -> None:
        self._etc.mkdir(parents=True, exist_ok=True)
        self.prompts.mkdir(parents=True, exist_ok=True)
        for name in ("lib/keys", "log", "spool/recording"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        for name in UNUSED.split():
            (self._etc / f"{name}.conf").touch()
        # Asterisk passes over ports in use, so ranges of two instances may meet.
        rtp = 10000 + self.sip_port % 20 * 1000
        for name, text in {
            "asterisk": f"""
                [directories]
                astetcdir => {self._etc}
                astmoddir => {program.modules}
                astdatadir => {program.data}
                astvarlibdir => {self.directory}/lib
                astdbdir => {self.directory}/lib
                astkeydir => {self.directory}/lib
                astspooldir => {self.directory}/spool
                astlogdir => {self.directory}/log
                astrundir => {self._run}
                """,
            "modules": "[modules]\nautoload = no\n"
            + "".join(
                f"load = {name}.so\n"
                for name in MODULES.split()
                if (program.modules / f"{name}.so").exists()
            ),
            "cdr": "[general]\nenable = no\n",
            "logger": "[logfiles]\nconsole => notice,warning,error\n",
            "http": _shipped("http", {"8088": str(self.http_port)}),
            "ari": _shipped("ari", {"CHANGE-ME": PASSWORD}),
            "rtp": f"[general]\nrtpstart = {rtp}\nrtpend = {rtp + 999}\n",
            "pjsip": _shipped(
                "pjsip",
                {
                    "0.0.0.0:5060": f"127.0.0.1:{self.sip_port}",
                    "192.0.2.10": "127.0.0.1",
                    "= gooya-in": "= incoming",
                },
            ),
            "extensions": f"""
                [globals]
                GOOYA_PROMPTS = {self.prompts}
                GOOYA_OPERATOR = {OPERATOR},s,1
                #include "{SHIPPED}/extensions-gooya.conf"
                [{OPERATOR}]
                exten => s,1,Playback(${{GOOYA_PROMPTS}}/operator)
                 same => n,Wait(3600)
                [incoming]
                include => gooya-in
                """
            + self.dialplan,
        }.items():
            lines = (line.strip() for line in text.splitlines())
            (self._etc / f"{name}.conf").write_text("\n".join(lines) + "\n")


def _shipped(name: str, changes: dict[str, str]) -> str:
    text = (SHIPPED / f"{name}-gooya.conf").read_text()
    for placeholder, value in changes.items():
        assert placeholder in text, f"{name}-gooya.conf has no {placeholder} to fill in"
        text = text.replace(placeholder, value)
    return text
