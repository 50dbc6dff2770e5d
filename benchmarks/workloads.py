"""What is measured: one function for each workload, which gives its cases.

The numbers are those of the project's plan.  W8 (the whole validated update) and W10 (one plan over
many documents) belong to the resource engine and stand in `WORKLOADS` once it is there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from operator import eq
from typing import Any

import jsonpatch

from . import inputs


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
    for title, operation, beforehand, arguments in (
        (f"{what}, patch compiled within the call", "patch", None, (document, operations)),
        (f"{what}, patch compiled beforehand", "compiled_patch", (operations,), (document,)),
    ):
        yield Case(
            workload=workload,
            title=title,
            operation=operation,
            beforehand=beforehand,
            arguments=arguments,
            expected=expected,
            floor=copying(document, inputs.written(operations)),
            others=(copying_all(document),),
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
    for what, stored, (patch, expected), places in (
        ("small task", inputs.SMALL, inputs.small_merge(), ["/status", "/labels/tier"]),
        ("large document", document, inputs.large_merge(document), ["/name", "/settings/theme"]),
    ):
        yield Case(
            workload="W5",
            title=f"{what}, merge patch of two members, one null in an object",
            operation="merge",
            arguments=(stored, patch),
            expected=expected,
            reference="json-merge-patch",
            floor=copying(stored, places),
            others=(copying_all(stored),),
            document_bytes=len(inputs.compact(stored)),
        )


def w6() -> Iterator[Case]:
    """What a server does that stores JSON text."""
    try:
        orjson = import_module("orjson")  # by name, for type checkers where it is missing
    except ModuleNotFoundError:
        return

    def reading_and_writing(stored: bytes, body: bytes) -> object:
        orjson.loads(body)
        return orjson.dumps(orjson.loads(stored))

    document = inputs.large()
    for what, stored, (operations, expected) in (
        ("small task, one replace", inputs.SMALL, inputs.small_one()),
        ("small task, six operations", inputs.SMALL, inputs.small_six()),
        ("large document, one deep replace", document, inputs.deep_one(document)),
    ):
        text, body = inputs.compact(stored), inputs.compact(operations)
        yield Case(
            workload="W6",
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

    for what, old, new, equal in (
        ("small task, three changed members", inputs.SMALL, three, inputs.parsed(inputs.SMALL)),
        ("large document, one change", large, changed, inputs.parsed(large)),
        ("large document, one element inserted at the front", large, longer, inputs.parsed(large)),
        ("large document, one change, all the rest shared", large, sharing, twin),
    ):
        yield Case(
            workload="W7",
            title=f"difference: {what}",
            operation="difference",
            arguments=(old, new),
            expected=new,
            outcome=partial(jsonpatch.apply_patch, old),
            floor=Yardstick("floor: == of two equal documents", eq, (old, equal)),
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


def w9() -> Iterator[Case]:
    """JSON Pointer."""
    document = inputs.large()
    pointer = "/entries/500/attributes/x"
    for how, operation, beforehand, arguments in (
        ("parsed within the call", "resolve", None, (document, pointer)),
        ("parsed beforehand", "compiled_pointer", (pointer,), (document,)),
    ):
        yield Case(
            workload="W9",
            title=f"{pointer} in the large document, {how}",
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
    "W9": w9,
    "sizes": sizes,
}
