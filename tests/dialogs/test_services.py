"""The catalogue files: what they give, and what can't be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dialogs.flows.registry import FLOWS
from dialogs.policy import Level
from dialogs.services import SERVICES
from dialogs.services.catalogue import HERE, CatalogueError, load, read


def test_every_service_has_a_flow_a_level_and_texts() -> None:
    for service in SERVICES.values():
        assert service.flow in FLOWS
        assert Level.named(service.sensitivity) in Level
        assert service.menu.fa
        assert service.menu.en


def test_services_come_most_used_first() -> None:
    volumes = [service.yearly_volume or 0 for service in SERVICES.values()]
    assert volumes == sorted(volumes, reverse=True)


def test_stages_count_from_one() -> None:
    service = SERVICES["submit_meter_reading"]
    first = service.stage(1)
    assert first is not None
    assert first.key == "received"
    assert service.stage(0) is None
    assert service.stage(len(service.stages) + 1) is None


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("track_request.yaml", "key: [", "track_request.yaml"),
        ("track_request.yaml", "key: track_request", "missing required field"),
        ("renamed.yaml", None, "expected 'renamed'"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    path = tmp_path / name
    if text is None:
        shutil.copy(HERE / "track_request.yaml", path)
    else:
        path.write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match=says):
        read(path)
    with pytest.raises(CatalogueError):
        load(tmp_path)
