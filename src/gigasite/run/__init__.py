"""One scenario from its file to a written run."""
