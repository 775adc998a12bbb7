"""Understanding of free text: the embedded engine beside Rasa's usual pipeline, on the same files.

    python -m bench.nlu                       # the embedded engine alone
    python -m bench.nlu --rasa                # trains Rasa, too (tools/install-rasa; --epochs 30: an hour)
    python -m bench.nlu --rasa-model gooya.tar.gz

Prints, for both in one run, the figures on ``nlu_data/tests/messages.yml`` and the time a message takes:
CPU for the engine in the process, from request to answer for the server.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from dialogs.calendar import tehran_today
from dialogs.nlu import Embedded, Understanding
from dialogs.nlu.data import Utterance, unseen
from dialogs.nlu.evaluation import Figures, Report, evaluate
from gooya.nlu import Rasa
from tests.servers.rasa import project, serve_rasa, train_rasa

MESSAGES = Path(__file__).parents[1] / "nlu_data" / "tests" / "messages.yml"


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def embedded(messages: Sequence[Utterance], today: dt.date) -> tuple[Report, list[float]]:
    before, start = megabytes(), time.perf_counter()
    engine = Embedded()
    print(f"embedded: loads in {time.perf_counter() - start:.2f} s, {megabytes() - before:.0f} MB")
    answers: list[Understanding] = []
    times: list[float] = []
    for message in messages:
        start = time.process_time()
        answers.append(engine.read(message.text, today))
        times.append(time.process_time() - start)
    return evaluate(messages, answers), times


async def rasa(
    messages: Sequence[Utterance], today: dt.date, model: Path, folder: Path
) -> tuple[Report, list[float]]:
    start = time.perf_counter()
    process, url = await serve_rasa(model, folder / "rasa.log")
    print(f"rasa: answers after {time.perf_counter() - start:.0f} s")
    answers: list[Understanding] = []
    times: list[float] = []
    try:
        async with aiohttp.ClientSession() as session:
            # Quality is judged without the budget: a late answer would be the embedded engine's.
            engine = Rasa(session, url, Embedded(), budget=60.0)
            for message in messages:
                start = time.perf_counter()
                answers.append(await engine.understand(message.text, today=today))
                times.append(time.perf_counter() - start)
    finally:
        process.end()
    if any(answer.ranking and answer.engine != "rasa" for answer in answers):
        sys.exit(f"Rasa did not answer everything: see {folder / 'rasa.log'}")
    return evaluate(messages, answers), times


def show(results: dict[str, tuple[Report, list[float]]]) -> None:
    print(f"\n{'':26}" + "".join(f"{name:>12}" for name in results))
    for name in Figures.__struct_fields__:
        shares = (getattr(report.figures, name) for report, _ in results.values())
        print(f"{name:26}" + "".join(f"{share:12.3f}" for share in shares))
    for label, take in (("median ms", 0.5), ("95 % within ms", 0.95)):
        spans = (sorted(times)[int(len(times) * take)] for _, times in results.values())
        print(f"{label:26}" + "".join(f"{span * 1000:12.2f}" for span in spans))
    means = (statistics.mean(times) for _, times in results.values())
    print(f"{'mean ms':26}" + "".join(f"{mean * 1000:12.2f}" for mean in means))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rasa", action="store_true", help="train Rasa and judge it, too")
    parser.add_argument("--epochs", type=int, default=30, help="of Rasa's training")
    parser.add_argument("--rasa-model", type=Path, help="a model that Rasa has trained")
    options = parser.parse_args()
    messages = unseen(MESSAGES)
    today = tehran_today(dt.datetime.now(dt.UTC))
    print(f"{len(messages)} messages that nothing is trained on")
    results = {"embedded": embedded(messages, today)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model: Path | None = options.rasa_model
        if options.rasa and model is None:
            start = time.perf_counter()
            model = train_rasa(project(folder, options.epochs), seconds=4 * 3600)
            print(f"rasa: trained in {time.perf_counter() - start:.0f} s")
        if model:
            results["rasa"] = asyncio.run(rasa(messages, today, model.resolve(), folder))
    show(results)


if __name__ == "__main__":
    main()
