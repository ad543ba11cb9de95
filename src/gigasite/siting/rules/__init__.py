"""Exclusion rules, one file each: what makes a place no candidate. Found by their place, see `rule_registry`."""
