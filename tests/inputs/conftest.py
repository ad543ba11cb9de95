"""Small figures and a good scenario, to which the tests of bad inputs add one mistake each."""

from typing import Literal

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.load import load_scenario
from gigasite.inputs.scenario import RequirementSpec, TechnologySpec


class ReserveSpec(RequirementSpec):
    """A requirement."""

    reserve_margin: float | None = None
    units_lost: int | Literal["binomial"] | None = None


TECHNOLOGIES = dict.fromkeys(("combined_cycle", "gas_turbine", "battery", "solar"), TechnologySpec)
COMMON = "value,low,high,unit,currency_year,source,locator,source_year,confidence,note"
SITE = '{{"properties": {{"site_id": "{}"}}, "geometry": {{"type": "Point", "coordinates": [-83, 39]}}}}'
FIGURES = {
    "technologies": (
        "technology,machine_class,cost_case,parameter,year",
        "gas_turbine,frame_f,,earliest_year,,2031,,,year,,m,,2026,reported,",
        "gas_turbine,small_frame,atb,earliest_year,,2028,,,year,,m,,2026,reported,",
        "combined_cycle,h_class,atb,earliest_year,,2031,,,year,,m,,2026,reported,",
        "combined_cycle,h_class,market,capex,2030,9,,,USD/kW,2024,m,,2026,reported,",
    ),
    "fuels": (
        "fuel,region,case,year",
        "natural_gas_delivered,east,aeo2026_baseline,2030,4,,,USD/MMBtu,2025,e,,2026,published,",
        "natural_gas_hub,waha,aeo2026_baseline,2030,1,,,USD/MMBtu,2025,e,,2026,published,",
    ),
    "grid_zones": ("zone,parameter,year", "pjm_aep,queue_year,,2030,,,year,,p,,2026,reported,"),
    "demand": (
        "trajectory,year",
        "lbnl_high,2024,200,,,TWh,,l,,2024,published,",
        "lbnl_high,2040,580,,,TWh,,l,,2024,published,",
        "iea,2030,426,,,TWh,,i,,2025,reported,",
    ),
}
GOOD = """name: good
horizon: {years: [2028, 2030, 2032]}
sites:
  piketon:
    load_ramp_mw: {2028: 800}
    technologies: [gas_turbine, battery]
"""


class Desk:
    """A folder in which a planner writes scenarios."""

    good = GOOD

    def __init__(self, folder):
        self.folder = folder

    def load(self, text):
        (self.folder / "a.yaml").write_text(text, encoding="utf-8")
        requirements = {"reserve": ReserveSpec}
        return load_scenario(self.folder / "a.yaml", technology_specs=TECHNOLOGIES, requirement_specs=requirements)

    def problems_of(self, text):
        with pytest.raises(InputError) as error:
            self.load(text)
        return error.value.problems


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder to write scenarios into, with small figures in place of the shipped ones."""
    figures = tmp_path / "figures"
    figures.mkdir()
    for name, (keys, *rows) in FIGURES.items():
        (figures / f"{name}.csv").write_text("\n".join((f"{keys},{COMMON}", *rows)) + "\n")
    (figures / "technology_defaults.csv").write_text(
        "technology,machine_class,cost_case,note\ngas_turbine,small_frame,atb,\ncombined_cycle,h_class,atb,\n"
    )
    features = ", ".join(SITE.format(site) for site in ("piketon", "abilene"))
    (figures / "sites.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}')
    monkeypatch.setattr("gigasite.inputs.load.data_folder", lambda: figures)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)
