"""A local page of scenarios and runs: edit with live validation, solve with progress, compare, read reports.

It listens on this machine only, has no accounts, and asks no other address for anything. Starlette serves it.
"""
