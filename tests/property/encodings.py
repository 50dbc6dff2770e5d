"""Every way in which the formats can say that one object is to become another."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from patchwright import JsonPatch, MergePatch, PatchError, Resource
from patchwright.resource import Verdict
from tests.property.engine import JSON, MASK, MERGE, PATCH, op, updated
from tests.property.oracle import same_json
from tests.property.strategies import pointer


class Request(NamedTuple):
    """A request as `tests.property.engine.accepts` takes it, under a name for people."""

    name: str
    method: str
    headers: dict[str, str]
    body: Any

    def sent_to(self, thing: Resource, document: Any, **arguments: Any) -> Verdict:
        """The verdict on it."""
        return updated(thing, document, self.method, self.headers, self.body, **arguments)


def encodings(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Request]:
    """The requests that make `new` of `old`, as far as each format can say it.

    A `PUT` is among them, though what it leaves out is kept where it is not the client's.
    """
    yield Request("between", "PATCH", PATCH, JsonPatch.between(old, new).operations)
    yield Request("root", "PATCH", PATCH, [op("replace", "", new)])
    yield Request("members", "PATCH", PATCH, list(by_members(old, new)))
    yield Request("moves", "PATCH", PATCH, list(by_moves(old, new)))
    try:
        merge_patch = MergePatch.between(old, new).value
    except PatchError:  # a member becomes null
        pass
    else:
        yield Request("merge", "PATCH", MERGE, merge_patch)
    differing = [name for name in {**old, **new} if differ(old, new, name)]
    if "" not in differing:  # a mask has no way to write it
        mask = ",".join(f"`{name}`" for name in differing) or "*"
        yield Request("mask", "PATCH", MASK, {"mask": mask, "value": new})
    yield Request("mask of all", "PATCH", MASK, {"mask": "*", "value": new})
    if old.keys() <= new.keys():
        yield Request("overwrite", "PATCH", JSON, {name: new[name] for name in differing})
        yield Request("overwrite all", "PATCH", JSON, new)
    yield Request("put", "PUT", JSON, new)


def keeps_absent(request: Request) -> bool:
    """Whether a member that the request leaves out stays where it is not the client's."""
    return request.name in {"put", "mask of all"}


def reads(request: Request) -> bool:
    """Whether it gives to another place what is stored."""
    return request.name == "moves" and any(operation["op"] == "move" for operation in request.body)


def replaces(request: Request) -> bool:
    """Whether it gives a member a value that takes the place of the stored one, whole."""
    return request.name in {"overwrite", "overwrite all", "mask", "mask of all", "put"}


def differ(old: dict[str, Any], new: dict[str, Any], name: str) -> bool:
    """Whether a member was added, removed or changed."""
    return name not in old or name not in new or not same_json(old[name], new[name])


def by_members(old: dict[str, Any], new: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each top-level member removed, added or replaced by an operation of its own."""
    for name in old.keys() - new.keys():
        yield op("remove", pointer(name))
    for name, value in new.items():
        if name not in old:
            yield op("add", pointer(name), value)
        elif differ(old, new, name):
            yield op("replace", pointer(name), value)


def by_moves(old: dict[str, Any], new: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each top-level member through a place that nothing declares, where nothing stays."""
    for name in old.keys() - new.keys():
        yield op("move", "/elsewhere", source=pointer(name))
        yield op("remove", "/elsewhere")
    for name, value in new.items():
        if differ(old, new, name):
            yield op("add", "/elsewhere", value)
            yield op("copy", pointer(name), source="/elsewhere")
            yield op("remove", "/elsewhere")
