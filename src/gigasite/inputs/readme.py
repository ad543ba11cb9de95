"""`python -m gigasite.inputs.readme`: write inputs/README.md anew from the tables beside it."""

from __future__ import annotations

import sys

from gigasite.inputs.folders import data_folder, display_path
from gigasite.inputs.provenance import README, write_inputs_readme


def main() -> None:
    """Write the page and say where it is."""
    folder = data_folder()
    write_inputs_readme(folder)
    sys.stdout.write(f"{display_path(folder / README)} is written\n")


if __name__ == "__main__":
    main()
