"""Settings every test shares."""

import os
import signal

from hypothesis import settings

# Two busy cores make single examples slow now and then: a deadline would fail tests at random. In CI the examples are
# the same every time, so that a red run can be repeated.
settings.register_profile("gigasite", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("gigasite")

# A shell that starts the suite in the background has it ignore Ctrl-C, and with it all that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
