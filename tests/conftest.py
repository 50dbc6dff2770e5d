"""What all tests share: the profiles of Hypothesis, chosen by `HYPOTHESIS_PROFILE`."""

import gc
import os

from hypothesis import settings

# No deadlines: a slow machine is not a wrong answer.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("long", deadline=None, max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_finish() -> None:
    """Leave what has been imported and collected out of all later garbage collections.

    It stays to the end, and tests of documents that are 100,000 deep collect very often.
    """
    gc.collect()
    gc.freeze()
