"""How each format computes the new document, before anything is judged.

A candidate shares containers with the stored document wherever the two are equal, and none with the
request, so that one plan serves any number of documents.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .._json import ABSENT, canonical, equal, share
from ..rules.mutability import Mutability
from .nodes import Node


def overwrite(root: Node, document: Any, members: Mapping[str, Any]) -> Any:
    """The document with these members replaced whole; what the server owns inside them is kept."""
    if type(document) is not dict:
        return None  # nothing can be made of it, which is what the client will be told
    candidate = document.copy()
    for name, value in members.items():
        candidate[name] = _kept(root.member(name), document.get(name, ABSENT), value)
    return candidate


def replace_at(root: Node, path: tuple[str, ...], old: Any, value: Any) -> Any:
    """The value that a request has for one place; what the server owns inside it is kept."""
    node: Node | None = root
    for name in path:
        node = None if node is None else node.member(name)
    return _kept(node, old, value)


def replace(root: Node, document: Any, body: Any) -> tuple[Any, dict[str, None] | None]:
    """The body as the new document; what the client does not own and did not send is kept.

    With the names of the members that differ; `None` where the document is no object.
    """
    if type(document) is not dict:
        return body, None
    return _kept_members(root, document, body)


def _kept(node: Node | None, old: Any, value: Any) -> Any:
    """A copy of `value` with what no client can remove from `old`.

    It shares with `old` each part that equals the one at its place, and nothing with `value`; it is
    `old` itself where the two are equal.
    """
    if node is not None and type(value) is type(old):
        if type(value) is dict and node.has_members:
            return _kept_members(node, old, value)[0]
        if type(value) is list and node.items is not None and node.field.key is not None:
            return _kept_elements(node.items, node.field.key, old, value)
    return share(old, value)


def _kept_members(
    node: Node, old: dict[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, None]]:
    """The same of two objects, with the names of the members that differ.

    The members stand in the order in which they are stored, because in JSON their order means
    nothing: what is said of a document then does not depend on how its client writes it.
    """
    new = old.copy()
    changed: dict[str, None] = {}
    for name, value in given.items():
        was = old.get(name, ABSENT)
        kind = type(value)
        if kind is dict or kind is list:
            part = _kept(node.member(name), was, value)
            if part is not was:
                new[name] = part
                changed[name] = None
        # What `equal` would say, without the call for most.
        elif not (value == was if kind is type(was) else equal(was, value)):
            new[name] = value
            changed[name] = None
    if not old.keys() <= given.keys():
        for name, was in old.items():
            if name not in given:
                kept = _kept_of_absent(node, name, was, is_given=True)
                if kept is ABSENT:
                    del new[name]
                    changed[name] = None
                elif kept is not was:
                    new[name] = kept
                    changed[name] = None
    return (new, changed) if changed else (old, changed)


def _kept_elements(items: Node, key: str, old: list[Any], given: list[Any]) -> Any:
    """The same for the elements of two arrays that have the same key."""
    known: dict[bytes, list[dict[str, Any]]] = {}
    for element in reversed(old):
        if type(element) is dict and key in element:
            known.setdefault(canonical(element[key]), []).append(element)
    new: list[Any] = []
    for element in given:
        same: list[Any] | None = None
        if type(element) is dict and key in element:
            same = known.get(canonical(element[key]))
        new.append(_kept(items, same.pop() if same else ABSENT, element))
    return share(old, new)


def _kept_of_absent(node: Node, name: str, was: Any, *, is_given: bool) -> Any:
    """What of a member stays that is absent from what a client sends for its object.

    RFC 7644 section 3.5.1: what is read-only is not changed by its absence.  A client never sees
    what is write-only, and cannot set again what is settable once, so their absence means nothing
    either; and a member that no rule knows is not the client's to remove where it is not the
    client's to add.  Where the object itself is not given (`is_given`) and could be seen, the
    client takes it away, and what is hidden in it goes as well.
    """
    member = node.member(name)
    if member is None:
        return was if node.values is None and node.unknown != "keep" else ABSENT
    if member.locked or (member.hidden and is_given):
        return was
    if member.field.mutability is Mutability.WRITE_ONCE and was is not None:
        return was
    if type(was) is dict and member.holds_guarded:
        is_given = is_given and member.is_unseen
        parts = {
            key: _kept_of_absent(member, key, part, is_given=is_given) for key, part in was.items()
        }
        return {key: part for key, part in parts.items() if part is not ABSENT} or ABSENT
    return ABSENT


def prepare(node: Node, body: Any, *, whole: bool) -> Any:
    """A body as its resource reads it.

    Nulls that mean "unchanged" are left out (`Field.null`), unless the body is a whole document, in
    which nothing else says so, and scalars that count as text become text (`Field.coerce`).
    """
    if type(body) is list and node.items is not None:
        return [prepare(node.items, element, whole=True) for element in body]
    if type(body) is not dict:
        return _as_text(body) if node.field.coerce else body
    prepared: dict[str, Any] = {}
    for name, value in body.items():
        member = node.member(name)
        if member is None:
            prepared[name] = value
        elif value is not None or whole or member.field.null == "value":
            prepared[name] = prepare(member, value, whole=whole)
    return prepared


def prepare_at(node: Node | None, path: tuple[str, ...], value: Any) -> Any:
    """The value that a request has for one place, as its resource reads it."""
    for token in path:
        if node is not None:  # an object or an array: only the document knows
            node = node.member(token) or node.items
    return value if node is None else prepare(node, value, whole=True)


def _as_text(value: Any) -> Any:
    """The JSON text of a number or a boolean."""
    if type(value) in (int, float, bool):
        try:
            return json.dumps(value)
        except ValueError:  # an integer beyond the interpreter's own bound on digits
            return value
    return value
