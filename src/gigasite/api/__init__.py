"""The Python API: one verb for each thing a planner does; the command line calls them and prints what they return.

Large libraries load inside the verbs, so that `import gigasite` and `gigasite --help` answer at once.
"""

from __future__ import annotations

from gigasite.api.money import finance, finance_bridge, partnership, programmes
from gigasite.api.places import RESULTS, Progress, ShippedScenario, scenario_file, scenarios, studies, study_file
from gigasite.api.reading import compare, draw_map, load, report, runs, save_figure, workbook
from gigasite.api.second_looks import crosscheck, flexibility, replay
from gigasite.api.siting import screen
from gigasite.api.solving import build, check, new_memory, register, schema, solve

__all__ = [
    "RESULTS",
    "Progress",
    "ShippedScenario",
    "build",
    "check",
    "compare",
    "crosscheck",
    "draw_map",
    "finance",
    "finance_bridge",
    "flexibility",
    "load",
    "new_memory",
    "partnership",
    "programmes",
    "register",
    "replay",
    "report",
    "runs",
    "save_figure",
    "scenario_file",
    "scenarios",
    "schema",
    "screen",
    "solve",
    "studies",
    "study_file",
    "workbook",
]
