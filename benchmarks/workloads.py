"""What is measured: one function for each workload, which gives its cases.

The numbers are those of the project's plan; `bars` says what is asked of which case.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from operator import eq
from typing import Any

import jsonpatch

from patchwright import Field, JsonPatch, MergePatch
from patchwright._checks import DirectEdit
from patchwright._json import common_prefix, common_suffix, read
from patchwright.cli.samples import SAMPLES
from patchwright.resource import Accepted
from patchwright.resource.answering import answer_directly

from . import by_hand, inputs
from .contenders.patchwright import TASK

# What the floors read JSON with: orjson where it is installed, else the standard library.
READER = "orjson" if find_spec("orjson") else "json"
loads: Callable[[bytes], Any] = import_module(READER).loads


@dataclass(frozen=True)
class Yardstick:
    """Something to compare with that does not do the work of the case."""

    label: str
    run: Callable[..., object]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing to do, for everyone who can.

    `operation` is the name of the function in the adapters, `arguments` what it is called with;
    where there is something `beforehand`, the function is called with that first and gives the
    function to measure.  `outcome` turns what a contender gives into what has to be `expected`.
    `part` tells the cases of a workload apart.  A case that takes long has fewer `rounds`.
    `memory` are two sets of other arguments, a few and many, for the peak of memory in each.
    """

    workload: str
    title: str
    operation: str
    arguments: tuple[Any, ...]
    expected: Any
    floor: Yardstick
    document_bytes: int
    beforehand: tuple[Any, ...] | None = None
    outcome: Callable[[Any], Any] = lambda document: document
    reference: str = "jsonpatch"
    others: tuple[Yardstick, ...] = ()
    part: str = ""
    rounds: int | None = None
    memory: tuple[tuple[Any, ...], tuple[Any, ...]] | None = None


# How the labels of the parts of patchwright's own work begin, which the page sets beside the bars.
PART = "part: "


def part_of(label: str, run: Callable[..., object], *arguments: Any) -> Yardstick:
    """A part of what patchwright does in a case."""
    return Yardstick(f"{PART}{label}", run, arguments)


def copies(containers: list[Any]) -> list[Any]:
    """The floor of an update that leaves its document as it was."""
    return [container.copy() for container in containers]


def copying(document: Any, places: list[str]) -> Yardstick:
    """That floor for a change at these places."""
    changed = inputs.containers(document, places)
    return Yardstick("floor: copying the changed containers", copies, (changed,))


def copying_all(document: Any) -> Yardstick:
    """What libraries pay that copy the document before they edit it."""
    return Yardstick("copy.deepcopy alone", deepcopy, (document,))


def patching(
    workload: str, what: str, document: Any, patch: tuple[inputs.Operations, Any]
) -> Iterator[Case]:
    """JSON Patch, with the patch compiled in each call and beforehand."""
    operations, expected = patch
    for part, when, operation, beforehand, arguments in (
        ("", "within the call", "patch", None, (document, operations)),
        ("compiled", "beforehand", "compiled_patch", (operations,), (document,)),
    ):
        yield Case(
            workload=workload,
            part=part,
            title=f"{what}, patch compiled {when}",
            operation=operation,
            beforehand=beforehand,
            arguments=arguments,
            expected=expected,
            floor=copying(document, inputs.written(operations)),
            others=(
                copying_all(document),
                *([] if part else [part_of("making the patch", JsonPatch, operations)]),
            ),
            document_bytes=len(inputs.compact(document)),
        )


def w1() -> Iterator[Case]:
    """The smallest update there is."""
    return patching("W1", "small task, one replace", inputs.SMALL, inputs.small_one())


def w2() -> Iterator[Case]:
    """Several operations, each cheap."""
    return patching("W2", "small task, six operations", inputs.SMALL, inputs.small_six())


def w3() -> Iterator[Case]:
    """A small change in a large document."""
    document = inputs.large()
    return patching("W3", "large document, one deep replace", document, inputs.deep_one(document))


def w4() -> Iterator[Case]:
    """Many changes in a large document."""
    document = inputs.large()
    return patching("W4", "large document, 100 operations", document, inputs.deep_hundred(document))


def w5() -> Iterator[Case]:
    """JSON Merge Patch."""
    document = inputs.large()
    for part, stored, (patch, expected), places in (
        ("small", inputs.SMALL, inputs.small_merge(), ["/status", "/labels/tier"]),
        ("large", document, inputs.large_merge(document), ["/name", "/settings/theme"]),
    ):
        yield Case(
            workload="W5",
            part=part,
            title=f"{part} document, merge patch of two members, one null in an object",
            operation="merge",
            arguments=(stored, patch),
            expected=expected,
            reference="json-merge-patch",
            floor=copying(stored, places),
            others=(copying_all(stored), part_of("making the patch", MergePatch, patch)),
            document_bytes=len(inputs.compact(stored)),
        )


def w6() -> Iterator[Case]:
    """What a server does that stores JSON text."""
    if READER != "orjson":
        return
    orjson = import_module("orjson")

    def reading_and_writing(stored: bytes, body: bytes) -> object:
        orjson.loads(body)
        return orjson.dumps(orjson.loads(stored))

    document = inputs.large()
    for part, what, stored, (operations, expected) in (
        ("one", "small task, one replace", inputs.SMALL, inputs.small_one()),
        ("six", "small task, six operations", inputs.SMALL, inputs.small_six()),
        ("large", "large document, one deep replace", document, inputs.deep_one(document)),
    ):
        text, body = inputs.compact(stored), inputs.compact(operations)
        yield Case(
            workload="W6",
            part=part,
            title=f"{what}, from bytes to bytes",
            operation="patch_bytes",
            arguments=(text, body),
            expected=expected,
            outcome=json.loads,
            reference="orjson + jsonpatch",
            floor=Yardstick("floor: orjson reads and writes", reading_and_writing, (text, body)),
            document_bytes=len(text),
        )


def w7() -> Iterator[Case]:
    """The difference of two documents."""
    large = inputs.large()
    changed = inputs.deep_one(large)[1]
    longer = inputs.parsed(large)
    longer["entries"].insert(0, inputs.entry(len(longer["entries"])))
    three = {**inputs.parsed(inputs.SMALL), "status": "approved", "priority": 1, "attempts": 2}

    # The changed document again, as a library makes it that copies only what it changes, and a twin
    # of the large one that shares as much with it.
    [replace], _ = inputs.deep_one(large)
    sharing, twin = (along(large, replace["path"], value) for value in (replace["value"], 512))

    small, twins = inputs.SMALL, (inputs.parsed(inputs.SMALL), inputs.parsed(large))
    for part, what, old, new, equal in (
        ("small", "small task, three changed members", small, three, twins[0]),
        ("large", "large document, one change", large, changed, twins[1]),
        ("front", "large document, one element inserted at the front", large, longer, twins[1]),
        ("shared", "large document, one change, all the rest shared", large, sharing, twin),
    ):
        # Of the large document, how many of the equal entries stand at the start, or at the end; in
        # copies, as contenders have them, so that the floor does not find its own in the caches.
        pieces: list[Yardstick] = []
        if part == "front":
            arrays = deepcopy((old["entries"], new["entries"]))
            pieces.append(part_of("finding the equal entries", common_suffix, *arrays, 0))
        elif part != "small":
            arrays = deepcopy((old["entries"], equal["entries"]))
            pieces.append(part_of("finding the equal entries", common_prefix, *arrays))
        yield Case(
            workload="W7",
            part=part,
            title=f"difference: {what}",
            operation="difference",
            arguments=(old, new),
            expected=new,
            outcome=partial(jsonpatch.apply_patch, old),
            floor=Yardstick("floor: == of two equal documents", eq, (old, equal)),
            others=tuple(pieces),
            document_bytes=len(inputs.compact(old)),
        )


def along(document: Any, path: str, value: Any) -> Any:
    """The document with another value at a place, sharing all that is not on the way there."""
    new = node = document.copy()
    *tokens, last = path.split("/")[1:]
    for token in tokens:
        key = int(token) if isinstance(node, list) else token
        node[key] = node[key].copy()
        node = node[key]
    node[last] = value
    return new


def reading_and_copying(body: bytes, containers: list[Any]) -> object:
    """The floor of an update whose body is text."""
    loads(body)
    return copies(containers)


# What the page calls the reading of a body by patchwright alone.
READING = f"{PART}reading the body strictly"


# What the same takes that is written for the small task and nothing else.
BY_HAND = "by hand, for this task alone"


def update_floors(body: Any, containers: list[Any]) -> tuple[Yardstick, ...]:
    """The floor of a validated update, and what else is worth knowing beside it."""
    copying = Yardstick("floor: copying the changed containers", copies, (containers,))
    if not isinstance(body, bytes):
        return (copying,)
    floor = f"floor: {READER} reads the body, and the changed containers are copied"
    return (
        Yardstick(floor, reading_and_copying, (body, containers)),
        replace(copying, label="copying the changed containers"),
        Yardstick(READING, MergePatch.from_json, (body,)),
    )


def written(edit: DirectEdit, body: Any) -> Any:
    """What an update does between receiving a request to the small task and its verdict."""
    return edit(TASK.direct_rules, inputs.SMALL, body, [], [])


def w8() -> Iterator[Case]:
    """The whole validated update of the small task, and of the tasks of the four profiles."""
    both = {"If-Match": inputs.ETAG}
    for update in inputs.updates():
        headers = both | {"Content-Type": update.media_type}
        ways = [("", "from bytes", update.operation, inputs.compact(update.body))]
        if update.operation != "patch_update":
            ways.append(("parsed", "from a parsed body", f"{update.operation}_parsed", update.body))
        changed = inputs.containers(inputs.SMALL, update.places) if update.places else []
        for how, title, operation, body in ways:
            floor, *others = update_floors(body, changed)
            method = "PUT" if update.operation == "put_update" else "PATCH"
            _, edit = TASK.find_request((method, update.media_type), (None, None))
            others += (
                part_of("comparing, judging and writing", written, edit, update.body),
                Yardstick(
                    BY_HAND, by_hand.update, (inputs.SMALL, method, headers, body, inputs.NOW)
                ),
            )
            yield Case(
                workload="W8",
                part=f"{update.part} {how}".strip(),
                title=f"validated update, {update.title}, {title}",
                operation=operation,
                beforehand=(inputs.SMALL,),
                arguments=(headers, body, inputs.NOW),
                expected=update.expected,
                reference=update.reference,
                floor=floor,
                others=tuple(others),
                document_bytes=len(inputs.compact(inputs.SMALL)),
            )
    yield from profiles()


def profiles() -> Iterator[Case]:
    """The documented request to each profile, and one that is refused after it."""
    for sample in SAMPLES:
        stored = dict(sample.stored)
        changes, code = inputs.PROFILE_OUTCOMES[sample.profile]
        new = inputs.edited(stored, changes)
        for what, document, request, expected, places in (
            ("accepted", stored, sample.request, new, list(changes)),
            ("refused", new, sample.refused, code, []),
        ):
            body = inputs.compact(request.body)
            changed = inputs.containers(document, places) if places else []
            floor, *others = update_floors(body, changed)
            yield Case(
                workload="W8",
                part=f"{sample.profile} {what}",
                title=f"{sample.title}, {what}, from bytes",
                operation="profile_update",
                beforehand=(sample.profile,),
                arguments=(
                    document,
                    request.method,
                    {"Content-Type": request.media_type},
                    body,
                ),
                expected=expected,
                floor=floor,
                others=tuple(others),
                document_bytes=len(inputs.compact(document)),
            )


def w9() -> Iterator[Case]:
    """JSON Pointer."""
    document = inputs.large()
    pointer = "/entries/500/attributes/x"
    for part, when, operation, beforehand, arguments in (
        ("", "within the call", "resolve", None, (document, pointer)),
        ("compiled", "beforehand", "compiled_pointer", (pointer,), (document,)),
    ):
        yield Case(
            workload="W9",
            part=part,
            title=f"{pointer} in the large document, parsed {when}",
            operation=operation,
            beforehand=beforehand,
            arguments=arguments,
            expected=document["entries"][500]["attributes"]["x"],
            reference="jsonpointer",
            floor=Yardstick(
                "floor: four subscripts",
                lambda document: document["entries"][500]["attributes"]["x"],
                (document,),
            ),
            document_bytes=len(inputs.compact(document)),
        )


# How many documents one plan is applied to.
BATCH = 100_000


def w10() -> Iterator[Case]:
    """One request to many documents."""
    patch = inputs.small_merge()[0]
    documents, few = inputs.Tasks(BATCH), inputs.Tasks(BATCH // 100)

    def copying(documents: inputs.Tasks) -> None:
        for document in documents:
            document.copy()
            document["labels"].copy()

    yield Case(
        workload="W10",
        title=f"one request to {BATCH:,} small tasks, which are made one after the other",
        operation="batch",
        beforehand=({"Content-Type": "application/merge-patch+json"}, inputs.compact(patch)),
        arguments=(documents, inputs.NOW),
        expected=sum(range(1, BATCH + 1)),
        reference="patchwright, planning each time",
        floor=Yardstick("floor: copying the changed containers", copying, (documents,)),
        document_bytes=len(inputs.compact(inputs.SMALL)),
        rounds=9,
        memory=((few, inputs.NOW), (documents, inputs.NOW)),
    )


# The steps of an update.
READ, ANSWER, UNCHECKED, BARE, VERDICT, WHOLE = (
    "reading the body strictly",
    "from the operations to the verdict",
    "the same, where any value fits",
    "the same, where there is no stamp either",
    "the verdict itself",
    "floor: the whole update",
)
# What else can be done with the request, and with one that does more than give members values.
PLAN, APPLY, CANDIDATE, JUDGE = (
    "planning",
    "applying the plan to a document",
    "applying the patch, without rules",
    "judging old and new, with stamps",
)


def stages() -> Iterator[Case]:
    """W8 a step by step, by the functions that do it."""
    update = inputs.updates()[0]
    stored, body = inputs.SMALL, inputs.compact(update.body)
    headers = {"If-Match": inputs.ETAG, "Content-Type": update.media_type}
    request = "PATCH", headers, body
    patch = JsonPatch(update.body)
    fields = (TASK.root.fields or {}).items()
    bare = TASK.evolve(fields={name: Field(values=field.values) for name, field in fields})
    unchecked = TASK.evolve(
        fields={
            name: Field(mutability=field.mutability, stamp=field.stamp, values=field.values)
            for name, field in fields
        }
    )
    _, edit = TASK.find_request(("PATCH", update.media_type), (None, None))
    answering = stored, update.body, inputs.NOW, edit
    yield Case(
        workload="stages",
        title="W8 a by its steps",
        operation="stages",  # which no contender has
        arguments=(),
        expected=None,
        floor=Yardstick(WHOLE, partial(TASK.update, now=inputs.NOW), (stored, *request)),
        others=(
            Yardstick(READ, read, (body,)),
            *(
                Yardstick(label, answer_directly, (resource, *answering))
                for label, resource in ((ANSWER, TASK), (UNCHECKED, unchecked), (BARE, bare))
            ),
            Yardstick(VERDICT, Accepted, (TASK, stored, stored)),
            Yardstick(PLAN, TASK.plan, request),
            Yardstick(APPLY, partial(TASK.plan(*request).apply, now=inputs.NOW), (stored,)),
            Yardstick(CANDIDATE, patch.apply, (stored,)),
            Yardstick(JUDGE, partial(TASK.judge, now=inputs.NOW), (stored, patch.apply(stored))),
        ),
        document_bytes=len(inputs.compact(stored)),
    )


def sizes() -> Iterator[Case]:
    """W3 with documents of several sizes, for the plot."""
    for entries in (1, 10, 100, 1_000, 10_000):
        document = inputs.large(entries)
        what = f"document of {entries:,} entries, one deep replace"
        yield next(patching("sizes", what, document, inputs.deep_one(document)))


WORKLOADS: Mapping[str, Callable[[], Iterator[Case]]] = {
    "W1": w1,
    "W2": w2,
    "W3": w3,
    "W4": w4,
    "W5": w5,
    "W6": w6,
    "W7": w7,
    "W8": w8,
    "W9": w9,
    "W10": w10,
    "stages": stages,
    "sizes": sizes,
}
