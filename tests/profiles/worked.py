"""The worked examples of the system pages, read in place: they are not part of this repository.

The pages are looked for in the directory that `PATCHWRIGHT_SYSTEMS` names, and without that
variable in `shared/systems` beside the checkout.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from patchwright import Accepted, Caller, Rejected, Resource
from patchwright.profiles import carrierx, cloudfoundry, sailpoint, spaaza

BESIDE_THE_CHECKOUT = Path(__file__).parents[3] / "shared" / "systems"

# A block that is no example, but an error body, has no "id" at its start.
_EXAMPLE = re.compile(r'```json\n(\{"id".*?)```', re.DOTALL)


def _carrierx(request: Mapping[str, Any]) -> Caller:
    return Caller(scopes=request["scopes"])


def _spaaza(request: Mapping[str, Any]) -> Caller | None:
    auth = request["auth"]
    if "kind" not in auth:
        return None
    facts = {"access": auth.get("access", True)}
    return Caller(kind=auth["kind"], tenant=auth.get("chain"), facts=facts)


def _cloudfoundry(request: Mapping[str, Any]) -> Caller:
    auth = request["auth"]
    return Caller(
        credentials=auth["token"],
        scopes=request["scopes"],
        roles=auth["roles"],
        facts={"org_status": auth.get("org_status", "active"), "space_status": "active"},
    )


def _sailpoint(request: Mapping[str, Any]) -> Caller:
    auth = request["auth"]
    return Caller(
        credentials=auth.get("token", "valid"),
        kind=auth.get("context", "user"),
        scopes=request["scopes"],
        roles=(auth["user_level"],),
    )


class System(NamedTuple):
    """A profile, and how its page writes down who calls."""

    task: Callable[..., Resource]
    caller: Callable[[Mapping[str, Any]], Caller | None]


SYSTEMS = {
    "carrierx": System(carrierx.task, _carrierx),
    "spaaza": System(spaaza.task, _spaaza),
    "cloudfoundry": System(cloudfoundry.task, _cloudfoundry),
    "sailpoint": System(sailpoint.task, _sailpoint),
}


class Example(NamedTuple):
    """One worked example: the stored task, the request, and what is expected of it."""

    system: str
    content: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.system}/{self.content['id']}"

    @property
    def current(self) -> Any:
        """The stored task."""
        return self.content["current"]

    @property
    def expect(self) -> Mapping[str, Any]:
        """What is to come of it."""
        expect: Mapping[str, Any] = self.content["expect"]
        return expect

    def verdict(self, now: str) -> Accepted | Rejected:
        """What does come of it."""
        system, request = SYSTEMS[self.system], self.content["request"]
        body = request["raw_body"] if "raw_body" in request else json.dumps(request["body"])
        return system.task(**self.content.get("options", {})).update(
            self.current,
            request["method"],
            {"Content-Type": request["content_type"]},
            body,
            caller=system.caller(request),
            now=now,
        )


def examples() -> list[Example]:
    """Every example of every page; where a page is absent, the module that asks is skipped."""
    directory = Path(os.environ.get("PATCHWRIGHT_SYSTEMS") or BESIDE_THE_CHECKOUT)
    found: list[Example] = []
    for system in SYSTEMS:
        page = directory / f"{system}.md"
        if not page.is_file():
            pytest.skip(
                f"there is no system page at {page}: PATCHWRIGHT_SYSTEMS may name their directory",
                allow_module_level=True,
            )
        blocks = _EXAMPLE.findall(page.read_text(encoding="utf-8"))
        found += (Example(system, json.loads(block)) for block in blocks)
    return found
