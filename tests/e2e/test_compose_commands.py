"""Every command line of docker-compose.yml, run outside a container: each service comes up healthy.

Only what a container engine would arrange is arranged here: names become 127.0.0.1, ports free ones,
``/run/secrets`` a folder filled by ``deploy/secrets/create``, the images' own set-up is done by hand.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from backend_adapter.sandbox import SubscriberCard
from tests.deploy.compose import ROOT, expand, load, service_commands
from tests.e2e.loop import tracking_codes
from tests.servers.gooya import GOOYA, environment
from tests.servers.kannel import FAKESMSC
from tests.servers.ports import own_ports
from tests.servers.postgres import PostgresServer
from tests.servers.processes import Process, until

WRITTEN = {
    "redis": "6379",
    "postgres": "5432",
    "sandbox": "8091",
    "kannel": "13001",
    "app-web": "8080",
    "app-worker": "8080",
}
"""The ports that stand in the file."""
PROGRAMS = {
    "gooya": GOOYA,
    "start-bearerbox": ROOT / "deploy" / "kannel" / "start-bearerbox",
    "python": Path(sys.executable),
}


class Project:
    """The project as a shell with ``variables`` would start it, each service in a folder of its own."""

    def __init__(
        self, folder: Path, variables: dict[str, str], postgres_port: int, ending: ExitStack
    ) -> None:
        self.commands = service_commands(variables)
        self.processes: dict[str, Process] = {}
        self._folder = folder
        self._ending = ending
        names = [name for name in WRITTEN if name != "postgres"]
        self.ports = dict(zip(names, own_ports(self, len(names)), strict=True))
        self.ports["postgres"] = postgres_port
        self.secrets = folder / "secrets"
        create = ROOT / "deploy" / "secrets" / "create"
        subprocess.run([create, self.secrets], check=True, capture_output=True)
        secret = self.secrets / "database"
        url = self.here("migrate", secret.read_text())
        secret.unlink()
        secret.write_text(url)

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    def folder(self, service: str) -> Path:
        return self._folder / service

    def here(self, service: str, word: str) -> str:
        """A word of the file as it has to be outside of ``service``'s container."""
        word = word.replace("/run/secrets", str(self.secrets))
        word = word.replace("/var/lib/gooya/prompts", str(self._folder / "prompts"))
        for name, port in WRITTEN.items():
            word = word.replace(f"{name}:{port}", f"127.0.0.1:{self.ports[name]}")
        if service in WRITTEN:
            own = str(self.ports[service])
            for address in ("0.0.0.0", "127.0.0.1"):
                word = word.replace(f"{address}:{WRITTEN[service]}", f"127.0.0.1:{own}")
            word = word.replace(f", {WRITTEN[service]})", f", {own})")
            # bearerbox's health check looks for its port as the kernel writes it
            word = word.replace(f":{int(WRITTEN[service]):04X}", f":{int(own):04X}")
            if word == WRITTEN[service]:
                word = own
        return "127.0.0.1" if word == "0.0.0.0" else word

    def start(self, service: str, *more: str, **variables: str) -> Process:
        """Run the service's command; ``more`` and ``variables`` say what its image would know."""
        command = self.commands[service]
        program, *words = (self.here(service, word) for word in command.argv)
        given = {key: self.here(service, value) for key, value in command.environment.items()}
        settings = environment(given) | variables
        self.folder(service).mkdir()
        process = Process(
            [
                *("env", "-i", f"--chdir={self.folder(service)}"),
                *(f"{key}={value}" for key, value in settings.items()),
                *(PROGRAMS.get(program, program), *words, *more),
            ],
            self._folder / f"{service}.out",
        )
        self._ending.callback(process.end)
        self.processes[service] = process
        return process

    async def healthy(self, service: str, *options: str) -> None:
        """Return when the service's own health check passes; ``options`` name a port of this test."""
        check = load()["services"][service]["healthcheck"]["test"]
        kind, *words = (self.here(service, expand(str(word))) for word in check)
        if kind == "CMD-SHELL":
            words = ["sh", "-c", *words]
        words = [str(PROGRAMS.get(words[0], words[0])), *options, *words[1:]]

        def passes() -> bool:
            process = self.processes.get(service)
            assert process is None or process.running, process.output().decode()[-3000:]
            return subprocess.run(words, capture_output=True, timeout=60).returncode == 0

        await until(passes, f"{service} is healthy", 120)

    async def up(self) -> None:
        """Start what is needed before the application, in the order of ``depends_on``."""
        await self.healthy("postgres", "--port", str(self.ports["postgres"]))
        redis_port = str(self.ports["redis"])
        self.start("redis", "--port", redis_port, "--bind", "127.0.0.1")
        await self.healthy("redis", "-p", redis_port)
        migrating = self.start("migrate")
        await until(lambda: not migrating.running, "the database is migrated", 120)
        assert migrating.popen.returncode == 0, migrating.output().decode()
        self.start("sandbox")
        await self.healthy("sandbox")

    async def application_up(self) -> None:
        self.start("app-web")
        self.start("app-worker")
        for service in ("app-web", "app-worker"):
            await self.healthy(service)
            async with (
                aiohttp.ClientSession() as http,
                http.get(f"{self.url(service)}/readyz") as answer,
            ):
                assert answer.status == 200, await answer.text()

    def check_read_only(self) -> None:
        """The containers' file systems can't be written to: nothing may be left behind."""
        for service in ("migrate", "app-web", "app-worker"):
            assert list(self.folder(service).iterdir()) == [], service


@pytest.fixture
async def gooyas_postgres(postgres: PostgresServer) -> AsyncIterator[PostgresServer]:
    """With the user and the empty database that the image makes at its first start."""
    connection = await asyncpg.connect(postgres.url("postgres"))
    try:
        await connection.execute("CREATE ROLE gooya LOGIN")
        await connection.execute("CREATE DATABASE gooya OWNER gooya")
        yield postgres
        await connection.execute("DROP DATABASE gooya WITH (FORCE)")
        await connection.execute("DROP ROLE gooya")
    finally:
        await connection.close()


async def test_the_services_come_up_healthy_and_the_phone_simulator_gets_its_receipt(
    tmp_path: Path,
    gooyas_postgres: PostgresServer,
    people: list[SubscriberCard],
    ending: ExitStack,
) -> None:
    project = Project(tmp_path, {}, gooyas_postgres.port, ending)
    await project.up()
    await project.application_up()
    person = people[0]
    web = project.url("app-web")
    async with aiohttp.ClientSession() as http:
        async with http.get(web) as page:
            assert (page.status, page.content_type) == (200, "text/html")
        for text in (f"قرائت {person.bill_id} {person.values['total'] + 90}", "1"):
            body = {"from": person.mobile, "text": text}
            async with http.post(f"{web}/sms/simulator", json=body) as answer:
                assert answer.status == 200, await answer.text()

        async def receipt() -> list[str]:
            query = {"number": str(person.mobile), "wait": "0"}
            async with http.get(f"{web}/sms/simulator/messages", params=query) as answer:
                found = (await answer.json())["messages"]
            return tracking_codes([message["text"] for message in found])

        (code,) = await until(receipt, "a tracking code")
        # The sandbox tells the web process of what becomes of it.
        body = {"tracking_code": code}
        async with http.post(f"{project.url('sandbox')}/sandbox/advance", json=body) as answer:
            assert answer.status == 200, await answer.text()

        async def told() -> bool:
            async with http.get(f"{project.url('sandbox')}/sandbox/requests") as answer:
                return [r["events_waiting"] for r in await answer.json()] == [0]

        await until(told, "the status event arrived")
    project.check_read_only()
    assert (project.folder("sandbox") / "var" / "sandbox.db").exists()


async def test_the_kannel_profile_answers_a_phone_of_fakesmsc(
    tmp_path: Path, gooyas_postgres: PostgresServer, ending: ExitStack
) -> None:
    variables = {"GOOYA_SMS_GATEWAY": "kannel", "GOOYA_DEMO": "0"}
    project = Project(tmp_path, variables, gooyas_postgres.port, ending)
    await project.up()
    admin_port, smsc_port = own_ports(project, 2)
    project.start(
        "kannel",
        KANNEL_TEMPLATES=str(ROOT / "deploy" / "kannel" / "templates"),
        KANNEL_RUN=str(tmp_path / "run"),
        KANNEL_SPOOL=str(tmp_path / "spool"),
        KANNEL_INTERFACE="127.0.0.1",
        KANNEL_BOX_PORT=str(project.ports["kannel"]),
        KANNEL_ADMIN_PORT=str(admin_port),
        KANNEL_SMSC_PORT=str(smsc_port),
    )
    await project.healthy("kannel")
    await project.application_up()
    phone = Process(
        [FAKESMSC, "-H", "127.0.0.1", "-r", str(smsc_port), "-m", "1",
         "09120000001 20001521 text help"],
        tmp_path / "phone.out",
    )  # fmt: skip
    ending.callback(phone.end)
    await until(lambda: b"Got message" in phone.output(), "the phone gets an answer", 60)
    project.check_read_only()
