"""A real Rasa 3.6: trained once, served on a free port. ``tools/install-rasa`` puts it into .cache/rasa."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import aiohttp
import pytest
import yaml

from tests.servers.ports import free_port
from tests.servers.processes import Process, until

ROOT = Path(__file__).parents[2]
EPOCHS = 1
"""Enough to prove that the files train and the server answers; quality is the benchmark's business."""
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def rasa_program() -> Path | None:
    """Rasa's command: of ``GOOYA_TEST_RASA``, or of ``tools/install-rasa``; None where there is none."""
    program = Path(os.environ.get("GOOYA_TEST_RASA", ROOT / ".cache" / "rasa" / "bin" / "rasa"))
    return program if program.exists() else None


needs_rasa = pytest.mark.skipif(
    rasa_program() is None and os.environ.get("CI") != "true", reason="no Rasa: tools/install-rasa"
)


def run_rasa(*arguments: str | Path, folder: Path, seconds: float) -> str:
    """What Rasa's command prints; AssertionError with it when the command fails."""
    program = rasa_program()
    assert program is not None, "no Rasa: tools/install-rasa"
    done = subprocess.run(
        [program, *map(str, arguments)],
        cwd=folder,
        env=os.environ | _QUIET | {"HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, printed[-4000:]
    return printed


def project(folder: Path, epochs: int = EPOCHS, every: int = 1) -> Path:
    """A copy of ``nlu_data/`` below ``folder`` that trains for ``epochs`` on one utterance of ``every``,
    and keeps no test messages."""
    copy = folder / "rasa"
    shutil.copytree(ROOT / "nlu_data", copy, ignore=shutil.ignore_patterns("tests"))
    config = yaml.safe_load((copy / "config.yml").read_text("utf-8"))
    for component in config["pipeline"]:
        if "epochs" in component:
            component["epochs"] = epochs
    (copy / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    for path in (copy / "data" / "nlu").glob("*.yml") if every > 1 else ():
        training = yaml.safe_load(path.read_text("utf-8"))
        for block in training["nlu"]:
            block["examples"] = "".join(block["examples"].splitlines(keepends=True)[::every])
        path.write_text(yaml.safe_dump(training, allow_unicode=True), "utf-8")
    return copy


def train_rasa(copy: Path, seconds: float = 1500) -> Path:
    """Trains the project; the model's file."""
    run_rasa(
        *("train", "nlu", "--nlu", "data", "--config", "config.yml", "--domain", "domain.yml"),
        *("--out", "models", "--fixed-model-name", "gooya"),
        folder=copy,
        seconds=seconds,
    )
    return copy / "models" / "gooya.tar.gz"


async def serve_rasa(model: Path, log: Path) -> tuple[Process, str]:
    """Starts a server on the model and waits until it answers; the process and its base URL."""
    program = rasa_program()
    assert program is not None
    port = free_port()
    environment = [
        f"{name}={value}" for name, value in (_QUIET | {"HOME": str(log.parent)}).items()
    ]
    process = Process(
        [
            "env",
            *environment,
            program,
            "run",
            "--enable-api",
            "-m",
            model,
            "-i",
            "127.0.0.1",
            "-p",
            str(port),
        ],
        log,
    )
    url = f"http://127.0.0.1:{port}"

    async def answers() -> bool:
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(20)) as session,
                session.post(f"{url}/model/parse", json={"text": "سلام"}) as response,
            ):
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    try:
        await until(answers, "Rasa answers", seconds=600)
    except BaseException:
        process.end()
        raise
    return process, url
