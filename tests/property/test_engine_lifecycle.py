"""Histories: what a client and a server make of one resource, step by step."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from patchwright import Accepted, Field, Increment, Lifecycle, Rejected, Resource
from tests.property.engine import (
    JSON,
    MASK,
    MERGE,
    PATCH,
    accepted,
    accepts,
    fault,
    op,
    rejected,
    resource,
)

STATES: tuple[str | None, ...] = (None, "a", "b", "c", "d")
TARGETS = st.lists(st.sampled_from(STATES), unique=True, max_size=3)
TABLES = st.tuples(*[TARGETS] * len(STATES)).map(
    lambda rows: {state: tuple(row) for state, row in zip(STATES, rows, strict=True)}
)


def in_state(state: str | None, absent: bool) -> dict[str, Any]:
    """A document in a state; null may be no member at all."""
    return {"n": 0} if absent and state is None else {"s": state, "n": 0}


class Histories(RuleBasedStateMachine):
    """An accepted history is a path in the lifecycle (design, section 6).

    The model is a state and a count; each step is predicted from the tables alone.
    """

    @initialize(client=TABLES, server=TABLES, state=st.sampled_from(STATES), absent=st.booleans())
    def declare(
        self,
        client: dict[str | None, tuple[str | None, ...]],
        server: dict[str | None, tuple[str | None, ...]],
        state: str | None,
        absent: bool,
    ) -> None:
        """A resource with a lifecycle drawn at random, and a document in one of its states."""
        self.client, self.server = client, server
        self.thing: Resource = resource(
            {
                "s": Field(lifecycle=Lifecycle(client, server)),
                "n": Field("integer", editable_in=("a", "b")),
                "version": Field("integer", mutability="read_only", stamp=Increment()),
            },
            accepts=accepts(),
        )
        self.state, self.version, self.n = state, 0, 0
        self.document = in_state(state, absent)
        self.history: list[tuple[str, str | None, str | None]] = []

    def settle(self, verdict: Any, actor: str, target: str | None, opened: Any) -> None:
        """Compare one step with the model, and take it."""
        if target == self.state:  # a stay, if perhaps from no member to null
            assert self.state_of(accepted(verdict).document) == target
            self.version += verdict.changed
        elif target in opened:
            assert accepted(verdict).changed
            self.history.append((actor, self.state, target))
            self.version += 1
            self.state = target
        else:
            code, pointer, params = fault(rejected(verdict))
            assert (code, pointer) == ("transition", "/s")
            assert params == {"from": self.state, "to": target, "allowed": list(opened)}
        if isinstance(verdict, Accepted):
            self.document = verdict.document

    @staticmethod
    def state_of(document: Any) -> Any:
        """The state: no member is as null."""
        return document.get("s")

    @rule(wanted=st.sampled_from(STATES), way=st.sampled_from(["merge", "put", "patch", "mask"]))
    def client_moves(self, wanted: str | None, way: str) -> None:
        """The client asks for a state in some format."""
        whole = {**self.document, "s": wanted}
        method, headers, body = {
            "merge": ("PATCH", MERGE, {"s": wanted}),
            "put": ("PUT", JSON, whole),
            "patch": ("PATCH", PATCH, [op("add", "/s", wanted)]),
            "mask": ("PATCH", MASK, {"mask": "s", "value": {"s": wanted}}),
        }[way]
        verdict = self.thing.update(self.document, method, headers, body)
        self.settle(verdict, "client", wanted, self.client[self.state])

    @rule(wanted=st.sampled_from(STATES), judged=st.booleans())
    def server_moves(self, wanted: str | None, judged: bool) -> None:
        """The server writes a state, as a document or as a patch."""
        opened = tuple(dict.fromkeys((*self.client[self.state], *self.server[self.state])))
        system = self.thing.system
        if judged:
            verdict = system.judge(self.document, {**self.document, "s": wanted})
        else:
            verdict = system.update(self.document, "PATCH", PATCH, [op("add", "/s", wanted)])
        self.settle(verdict, "server", wanted, opened)

    @rule(n=st.integers(0, 3))
    def client_edits(self, n: int) -> None:
        """A member that may change in some states only."""
        verdict = self.thing.update(self.document, "PATCH", MERGE, {"n": n})
        if n == self.n:
            assert accepted(verdict).document is self.document
        elif self.state in {"a", "b"}:
            self.document, self.n = accepted(verdict).document, n
            self.version += 1
        else:
            assert fault(verdict) == ("state", "/n", {"state": self.state, "allowed": ["a", "b"]})

    @rule(wanted=st.sampled_from(STATES))
    def two_steps_at_once(self, wanted: str | None) -> None:
        """A patch that goes by way of another state is judged by where it ends."""
        operations = [op("add", "/s", "d"), op("add", "/s", wanted)]
        verdict = self.thing.update(self.document, "PATCH", PATCH, operations)
        self.settle(verdict, "client", wanted, self.client[self.state])

    @rule(lost=st.sampled_from(["lost", 1, [], "A"]))
    def nobody_leaves_the_lifecycle(self, lost: Any) -> None:
        """What is no state is no transition, whoever writes it."""
        for thing in (self.thing, self.thing.system):
            verdict = thing.judge(self.document, {**self.document, "s": lost})
            assert isinstance(verdict, Rejected)
            assert {problem.code for problem in verdict.problems} <= {"enum", "type"}

    @precondition(lambda self: self.history)
    @rule()
    def the_same_request_again(self) -> None:
        """Changes nothing."""
        verdict = self.thing.update(self.document, "PATCH", JSON, {"s": self.state})
        if "s" in self.document:
            assert accepted(verdict).document is self.document

    @invariant()
    def the_history_is_a_path(self) -> None:
        """Each step is a transition of its actor's tables and begins where the last ended."""
        if not hasattr(self, "history"):
            return
        for (_, _, before), (_, after, _) in zip(self.history, self.history[1:], strict=False):
            assert before == after
        for actor, start, end in self.history:
            rows = (self.client, self.server) if actor == "server" else (self.client,)
            assert any(end in table[start] for table in rows)
        assert self.state_of(self.document) == self.state
        assert self.document.get("version", 0) == self.version
        assert self.document["n"] == self.n


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
