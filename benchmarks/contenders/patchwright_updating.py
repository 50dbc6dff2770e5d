"""patchwright where the same request is an update of its own for each document."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from patchwright import Accepted

from . import patchwright

LABEL = f"{patchwright.LABEL}, updating each time"
VERSION = patchwright.VERSION


def batch(headers: Mapping[str, str], body: bytes) -> Callable[[Iterable[Any], str], int]:
    """By an update for each document."""

    def run(documents: Iterable[Any], now: str) -> int:
        versions = 0
        for document in documents:
            verdict = patchwright.TASK.update(document, "PATCH", headers, body, now=now)
            assert isinstance(verdict, Accepted)
            versions += verdict.document["version"]
        return versions

    return run
