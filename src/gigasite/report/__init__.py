"""What a planner looks at: charts of a run, in one theme."""
