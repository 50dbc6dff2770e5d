"""What the tests of the profiles share: requests as keyword arguments, and verdicts as data."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias

from patchwright import Accepted, Code, Rejected, Resource

Request: TypeAlias = Mapping[str, Any]
"""Arguments of `Resource.update`."""
Place: TypeAlias = tuple[Code, str | None]


def accepted(verdict: Accepted | Rejected) -> Accepted:
    """The verdict, which has to be an acceptance."""
    assert isinstance(verdict, Accepted), verdict
    return verdict


def rejected(verdict: Accepted | Rejected) -> Rejected:
    """The verdict, which has to be a rejection."""
    assert isinstance(verdict, Rejected), verdict
    return verdict


def places(verdict: Accepted | Rejected) -> list[Place]:
    """The code and the pointer of each problem of a rejection."""
    return [(problem.code, problem.pointer) for problem in rejected(verdict).problems]


def flaws(task: Resource, document: Any) -> list[Place]:
    """The code and the pointer of each problem of a stored document."""
    return [(problem.code, problem.pointer) for problem in task.check(document)]


def moved(task: Resource, old: Mapping[str, Any], **members: Any) -> Accepted | Rejected:
    """The verdict on the server's own write of some members."""
    return task.system.judge(old, {**old, **members}, now="2030-01-01T00:00:00Z")


class Fault(NamedTuple):
    """One thing that is wrong with a request: its status, and the arguments that make it so."""

    name: str
    status: int
    request: Request

    def __str__(self) -> str:
        return self.name


def pairs(*faults: Fault) -> list[tuple[Fault, Fault]]:
    """Every two of the faults, which stand in the order in which they are checked."""
    return list(combinations(faults, 2))
