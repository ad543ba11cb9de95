"""Inputs: scenario files, figure tables and their faults, told with file, line and key.

`load_scenario` reads a scenario with its figures; `load_tables` the figures alone.
"""

from gigasite.inputs.load import LoadedScenario, load_scenario
from gigasite.inputs.scenario import Scenario, resolved, scenario_json_schema, scenario_type, technology_options
from gigasite.inputs.tables import Figure, Tables, data_folder, load_tables, scenarios_folder

__all__ = [
    "Figure",
    "LoadedScenario",
    "Scenario",
    "Tables",
    "data_folder",
    "load_scenario",
    "load_tables",
    "resolved",
    "scenario_json_schema",
    "scenario_type",
    "scenarios_folder",
    "technology_options",
]
