"""Permits that cannot be kept or say nothing, and cooling without figures, are told with file, line and column."""

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import check_scenario_file

HEAD = """extends: {base}
name: a
horizon: {{years: [2030, 2035]}}
sites:
  piketon:
    load_ramp_mw: {{2030: 800}}
"""


@pytest.fixture
def problems_of(tmp_path):
    """The faults of a scenario of which only the end is written."""

    def read(end):
        file = tmp_path / "a.yaml"
        file.write_text(HEAD.format(base=scenarios_folder() / "base.yaml") + end, encoding="utf-8")
        with pytest.raises(InputError) as error:
            check_scenario_file(file)
        return error.value.problems

    return read


SOLAR = "    technologies: {gas_engine: {}, solar: {capacity_mw: {2030: 100, 2035: 200}}}\n"


@pytest.mark.parametrize(
    ("end", "place", "key", "message", "given", "allowed"),
    [
        (
            SOLAR + "    permits: {nox_t_per_year: -1}\n",
            "8:31",
            "permits.nox_t_per_year",
            "cannot be negative",
            "-1",
            "0 or more",
        ),
        (
            SOLAR + "    permits: {land_ha: 400}\n",
            "8:24",
            "permits.land_ha",
            "given at piketon in 2035 covers more land than the permit allows (solar 560 ha)",
            "400 ha",
            "560 ha or more",
        ),
        (
            SOLAR + "    permits: {land_ha: {2030: 300, 2035: 500}}\n",
            "8:42",
            "permits.land_ha.2035",
            "in 2035 covers more land",
            "500 ha",
            "560 ha or more",
        ),
        (
            SOLAR + "    permits: {co2_t_per_year: {2040: 1}}\n",
            "8:32",
            "permits.co2_t_per_year.2040",
            "2040 comes after the last modelled year",
            "2040",
            "years up to 2035",
        ),
        (
            SOLAR + "    permits: {backup_run_h_per_year: 100}\n",
            "8:15",
            "permits.backup_run_h_per_year",
            "has no backup generator",
            None,
            None,
        ),
        (
            "    technologies: [backup_generator]\n    permits: {backup_run_h_per_year: 9000}\n",
            "8:38",
            "permits.backup_run_h_per_year",
            "cannot run longer than a year",
            "9000 h",
            "0 to 8760 h",
        ),
        (
            "    technologies: {combined_cycle: {machine_class: h_class_2x1_ccs95, cooling: once_through}}\n",
            "7:80",
            "technologies.combined_cycle.cooling",
            "no figures of combined_cycle with this cooling",
            "once_through",
            "recirculating, dry",
        ),
    ],
)
def test_a_permit_or_cooling_that_cannot_be_is_told(problems_of, end, place, key, message, given, allowed):
    (problem,) = problems_of(end)
    assert str(problem.origin).endswith(f"a.yaml:{place}")
    assert problem.key == f"sites.piketon.{key}"
    assert message in problem.message
    assert problem.given == given
    assert problem.allowed == allowed


def test_cooling_of_what_has_no_condenser_is_an_unknown_key(problems_of):
    (problem,) = problems_of("    technologies: {gas_turbine: {cooling: dry}}\n")
    assert problem.key == "sites.piketon.technologies.gas_turbine.cooling"


def test_a_share_above_one_is_told(problems_of):
    (problem,) = problems_of("    technologies: [solar]\nrequirements: {clean_share_hourly: 80}\n")
    assert problem.key == "requirements.clean_share_hourly"
    assert str(problem.origin).endswith("a.yaml:8:36")


@pytest.mark.parametrize("cooling", ["dry", "once_through", "recirculating"])
@pytest.mark.parametrize("technology", ["combined_cycle", "small_modular_reactor", "large_reactor"])
def test_every_cooling_of_the_usual_classes_has_figures(tmp_path, technology, cooling):
    file = tmp_path / "a.yaml"
    end = f"    technologies: {{{technology}: {{cooling: {cooling}}}}}\n"
    file.write_text(HEAD.format(base=scenarios_folder() / "base.yaml") + end, encoding="utf-8")
    assert check_scenario_file(file).scenario.name == "a"
