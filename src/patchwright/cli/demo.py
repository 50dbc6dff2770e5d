"""`patchwright demo`: each system's documented request, and one that is refused."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from .._checks import Change
from .._json import ABSENT
from ..resource import Accepted, Rejected, Verdict
from .arguments import PROFILES
from .output import json_text
from .samples import SAMPLES, Request, Sample

_WIDTH: Final = 80


@dataclass(frozen=True)
class Shown:
    """A sample with the two verdicts on it."""

    sample: Sample
    accepted: Accepted
    refused: Rejected

    @property
    def error_body(self) -> Any:
        """What the system answers to the request that is refused."""
        return self.refused.body(**self.sample.facts)


def shows() -> Iterator[Shown]:
    """Every sample, judged; the second request meets the document that the first one left."""
    for sample in SAMPLES:
        accepted = _verdict(sample, sample.request, sample.stored)
        assert isinstance(accepted, Accepted)
        refused = _verdict(sample, sample.refused, accepted.document)
        assert isinstance(refused, Rejected)
        yield Shown(sample, accepted, refused)


def _verdict(sample: Sample, request: Request, stored: Any) -> Verdict:
    return PROFILES[sample.profile]().update(
        stored,
        request.method,
        {"Content-Type": request.media_type},
        json_text(request.body).encode(),
        caller=sample.caller,
        now=sample.now,
    )


def as_json() -> list[dict[str, Any]]:
    """The demonstration for machines."""
    return [
        {
            "profile": shown.sample.profile,
            "stored": shown.sample.stored,
            "request": asdict(shown.sample.request),
            "status": shown.accepted.status,
            "changes": [_change(change) for change in shown.accepted.changes],
            "document": shown.accepted.document,
            "refused": {
                "request": asdict(shown.sample.refused),
                "status": shown.refused.status,
                "body": shown.error_body,
            },
        }
        for shown in shows()
    ]


def _change(change: Change) -> dict[str, Any]:
    sides = {"pointer": change.pointer, "old": change.old, "new": change.new}
    return {name: value for name, value in sides.items() if value is not ABSENT}


def as_text() -> str:
    """The demonstration for people, in 80 columns."""
    lines = [line for shown in shows() for line in _lines(shown)]
    lines.append("The rules behind this:")
    lines += (f"  patchwright describe {sample.profile}" for sample in SAMPLES)
    return "\n".join(lines) + "\n"


def _lines(shown: Shown) -> Iterator[str]:
    sample = shown.sample
    yield sample.title
    yield "=" * len(sample.title)
    yield from _request(sample.request)
    yield f"{shown.accepted.status}, and this has changed in the task:"
    for change in shown.accepted.changes:
        yield f"  {change.pointer}"
        yield from _side("-", change.old)
        yield from _side("+", change.new)
    yield ""
    yield from _request(sample.refused)
    yield f"{shown.refused.status}, nothing has changed, and the answer is:"
    yield from _json(shown.error_body, "  ", "")
    yield ""


def _request(request: Request) -> Iterator[str]:
    yield from textwrap.wrap(request.about, _WIDTH)
    yield ""
    yield f"  {request.method} {request.path}"
    yield f"  Content-Type: {request.media_type}"
    yield from _json(request.body, "  ", "")
    yield ""


def _side(sign: str, value: Any) -> Iterator[str]:
    if value is not ABSENT:
        yield f"    {sign} {json.dumps(value)}"


def _json(value: Any, margin: str, lead: str, end: str = "") -> Iterator[str]:
    """JSON to be read: what is short on one line, and a long text folded."""
    line = f"{lead}{json.dumps(value)}{end}"
    if len(margin) + len(line) <= _WIDTH or not isinstance(value, (dict, list)):
        yield from textwrap.wrap(
            line,
            _WIDTH,
            initial_indent=margin,
            subsequent_indent=f"{margin}    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    parts = (
        [(f"{json.dumps(name)}: ", member) for name, member in value.items()]
        if isinstance(value, dict)
        else [("", element) for element in value]
    )
    yield f"{margin}{lead}{opening}"
    for index, (name, part) in enumerate(parts, start=1):
        yield from _json(part, f"{margin}  ", name, "," if index < len(parts) else "")
    yield f"{margin}{closing}{end}"
