"""transitions for the states, with the validator that is written in Python, and jsonpatch."""

from importlib.metadata import version
from typing import Any

import orjson
from transitions import Machine

from .. import compositions
from ..task import TRANSITIONS
from ..validators import fastjsonschema
from . import jsonpatch

LABEL = f"orjson + {jsonpatch.LABEL} + {fastjsonschema.LABEL} + transitions"
VERSION = " + ".join(
    (orjson.__version__, jsonpatch.VERSION, fastjsonschema.VERSION, version("transitions"))
)

# Each transition is triggered by the name of the state that it leads to.
MACHINE = Machine(
    model=None, states=list(TRANSITIONS), initial="pending_review", auto_transitions=False
)
for _before, _targets in TRANSITIONS.items():
    for _after in _targets:
        MACHINE.add_transition(_after, _before, _after)


def patch_update(stored: Any) -> Any:
    """The machine is asked what may follow, which costs less than to make a model move."""
    return compositions.handler(
        stored,
        orjson.loads,
        jsonpatch.patch,
        fastjsonschema.conforms,
        lambda before, after: after in MACHINE.get_triggers(before),
    )
