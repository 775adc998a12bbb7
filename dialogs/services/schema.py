"""The JSON schema of the service files, by which an editor completes and validates them.

`python -m dialogs.services.schema > dialogs/services/schema.json` writes it anew.
"""

from __future__ import annotations

import sys

import msgspec

from dialogs.services.catalogue import Service


def schema() -> str:
    """``schema.json``: JSON Schema 2020-12."""
    made = msgspec.json.schema(Service)
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return msgspec.json.format(msgspec.json.encode(about | made), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
