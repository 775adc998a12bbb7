"""``gooya check``: what a person would overlook in the catalogue, the messages and the flows."""

from __future__ import annotations

from pathlib import Path

import dialogs.flows
import dialogs.messages
import dialogs.services
from dialogs.messages import sources
from gooya.check.catalogue import check_catalogue
from gooya.check.finding import Finding
from gooya.check.flows import check_flows
from gooya.check.messages import check_messages
from gooya.check.prompts import check_voice

SERVICES_FOLDER = Path(dialogs.services.__file__).parent
MESSAGES_FOLDER = Path(dialogs.messages.__file__).parent
FLOWS_FOLDER = Path(dialogs.flows.__file__).parent

__all__ = ["Finding", "check"]


def check(
    services_folder: Path = SERVICES_FOLDER,
    messages_folder: Path = MESSAGES_FOLDER,
    flows_folder: Path = FLOWS_FOLDER,
) -> list[Finding]:
    """Everything that is wrong, sorted by file; empty when all is well."""
    found = [*check_catalogue(services_folder), *check_messages(messages_folder)]
    if not any(finding.rule == "syntax" for finding in found):
        files = [*sorted(flows_folder.glob("*.py")), *sorted(flows_folder.parent.glob("*.py"))]
        known = sources.read(messages_folder / "fa")
        found += check_flows(files, known)
        complained = {(finding.file, finding.step) for finding in found}
        spoken = check_voice(messages_folder)
        found += [f for f in spoken if (f.file, f.step) not in complained]
    return sorted(found)
