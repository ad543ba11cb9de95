"""A second way: a run rebuilt in PyPSA from its tables and its inputs, without our formulation.

Two questions are asked. What does the fixed plan cost to run (`dispatch`), and what would PyPSA build in the last year
alone (`sizing`)? Both answers must agree with ours.
"""

from gigasite.run.crosscheck.answer import CrossCheck
from gigasite.run.crosscheck.check_run import crosscheck_run

__all__ = ["CrossCheck", "crosscheck_run"]
