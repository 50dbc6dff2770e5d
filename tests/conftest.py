"""What all tests share: the profiles of Hypothesis, chosen by `HYPOTHESIS_PROFILE`."""

import os

from hypothesis import settings

# No deadlines: a slow machine is not a wrong answer.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("long", deadline=None, max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
