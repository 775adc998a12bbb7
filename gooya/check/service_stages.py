"""Checks of a request's stages: each is reached, each comes to an end, kinds follow in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dialogs.services.catalogue import Service, Stage
from gooya.check.finding import Finding

Following = Mapping[str, tuple[str, ...]]


def check_stages(file: str, service: Service) -> Iterator[Finding]:
    """Findings in the stages of a service; the first kind of finding hides those that follow from it."""
    for findings in (_names, _reached, _ends, _kinds, _ways):
        found = [
            Finding(file, service.key, step, rule, text) for step, rule, text in findings(service)
        ]
        yield from found
        if found:
            return


def _names(service: Service) -> Iterator[tuple[str, str, str]]:
    keys = [stage.key for stage in service.stages]
    if len(set(keys)) < len(keys):
        yield "stages", "stage", "two stages share a key"
        return
    for key in keys:
        for name in service.following(key):
            if name not in keys:
                text = f"goes on to {name!r}, which is no stage of this service"
                yield f"stage {key}", "stage", text


def _reached(service: Service) -> Iterator[tuple[str, str, str]]:
    reached = _reachable([stage.key for stage in service.stages[:1]], _following(service))
    for stage in service.stages:
        if stage.key not in reached:
            text = "no other stage leads to it; name it in a `next` or take it out"
            yield f"stage {stage.key}", "stage", text


def _ends(service: Service) -> Iterator[tuple[str, str, str]]:
    following = _following(service)
    ends = {key for key, after in following.items() if not after}
    for stage in service.stages:
        if not ends & _reachable([stage.key], following):
            text = "no end can be reached from it; give a stage below it `next: []`"
            yield f"stage {stage.key}", "stage", text


def _kinds(service: Service) -> Iterator[tuple[str, str, str]]:
    following = _following(service)
    kinds = {stage.key: stage.kind for stage in service.stages}
    invoices = [key for key, kind in kinds.items() if kind == "invoice"]
    for number, stage in enumerate(service.stages):
        step = f"stage {stage.key}"
        if (stage.kind == "received") != (number == 0):
            yield step, "kind", "the first stage, and only that, is of kind received"
        if stage.kind == "archived" and following[stage.key]:
            yield step, "kind", "an archived request goes nowhere; give it `next: []`"
        refused = any(kinds[name] == "archived" for name in following[stage.key])
        if stage.kind == "agreement" and not refused:
            text = "the customer may refuse: a stage of kind archived must be among its `next`"
            yield step, "kind", text
        if stage.kind == "payment" and stage.key not in _reachable(invoices, following):
            text = "nobody can pay what was not asked: a stage of kind invoice must come before"
            yield step, "kind", text


def _ways(service: Service) -> Iterator[tuple[str, str, str]]:
    usual = service.usual_way()
    for number, stage in enumerate(service.stages):
        if number < len(usual) and usual[number] is not stage:
            text = "stands among the usual stages, which come first: move it below them"
            yield f"stage {stage.key}", "way", text
            return
        if _aside(stage, usual) and stage.condition is None:
            text = "not every request comes to it: say when, as its `condition`"
            yield f"stage {stage.key}", "way", text


def _aside(stage: Stage, usual: tuple[Stage, ...]) -> bool:
    return all(other is not stage for other in usual)


def _following(service: Service) -> Following:
    return {stage.key: service.following(stage.key) for stage in service.stages}


def _reachable(start: Iterable[str], following: Following) -> set[str]:
    """What is reached from the stages ``start``, these included."""
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += following[key]
    return reached
