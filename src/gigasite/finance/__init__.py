"""Money over time: pure functions of numbers and arrays, each with its equation."""
