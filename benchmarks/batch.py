"""One request to many documents (W10), however each of them is answered."""

from collections.abc import Callable, Iterable
from typing import Any

from patchwright import Accepted
from patchwright.resource import Verdict


def adding_up(answer: Callable[..., Verdict]) -> Callable[[Iterable[Any], str], int]:
    """What gives each document to `answer`, and adds up the new versions."""

    def run(documents: Iterable[Any], now: str) -> int:
        versions = 0
        for document in documents:
            verdict = answer(document, now=now)
            assert isinstance(verdict, Accepted)
            versions += verdict.document["version"]
        return versions

    return run
