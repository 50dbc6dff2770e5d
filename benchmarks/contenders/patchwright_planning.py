"""patchwright where the same request is planned again for each document."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from patchwright import Accepted

from . import patchwright

LABEL = f"{patchwright.LABEL}, planning each time"
VERSION = patchwright.VERSION


def batch(headers: Mapping[str, str], body: bytes) -> Callable[[Iterable[Any], str], int]:
    """By a plan for each document."""

    def run(documents: Iterable[Any], now: str) -> int:
        versions = 0
        for document in documents:
            verdict = patchwright.TASK.plan("PATCH", headers, body).apply(document, now=now)
            assert isinstance(verdict, Accepted)
            versions += verdict.document["version"]
        return versions

    return run
