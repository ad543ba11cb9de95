"""Studies: one scenario solved several times with one thing changed, and what the change is worth.

`flexibility` tells what a connection that may be curtailed buys in earlier power; `variants` writes changed scenarios
as files, so that each run can be looked at and repeated like any other.
"""
