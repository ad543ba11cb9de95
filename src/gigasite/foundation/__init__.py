"""Words every layer shares: errors that speak to a planner, units with sources, the dictionary of columns."""
