"""The usual update of a single document, answered without a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from .._json import admit
from ..problems import Problem
from .definition import Definition
from .receiving import Received
from .settling import settle_directly
from .tracing import traced
from .verdict import Accepted, Rejected, Request, Verdict, first_group


def answer_at_once(
    resource: Definition,
    received: Received,
    document: Any,
    now: datetime | str | None,
    etag: str | None,
) -> Verdict | None:
    """The verdict on a usual request, or `None` where only a plan can tell."""
    method, media_type, _, edit, preconditions, body, is_own, problems = received
    if edit is None or problems:
        return None
    if preconditions and (etag is not None or not holds_usually(resource, preconditions, document)):
        return None
    verdict = settle_directly(resource, document, edit, body, now)
    if verdict is None or isinstance(verdict, Accepted):
        return verdict
    request = Request(method, media_type, body if is_own else admit(body, resource.limits))
    return reject_directly(resource, verdict, request, body)


def holds_usually(resource: Definition, preconditions: Mapping[str, str], document: Any) -> bool:
    """Whether there is no precondition but the one that most clients send, and it holds."""
    if len(preconditions) > 1 or "if-match" not in preconditions:
        return False
    return preconditions["if-match"] == resource.version_tag(document)


def reject_directly(
    resource: Definition,
    problems: Sequence[Problem],
    request: Request,
    body: Any,
    wrapper: str = "",
) -> Rejected:
    """The problems of a request that took the short way, each with its place in the request.

    `body` is that of the request, or the member of it, at `wrapper`, in which the patch is wrapped.
    """
    reported = first_group(resource, problems)
    return Rejected(resource, tuple([traced(each, body, wrapper) for each in reported]), request)
