"""Labels and annotations, by the cases of Cloud Controller's own test suite."""

from typing import Any

import pytest

from patchwright import Accepted, Caller
from patchwright.profiles import cloudfoundry
from tests.conformance.cases import binding, load

CASES = binding(load("labels-annotations.json"))

ADMIN = Caller(scopes=("cloud_controller.admin",))


def metadata(case: dict[str, Any]) -> Any:
    """The metadata that a case is about: the whole, or one entry of it."""
    if case["kind"] == "metadata":
        return case["metadata"]
    return {f"{case['kind']}s": {case["key"]: case["value"]}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_binding_case(case: dict[str, Any]) -> None:
    """What is valid is stored as it was sent, and what is not is refused as a message."""
    sent = metadata(case)
    verdict = cloudfoundry.TASK.update(
        {"metadata": {}},
        "PATCH",
        {"Content-Type": "application/json"},
        {"metadata": sent},
        caller=ADMIN,
    )
    if case["expected"]:
        assert isinstance(verdict, Accepted)
        assert verdict.document == {"metadata": sent}
    else:
        assert verdict.status == 422
