"""JSON Pointer, JSON Patch and JSON Merge Patch, by the cases of the RFCs and a public suite."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from patchwright.json_patch import JsonPatch
from patchwright.merge_patch import MergePatch
from patchwright.pointer import Pointer
from patchwright.problems import PatchError
from tests.conformance.cases import binding, load
from tests.property.oracle import same_json

FILES = (
    "json-patch-spec-tests.json",
    "json-patch-tests.json",
    "rfc6901.json",
    "rfc6902.json",
    "rfc7396.json",
)
CASES = [case for file in FILES for case in binding(load(file))]


def _patch(case: dict[str, Any]) -> object:
    return JsonPatch(case.get("patch_text", case.get("patch"))).apply(case["doc"])


# What each kind of case asks for.
ANSWERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "patch": _patch,
    "merge": lambda case: MergePatch(case["patch"]).apply(case["doc"]),
    "pointer": lambda case: Pointer(case["pointer"]).get(case["doc"]),
    "pointer-parse": lambda case: list(Pointer(case["pointer"]).tokens),
    "pointer-fragment": lambda case: str(Pointer.from_fragment(case["fragment"])),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_binding_case(case: dict[str, Any]) -> None:
    """The outcome is the expected one, and what was passed in is as it was."""
    before = copy.deepcopy(case)
    try:
        answer = ANSWERS[case["kind"]](case)
    except PatchError:
        assert case["error"]
    else:
        assert not case["error"]
        assert same_json(answer, case["expected"])
    assert same_json(case, before)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_fragment_of_a_pointer(case: dict[str, Any]) -> None:
    """Every pointer of the cases that can be read has a fragment form that means the same."""
    if case["kind"] in {"pointer", "pointer-parse"} and "expected" in case:
        pointer = Pointer(case["pointer"])
        assert Pointer.from_fragment(pointer.fragment) == pointer
