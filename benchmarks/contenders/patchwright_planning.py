"""patchwright where the same request is planned again for each document."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from patchwright.resource import Verdict

from ..batch import adding_up
from . import patchwright

LABEL = f"{patchwright.LABEL}, planning each time"
VERSION = patchwright.VERSION


def batch(headers: Mapping[str, str], body: bytes) -> Callable[[Iterable[Any], str], int]:
    """By a plan for each document."""

    def answer(document: Any, *, now: str) -> Verdict:
        return patchwright.TASK.plan("PATCH", headers, body).apply(document, now=now)

    return adding_up(answer)
