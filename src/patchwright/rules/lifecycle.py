"""Which status may follow which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..problems import RuleError
from .arguments import as_tuple, check_texts
from .frozen import Frozen

State: TypeAlias = "str | None"
Guard: TypeAlias = Callable[[Any, Any], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The state machine of the member that holds it.

    `client` and `server` map a state to the states that may follow it, by a client's request and by
    the server's own writes (`resource.system`).  A state is a string, or `None` for a member that
    is null while nothing has happened.  Every state stands as a row of one of the tables, the
    terminal ones with an empty one, so that "nothing may follow" is written down and a misspelt
    target is found.  `initial` names the states in which a resource may begin.

    `guards` are conditions on single transitions: `{("draft", "sent"): guard}`, where the guard is
    a pure function of the old and the new document that returns the JSON Pointers of what is amiss,
    none if nothing is.  A guard is asked only when nothing else is wrong, by client and server
    alike.

    Wrong are an argument of another type, a target without a row, a state twice among the targets
    of one row, a state that is neither text nor `None`, a guard that is no function or for no
    transition, and, where `initial` is given, a state that cannot be reached.  What is wrong stands
    in `fault`; the `Resource`, which can name the member, raises it.
    """

    client: Mapping[State, tuple[State, ...]]
    server: Mapping[State, tuple[State, ...]] = Frozen({})
    initial: tuple[State, ...] = ()
    guards: Mapping[tuple[State, State], Guard] = Frozen({})
    origin: str = ""
    fault: RuleError | None = field(init=False, default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        try:
            self._check()
        except RuleError as fault:
            object.__setattr__(self, "fault", fault)

    def _check(self) -> None:
        check_texts(self, "origin")
        for table in ("client", "server"):
            rows = getattr(self, table)
            if not isinstance(rows, Mapping):
                raise RuleError(
                    f"{table} has to be a mapping of each state to a tuple of states,"
                    f" not {type(rows).__name__}"
                )
            for state, row in rows.items():
                if row is None:
                    raise RuleError(f"the row of {state!r} is None; a terminal state has ()")
            object.__setattr__(
                self,
                table,
                Frozen({key: _row(f"the row of {key!r}", row) for key, row in rows.items()}),
            )
        object.__setattr__(self, "initial", _row("initial", self.initial))
        states = set(self.client) | set(self.server)
        if not states:
            raise RuleError("a lifecycle needs at least one state")
        for state in states:
            if not isinstance(state, str) and state is not None:
                raise RuleError(f"a state is a string or None, not {type(state).__name__}")
        for state in (*self.initial, *(target for row in self._rows() for target in row)):
            if state not in states:
                raise RuleError(
                    f"the state {state!r} has no row; a terminal state has an empty one"
                )
        if not isinstance(self.guards, Mapping):
            raise RuleError(
                "guards has to be a mapping of transitions to functions,"
                f" not {type(self.guards).__name__}"
            )
        object.__setattr__(self, "guards", Frozen(self.guards))
        transitions = {
            (state, target) for state in states for target in self.open(state, by_server=True)
        }
        for transition, guard in self.guards.items():
            if not callable(guard):
                raise RuleError(
                    f"the guard of {transition!r} has to be a function, not {type(guard).__name__}"
                )
            if transition not in transitions:
                raise RuleError(f"the guard of {transition!r} is for no transition of the tables")
        if self.initial:
            lost = states - self._reachable()
            if lost:
                names = ", ".join(sorted(map(repr, lost)))
                raise RuleError(f"no way leads from the initial states to {names}")

    @property
    def states(self) -> tuple[State, ...]:
        """Every state, in the order of declaration."""
        return tuple(dict.fromkeys((*self.client, *self.server)))

    def open(self, state: State, *, by_server: bool) -> tuple[State, ...]:
        """The states that may follow `state`: by a client alone, or by client and server."""
        row = self.client.get(state, ())
        return tuple(dict.fromkeys((*row, *self.server.get(state, ())))) if by_server else row

    def _rows(self) -> list[tuple[State, ...]]:
        return [*self.client.values(), *self.server.values()]

    def _reachable(self) -> set[State]:
        reached: set[State] = set()
        todo = list(self.initial)
        while todo:
            state = todo.pop()
            if state not in reached:
                reached.add(state)
                todo.extend(self.open(state, by_server=True))
        return reached


def _row(name: str, targets: object) -> tuple[State, ...]:
    row = as_tuple(name, targets)
    for target in row:
        if not isinstance(target, str) and target is not None:
            raise RuleError(f"a state is a string or None, not {type(target).__name__}")
    if len(set(row)) != len(row):
        raise RuleError(f"{name} has a state twice")
    return row
