"""Understanding what people write: a text in, ranked intents and entities out.

The embedded engine needs no server; ``gooya.nlu`` has the one that asks Rasa. Both train on
``nlu_data/``. docs/nlu.md says how well they do.
"""

from dialogs.nlu.embedded import Embedded
from dialogs.nlu.entities import entities
from dialogs.nlu.model import ModelError
from dialogs.nlu.port import ACTS, OUT_OF_SCOPE, Engine, Entity, EntityName, Ranked, Understanding

__all__ = [
    "ACTS",
    "OUT_OF_SCOPE",
    "Embedded",
    "Engine",
    "Entity",
    "EntityName",
    "ModelError",
    "Ranked",
    "Understanding",
    "entities",
]
