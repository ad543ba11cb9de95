"""Settings every test shares."""

import os

from hypothesis import settings

# Two busy cores make single examples slow now and then: a deadline would fail tests at random. In CI the examples are
# the same every time, so that a red run can be repeated.
settings.register_profile("gigasite", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("gigasite")
