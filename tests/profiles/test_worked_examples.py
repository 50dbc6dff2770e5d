"""Every worked example of the system pages."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from patchwright import Accepted, PatchError, Pointer
from tests.profiles.worked import Example, examples
from tests.property.oracle import same_json

EXAMPLES = examples()
NOW = "2030-01-01T00:00:00Z"


def contains(whole: Any, part: Any) -> bool:
    """Whether `part` is in `whole`: of objects, some members; of anything else, all of it."""
    if isinstance(whole, Mapping) and isinstance(part, Mapping):
        return all(name in whole and contains(whole[name], part[name]) for name in part)
    return same_json(whole, part)


def test_every_example_is_found() -> None:
    """The four pages have 41 examples, and each has a name of its own."""
    assert len(EXAMPLES) == len(set(map(str, EXAMPLES))) == 41


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(example: Example) -> None:
    """The outcome is the expected one, and the stored task is as it was."""
    before = copy.deepcopy(example.current)
    verdict = example.verdict(NOW)
    expect = example.expect
    if isinstance(verdict, Accepted):
        document = verdict.document
        assert (expect["ok"], expect.get("status", 200)) == (True, verdict.status)
        assert contains(document, expect["result_subset"])
        for place in map(Pointer, expect.get("unchanged", ())):
            assert same_json(place.get(document), place.get(before))
        for place in map(Pointer, expect.get("absent", ())):
            with pytest.raises(PatchError):
                place.get(document)
    else:
        pointers = {problem.pointer for problem in verdict.problems} - {None}
        assert (expect["ok"], expect["status"]) == (False, verdict.status)
        assert pointers == set(expect["pointers"])
        assert "error" not in expect or verdict.body() == {"errors": [expect["error"]]}
    assert same_json(example.current, before)
