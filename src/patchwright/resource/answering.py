"""The usual update of a single document, answered without a plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .._json import admit
from .definition import Definition
from .receiving import Received
from .settling import settle_directly
from .tracing import reject_directly
from .verdict import Accepted, Request, Verdict


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
    if preconditions and (etag is not None or not resource.holds_usually(preconditions, document)):
        return None
    verdict = settle_directly(resource, document, edit, body, now)
    if verdict is None or isinstance(verdict, Accepted):
        return verdict
    request = Request(method, media_type, body if is_own else admit(body, resource.limits))
    return reject_directly(resource, verdict, request, body)
