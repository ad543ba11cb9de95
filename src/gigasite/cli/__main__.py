"""`python -m gigasite.cli`: the same command where no script is installed."""

from gigasite.cli.app import main

try:
    main()
finally:
    # Ctrl-C that comes while a library runs source text (every dataclass does) leaves a mark in the interpreter, which
    # then ends by the signal whatever the exit code is, though it was caught. Running source text takes the mark away.
    exec("")
