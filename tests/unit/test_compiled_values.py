"""Issue 3: "Everything compiled is immutable, hashable, picklable, safe to share"."""

import copy
import pickle
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from patchwright import (
    Accept,
    Accepted,
    Access,
    Caller,
    Change,
    Field,
    Format,
    JsonPatch,
    Lifecycle,
    Limits,
    MergePatch,
    Now,
    Parsed,
    Pointer,
    Problem,
    Rejected,
    Resource,
    When,
)
from patchwright.problems import Code
from patchwright.profiles import carrierx, cloudfoundry, sailpoint, spaaza
from patchwright.resource import Plan, Request
from patchwright.rules.frozen import Frozen
from tests.property.declared import FAULTS, FIELDS, ROOT_RULES, THING, valid
from tests.property.encodings import encodings
from tests.property.engine import MERGE, NOW, faults, merge, op, patch, same_verdict


def guard(_: Any, new: Any) -> list[str]:
    """A guard that can be pickled."""
    return [] if new.get("low") else ["/low"]


LIFECYCLE = Lifecycle({"a": ("b",), "b": ()}, initial=("a",), guards={("a", "b"): guard})
BODY = {"type": "b", "o": {"n": 2}, "lines": [], "version": 1}
OPERATIONS = [op("replace", "/type", "b"), op("copy", "/free", source="/o"), op("test", "/low", 1)]

# Everything that is made once and used often, made anew each time.
VALUES: dict[str, Callable[[], Any]] = {
    "Pointer": lambda: Pointer("/a~1b/0"),
    "JsonPatch": lambda: JsonPatch(OPERATIONS),
    "MergePatch": lambda: MergePatch(BODY),
    "Field": lambda: Field("object", fields=FIELDS, **ROOT_RULES),
    "Field with tuples": lambda: Field(
        enum=("a", 1),
        rules=(When("a", enum=(1,), required=("b",)),),
        access=(Access(roles=("r",)),),
    ),
    "Lifecycle": lambda: LIFECYCLE,
    "Limits": Limits,
    "Accept": lambda: Accept(Format.MERGE_PATCH, locked="ignore"),
    "Access": lambda: Access(roles=("r",), facts={"f": (1, "a")}, operations=("add",)),
    "Caller": lambda: Caller(roles=["r"], scopes={"s"}, facts={"f": 1}),
    "When": lambda: When("a", enum=(1, "b"), required=("b",)),
    "Now": lambda: Now("milliseconds"),
    "Problem": lambda: Problem(Code.ENUM, "/a", {"allowed": ["a", [1]]}),
    "Change": lambda: Change("/a", {"b": [1]}, [1]),
    "Parsed": lambda: Parsed("text"),
    "Request": lambda: Request("PATCH", "application/json", {"a": [1]}),
    "Frozen": lambda: Frozen({"a": 1, "b": (2,)}),
    "Resource": lambda: THING,
    "system": lambda: THING.system,
    "Plan": lambda: THING.plan("PATCH", MERGE, BODY),
    "Plan of operations": lambda: THING.plan("PATCH", {"Content-Type":
                                             "application/json-patch+json"}, OPERATIONS),
    "Plan with problems": lambda: THING.plan("PATCH", MERGE, b"{"),
    "Accepted": lambda: THING.judge(valid(), {**valid(), "type": "b", "free": [1]}),
    "Accepted unchanged": lambda: THING.judge(valid(), valid()),
    "Rejected": lambda: THING.judge(valid(), {**valid(), "type": 5, "enum": [1]}),
    "Rejected request": lambda: merge(THING, valid(), {"nope": {"a": [1]}, "type": 5}),
    "carrierx": lambda: carrierx.TASK,
    "cloudfoundry": lambda: cloudfoundry.TASK,
    "sailpoint": lambda: sailpoint.TASK,
    "spaaza": lambda: spaaza.TASK,
}  # fmt: skip
# Those are compared by what they are, the others by who they are.
BY_IDENTITY = {"Plan", "Plan of operations", "Plan with problems", "system"}

# What is a JSON value, and the caller's own.
JSON_VALUES = {
    "body", "document", "facts_of_refusal", "headers", "methods", "new", "old", "operations",
    "params", "request", "stored", "value",
}  # fmt: skip

every_value = pytest.mark.parametrize("name", VALUES)


def attributes(value: Any) -> list[str]:
    """The names of what a value shows."""
    return [
        name
        for name in dir(value)
        if not name.startswith("_") and not callable(getattr(value, name, None))
    ]


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same, as far as they can be compared."""
    if isinstance(one, Accepted | Rejected):
        return same_verdict(one, other)
    if isinstance(one, Resource):
        return bool(one.root == other.root and one.accepts == other.accepts)
    if isinstance(one, Plan):
        return bool(one.problems == other.problems and one.request == other.request)
    return bool(one == other and hash(one) == hash(other))


class TestImmutable:
    """Nobody can change what others use, too."""

    @every_value
    def test_attributes(self, name: str) -> None:
        """No attribute can be set or deleted, and none can be added."""
        value = VALUES[name]()
        for attribute in (*attributes(value), "new"):
            with pytest.raises((AttributeError, TypeError)):
                setattr(value, attribute, None)
            with pytest.raises((AttributeError, TypeError)):
                delattr(value, attribute)

    @every_value
    def test_containers(self, name: str) -> None:
        """What it is declared with is frozen: no mapping and no sequence of it can be changed."""
        value = VALUES[name]()
        for attribute in attributes(value):
            part = getattr(value, attribute)
            if attribute in JSON_VALUES:
                continue
            assert not isinstance(part, list | dict | set), attribute

    def test_what_was_passed_in_is_not_kept(self) -> None:
        """Changing a mapping after the declaration changes nothing."""
        fields = {"a": Field("string")}
        accepts: Any = {("PATCH", "application/json"): Format.OVERWRITE}
        statuses = {Code.TYPE: 418}
        thing = Resource("thing", fields=fields, accepts=accepts, statuses=statuses)
        fields["a"] = fields["b"] = Field("integer")
        accepts.clear()
        statuses.clear()
        assert faults(thing.check({"a": 1, "b": 1})) == [("type", "/a"), ("unknown_member", "/b")]
        assert thing.methods == ["PATCH"]
        assert thing.status_of(Code.TYPE) == 418
        again = thing.evolve(name="again")
        assert again.status_of(Code.TYPE) == 418

    def test_what_is_handed_out_is_the_callers_own(self) -> None:
        """Whatever is done to a problem's facts, to a patch's values or to a list of methods."""
        thing = Resource("thing", fields=dict(FIELDS), **ROOT_RULES)
        new = valid()
        for fault in FAULTS.values():
            fault.inject(new)
        for _ in range(2):
            verdict = thing.judge(valid(), new)
            assert isinstance(verdict, Rejected)
            seen = [(problem.code, copy.deepcopy(problem.params)) for problem in verdict.problems]
            for problem in verdict.problems:
                spoil(problem.params)
            again = thing.judge(valid(), new)
            assert isinstance(again, Rejected)
            assert [(problem.code, problem.params) for problem in again.problems] == seen
        refused = thing.update({}, "GET", {}, None)
        assert isinstance(refused, Rejected)
        spoil(refused.problems[0].params)
        assert thing.update({}, "GET", {}, None).headers["Allow"] == "PATCH, PUT"
        made = JsonPatch(OPERATIONS)
        spoil(made.operations)
        made.operations.clear()
        assert made == JsonPatch(OPERATIONS)
        merged = MergePatch(BODY)
        spoil(merged.value)
        assert merged == MergePatch(BODY)

    def test_values_that_are_containers(self) -> None:
        """Neither who has declared them nor who is told of them can change what is allowed."""
        mine = [1]
        rule = When("m", enum=(mine,), required=("n",))
        field = Field(enum=(mine, 2))
        thing = Resource("thing", fields={"m": field, "n": Field()}, rules=(rule,))
        assert hash(field) == hash(Field(enum=([1], 2)))
        assert hash(rule) == hash(When("m", enum=([1],), required=("n",)))
        mine.append(2)
        for _ in range(2):
            verdict = thing.judge({}, {"m": 3})
            assert isinstance(verdict, Rejected)
            assert verdict.problems[0].params == {"allowed": [[1], 2]}
            spoil(verdict.problems[0].params)
        assert faults(thing.judge({}, {"m": [1]})) == [("required", "/n")]

    def test_what_is_used_is_not_changed(self) -> None:
        """After any number of uses, a plan and a resource are what they were."""
        plan = THING.plan("PATCH", MERGE, BODY)
        before = pickle.dumps(plan)
        for document in (valid(), {}, None, {"type": 5}):
            plan.apply(document)
            plan.early()
        assert pickle.dumps(plan) == before


def spoil(value: Any) -> None:
    """Change whatever can be changed in a value."""
    parts = list(value.values()) if isinstance(value, Mapping) else list(value)
    for part in parts:
        if isinstance(part, list | dict):
            spoil(part)
    if isinstance(value, list):
        value.append("spoilt")
    elif isinstance(value, dict):
        value["spoilt"] = "spoilt"


class TestHashable:
    """They can be keys, and equal ones are the same key."""

    @every_value
    def test_hash(self, name: str) -> None:
        """Each has a hash, which stays the same."""
        value = VALUES[name]()
        assert hash(value) == hash(value)
        assert len({value, value}) == 1

    @pytest.mark.parametrize("name", [name for name in VALUES if name not in BY_IDENTITY])
    def test_equal_ones(self, name: str) -> None:
        """Two that were made alike are equal and have the same hash."""
        one, other = VALUES[name](), VALUES[name]()
        assert one == other
        assert hash(one) == hash(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (Pointer("/a"), Pointer("/b")),
            (JsonPatch(OPERATIONS), JsonPatch(OPERATIONS[:1])),
            (MergePatch({"a": 1}), MergePatch({"a": True})),
            (Field("string"), Field("integer")),
            (Field("string", mutability="read_only"), Field("string")),
            (LIFECYCLE, Lifecycle({"a": ("b",), "b": ()})),
            (Accept(Format.REPLACE), Accept(Format.REPLACE, absent="refuse")),
            (Access(roles=("a",)), Access(roles=("b",))),
            (Caller(), Caller(roles=("a",))),
            (Frozen({"a": 1}), Frozen({"a": 2})),
            (Pointer("/a"), "/a"),
            (MergePatch(None), None),
        ],
    )
    def test_other_ones(self, one: Any, other: Any) -> None:
        """Two that say different things are not equal."""
        assert one != other
        assert len({one, other}) == 2


class TestPicklable:
    """They can be sent to another process, and copied."""

    @every_value
    @pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
    def test_pickle(self, name: str, protocol: int) -> None:
        """What comes back says the same."""
        value = VALUES[name]()
        assert same(pickle.loads(pickle.dumps(value, protocol)), value)  # noqa: S301 - made here

    @every_value
    @pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
    def test_copy(self, name: str, copied: Callable[[Any], Any]) -> None:
        """So does a copy."""
        value = VALUES[name]()
        assert same(copied(value), value)

    @pytest.mark.parametrize("name", ["Plan", "Plan of operations", "Plan with problems"])
    def test_a_plan_works(self, name: str) -> None:
        """A plan that comes back gives the same verdicts."""
        plan = VALUES[name]()
        back = pickle.loads(pickle.dumps(plan))  # noqa: S301
        for document in (valid(), {}, None, {"type": 5, "o": [1]}):
            one, other = (each.apply(document, now=NOW) for each in (plan, back))
            assert same_verdict(one, other)
            assert same_verdict(pickle.loads(pickle.dumps(one)), one)  # noqa: S301

    @pytest.mark.parametrize("thing", [THING, THING.system])
    def test_a_resource_works(self, thing: Resource) -> None:
        """A resource that comes back judges alike, as the server's where it was the server's."""
        back = pickle.loads(pickle.dumps(thing))  # noqa: S301
        for fault in FAULTS.values():
            new = valid()
            fault.inject(new)
            assert same_verdict(thing.judge(valid(), new), back.judge(valid(), new))
        assert back.is_system is thing.is_system
        assert back.etag(valid()) == thing.etag(valid())

    def test_guards(self) -> None:
        """With its functions, where they are those of a module."""
        thing = Resource("r", fields={"s": Field(lifecycle=LIFECYCLE), "low": Field()})
        back = pickle.loads(pickle.dumps(thing))  # noqa: S301
        assert faults(back.judge({"s": "a"}, {"s": "b"})) == [("guard", "/s")]


class TestThreads:
    """One compiled value, used by many at once."""

    @staticmethod
    def in_threads(work: Callable[[int], object], threads: int = 8, rounds: int = 40) -> list[Any]:
        """What the work returns in each round of each thread, all started at the same moment."""
        results: list[Any] = []
        failures: list[BaseException] = []
        start = threading.Barrier(threads)

        def run(number: int) -> None:
            try:
                start.wait()
                found = [work(number * rounds + index) for index in range(rounds)]
            except BaseException as failure:  # noqa: BLE001 - raised again below
                failures.append(failure)
            else:
                results.extend(found)

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
            for thread in running:
                thread.start()
            for thread in running:
                thread.join()
        finally:
            sys.setswitchinterval(interval)
        if failures:
            raise failures[0]
        assert len(results) == threads * rounds
        return results

    def test_one_plan(self) -> None:
        """A plan gives each document its own verdict, whoever applies it at the same time."""
        old, new = valid(), {**valid(), "type": "b", "free": {"new": [1]}, "max_items": []}
        for request in encodings(old, new):
            thing = pickle.loads(pickle.dumps(THING))  # noqa: S301 - compiles lazily once more
            plan = thing.plan(request.method, request.headers, request.body)
            documents = [{**old, "minimum": number} for number in range(40)]
            expected = {**new, "version": 2}
            if request.name in {"root", "put", "overwrite all", "mask of all"}:
                documents = [{**old, "max_items": [number]} for number in range(40)]

            def work(number: int, plan: Plan = plan, documents: Any = documents) -> Any:
                return number, plan.apply(documents[number % 40], now=NOW)

            for number, verdict in self.in_threads(work, threads=4, rounds=10):
                assert isinstance(verdict, Accepted), request
                minimum = documents[number % 40]["minimum"]
                kept = {"minimum": minimum} if documents[0]["minimum"] != minimum else {}
                assert verdict.document == {**expected, **kept}, request
                assert verdict.document["free"] is not new["free"]

    def test_one_resource(self) -> None:
        """What is compiled when it is first needed is compiled right, whoever comes first."""
        for _ in range(5):
            thing = pickle.loads(pickle.dumps(THING))  # noqa: S301

            def work(number: int, thing: Resource = thing) -> Any:
                new = valid()
                name = sorted(FAULTS)[number % len(FAULTS)]
                FAULTS[name].inject(new)
                judge = thing.judge(valid(), new)
                return name, judge, thing.check(valid()), thing.system.check({}), thing.accept_patch

            for name, verdict, checked, empty, accepted in self.in_threads(work, rounds=10):
                assert faults(verdict) == [(FAULTS[name].code, FAULTS[name].pointer)]
                assert checked == ()
                assert faults(empty) == [("required", "/required")]
                assert accepted.count(",") == 3

    def test_one_patch(self) -> None:
        """The RFC tools are shared as well, the paths that they remember among them."""
        shared = JsonPatch([op("add", "/a/-", {"n": [1]}), op("copy", "/b", source="/a")])
        merged = MergePatch({"c": {"d": [1]}, "a": None})

        def work(number: int) -> Any:
            other = JsonPatch([op("add", f"/{number}", number)])
            return number, merged.apply(other.apply(shared.apply({"a": [number]})))

        for number, document in self.in_threads(work):
            expected = {"b": [number, {"n": [1]}], "c": {"d": [1]}, str(number): number}
            assert document == expected

    def test_verdicts(self) -> None:
        """One verdict can be rendered by many."""
        rejected = patch(THING, valid(), *(op("add", f"/nope{index}", 1) for index in range(20)))
        assert isinstance(rejected, Rejected)
        bodies = self.in_threads(lambda _: (rejected.body(), rejected.headers))
        assert all(body == bodies[0] for body in bodies)
