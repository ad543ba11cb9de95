"""From a formulation to an answer: rules to arrays, and the arrays to HiGHS."""
