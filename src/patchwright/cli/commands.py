"""The commands: each takes its arguments and gives an exit status, 0 accepted and 1 rejected."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from .._checks import Change
from .._json import ABSENT
from ..describe import describe, outline
from ..json_patch import JsonPatch
from ..merge_patch import MergePatch
from ..problems import FORM, READING, Code, PatchError, Problem
from ..resource import Accepted, Rejected, Resource
from ..rules import Caller
from . import demo
from .arguments import (
    GENEROUS,
    Mistake,
    caller,
    content,
    document,
    file_of,
    headers,
    only_one_from_standard_input,
    profile,
)
from .output import say, say_problems, write, write_json

ACCEPTED: Final = 0
REJECTED: Final = 1

# The problems of a request that has not even been read.
_UNREAD: Final = (*READING, *FORM)
_ABOUT_THE_CALLER: Final = (
    Code.UNAUTHORIZED,
    Code.INSUFFICIENT_SCOPE,
    Code.FORBIDDEN,
    Code.NOT_FOUND,
)

# Beyond these the line would no longer be one that people read.
_MOST_POINTERS: Final = 8


def show_demo(arguments: argparse.Namespace) -> int:
    """`patchwright demo`."""
    if arguments.json:
        write_json(demo.as_json(), readable=False)
    else:
        write(demo.as_text())
    return ACCEPTED


def show_description(arguments: argparse.Namespace) -> int:
    """`patchwright describe`."""
    resource = profile(arguments.profile, arguments.option)
    if arguments.json:
        sections = [asdict(section) for section in outline(resource)]
        write_json({"name": resource.name, "sections": sections}, readable=False)
    else:
        write(describe(resource, format=arguments.format))
    return ACCEPTED


# --- One request to one resource -----------------------------------------------------------------


def update(arguments: argparse.Namespace) -> int:
    """`patchwright update`."""
    only_one_from_standard_input((arguments.document, arguments.body))
    resource = profile(arguments.profile, arguments.option)
    method, fields = _request_line(resource, arguments)
    who = caller(arguments.auth, resource)
    stored = document("DOCUMENT", arguments.document)
    body = content("BODY", arguments.body, resource.limits.body_bytes)
    verdict = resource.update(stored, method, fields, body, caller=who, now=arguments.now)
    if isinstance(verdict, Rejected):
        if arguments.json:
            write_json(_rejected(verdict), readable=False)
        else:
            write_json(verdict.body(), readable=True)
            unread = verdict.problems[0].code in _UNREAD
            which = f", {file_of('BODY', arguments.body)}" if unread else ""
            say(f"rejected: {verdict.status}{which}")
            say_problems(verdict.problems)
            if verdict.problems[0].code in _ABOUT_THE_CALLER:
                say(_about_the_caller(verdict, who, stored))
        return REJECTED
    if arguments.json:
        write_json(_accepted(verdict), readable=False)
    else:
        write_json(verdict.document, readable=True)
        say(f"accepted: {verdict.status}, {_changed(verdict.changes)}")
        say_problems(verdict.notes)
    return ACCEPTED


def _about_the_caller(verdict: Rejected, who: Caller | None, stored: Any) -> str:
    """What a caller is not told, and who runs the command may know."""
    not_found = verdict.problems[0].code is Code.NOT_FOUND
    if not_found and stored is None:
        return "The document is null, which means that there is none."
    if who is None:
        reason = "There is no --auth, so nobody calls"
    elif not_found:
        reason = "The document is there, but not for this caller"
    else:
        reason = "What --auth says is not enough"
    return f"{reason}; 'describe' shows what a caller needs."


def _request_line(resource: Resource, arguments: argparse.Namespace) -> tuple[str, dict[str, str]]:
    """The method and the header fields; what is not given is as in the first request that fits."""
    fields = headers(arguments.header)
    method: str | None = None if arguments.method is None else arguments.method.upper()
    media_type: str | None = arguments.content_type
    if media_type is not None and "content-type" in fields:
        raise Mistake("the content type is given twice, as an option and as a header")
    if media_type is None:
        media_type = fields.get("content-type")
    known = list(resource.accepts)
    fits = [key for key in known if method in (None, key[0]) and media_type in (None, key[1])]
    first_method, first_type = (fits or known)[0]
    media_type = first_type if media_type is None else media_type
    if media_type:
        fields["content-type"] = media_type
    return method or first_method, fields


def _changed(changes: tuple[Change, ...]) -> str:
    if not changes:
        return "nothing changed"
    pointers = [change.pointer for change in changes[:_MOST_POINTERS]]
    more = len(changes) - len(pointers)
    return f"changed: {', '.join(pointers)}" + (f" and {more} more" if more else "")


def _accepted(verdict: Accepted) -> dict[str, Any]:
    return {
        "accepted": True,
        "status": int(verdict.status),
        "headers": verdict.headers,
        "etag": verdict.etag,
        "changes": [_change(change) for change in verdict.changes],
        "notes": _problems(verdict.notes),
        "document": verdict.document,
    }


def _change(change: Change) -> dict[str, str]:
    # The values stay in the document: a member may be one that is not to be shown.
    kind = "added" if change.old is ABSENT else "removed" if change.new is ABSENT else "replaced"
    return {"pointer": change.pointer, "change": kind}


def _rejected(verdict: Rejected) -> dict[str, Any]:
    return {
        "accepted": False,
        "status": verdict.status,
        "headers": verdict.headers,
        "problems": _problems(verdict.problems),
        "body": verdict.body(),
    }


def _problems(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "code": str(problem.code),
            "pointer": problem.pointer,
            "detail": problem.detail,
            "params": dict(problem.params),
            "operation": problem.operation,
            "source": problem.source,
        }
        for problem in problems
    ]


# --- The RFC tools -------------------------------------------------------------------------------


def patch(arguments: argparse.Namespace) -> int:
    """`patchwright patch`."""
    only_one_from_standard_input((arguments.document, arguments.patch))
    stored = document("DOCUMENT", arguments.document)
    text = content("PATCH", arguments.patch, GENEROUS.body_bytes)
    try:
        new = JsonPatch(text, limits=GENEROUS).apply(stored)
    except PatchError as error:
        return _refused(error, arguments)
    return _result({"document": new}, as_json=arguments.json)


def merge(arguments: argparse.Namespace) -> int:
    """`patchwright merge`."""
    only_one_from_standard_input((arguments.document, arguments.patch))
    stored = document("DOCUMENT", arguments.document)
    text = content("PATCH", arguments.patch, GENEROUS.body_bytes)
    try:
        new = MergePatch.from_json(text, limits=GENEROUS).apply(stored)
    except PatchError as error:
        return _refused(error, arguments)
    return _result({"document": new}, as_json=arguments.json)


def diff(arguments: argparse.Namespace) -> int:
    """`patchwright diff`."""
    only_one_from_standard_input((arguments.old, arguments.new))
    old, new = document("OLD", arguments.old), document("NEW", arguments.new)
    try:
        made: Any = (
            MergePatch.between(old, new).value
            if arguments.merge
            else JsonPatch.between(old, new).operations
        )
    except PatchError as error:
        return _refused(error, arguments)
    return _result({"patch": made}, as_json=arguments.json)


def _result(result: dict[str, Any], *, as_json: bool) -> int:
    if as_json:
        write_json({"accepted": True, **result}, readable=False)
    else:
        (value,) = result.values()
        write_json(value, readable=True)
    return ACCEPTED


def _refused(error: PatchError, arguments: argparse.Namespace) -> int:
    if arguments.json:
        write_json({"accepted": False, "problems": _problems(error.problems)}, readable=False)
    else:
        which = f" {file_of('PATCH', arguments.patch)}" if error.code in _UNREAD else ""
        say(f"rejected:{which}")
        say_problems(error.problems)
    return REJECTED
