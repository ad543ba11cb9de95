"""One scenario as frozen, unit-clean arrays: the only place where inputs meet."""
