"""`python -m gigasite.cli`: the same command where no script is installed."""

from gigasite.cli import main

main()
