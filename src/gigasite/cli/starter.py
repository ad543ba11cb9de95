"""The scenario that `gigasite new` writes: complete, small, with a comment for every choice."""

from __future__ import annotations

import re
from pathlib import Path

from gigasite.foundation.errors import InputError, Problem

_NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")

_STARTER = """\
# {name}: a gigasite scenario. Edit it, then:   gigasite check {name}     gigasite solve {name}
# Every key with its unit and meaning: gigasite schema. With `gigasite schema --output scenario.schema.json` and the
# next line an editor shows them while you type.
# yaml-language-server: $schema=./scenario.schema.json

# Everything that is not written here comes from base.yaml, which ships with gigasite, and from its sourced figures.
extends: base.yaml
name: {name}
title: A 1 GW campus in Ohio
question: What powers it from 2028, and at what cost?

horizon:
  years: [2028, 2030, 2035]     # modelled years; each stands for the years up to the next one
  # resolution_h: 6             # means over 24, 6, 3 or 2 hours, for a quick look; left out: every hour
  # days: 28                    # only so many days, spread over each year: quicker still, and never an answer

sites:
  my_campus:                    # any name: small letters, digits, _
    like: piketon               # place, weather, grid zone and gas price of a site of inputs/sites.geojson
    load_ramp_mw:               # contracted peak at the meter, facility MW, from each year on
      2028: 300
      2030: 1000
    technologies:               # what may be built here; take out what may not
      combined_cycle: {{}}
      gas_turbine: {{}}           # options go into the braces, e.g. {{capacity_max_mw: 500}}
      gas_engine: {{}}
      small_modular_reactor: {{}}
      grid_connection: {{}}
      solar: {{}}
      wind: {{}}
      battery: {{}}

# requirements:
#   reserve_margin: 0.15        # firm capacity above the peak; base.yaml says 0.10

# A sourced figure replaced for this scenario, with the reason:
# overrides:
#   - table: technologies
#     where: {{technology: battery, parameter: round_trip_efficiency}}
#     value: 0.88
#     reason: offer of March 2026
"""


def write_starter(name: str, folder: Path) -> Path:
    """Write `<name>.yaml` into a folder and return its path.

    Raises:
        InputError: the name is none, or the file is there already.
    """
    name = name.removesuffix(".yaml")
    if not _NAME.fullmatch(name):
        problem = Problem(
            "this is no name of a scenario",
            given=name,
            allowed="small letters, digits, - and _, such as my-campus",
        )
        raise InputError(problem)
    path = folder / f"{name}.yaml"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_STARTER.format(name=name))
    except FileExistsError:
        raise InputError(Problem(f"{path} is there already and stays as it is", remedy="choose another name")) from None
    except OSError as error:
        raise InputError(Problem(f"{path} cannot be written: {error.strerror}", remedy="try another folder")) from None
    return path
