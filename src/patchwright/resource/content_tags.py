"""The entity tag of a document that has no version: a hash of what everyone may see of it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from .._checks import all_fields
from .._json import canonical
from ..preconditions import entity_tag
from ..rules import Field, Mutability


def content_tag(root: Field, document: Any) -> str:
    """The entity tag of a document by its canonical bytes; two that are equal have the same."""
    return entity_tag(sha256(canonical(_steady(root, document))).hexdigest()[:32])


def _steady(field: Field, document: Any) -> Any:
    """A document without its volatile members, and without those that not everyone may see.

    A tag that was made of a secret would let anyone try out what the secret is.
    """
    if not any(_is_left_out(below) for _, below in all_fields(field)):
        return document
    if type(document) is list and field.items is not None:
        return [_steady(field.items, element) for element in document]
    if type(document) is not dict:
        return document
    steady: dict[str, Any] = {}
    for name, value in document.items():
        member = (field.fields or {}).get(name, field.values)
        if member is None or not _is_left_out(member):
            steady[name] = value if member is None else _steady(member, value)
    return steady


def _is_left_out(field: Field) -> bool:
    return field.volatile or field.mutability is Mutability.WRITE_ONLY or bool(field.visible)
