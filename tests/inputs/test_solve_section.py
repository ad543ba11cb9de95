"""The section `solve` and the resolution: a word or a table, what holds where nothing is written, what is told."""

import pytest
from pydantic import ValidationError

from gigasite.formulation.registry import requirement_specs, technology_specs
from gigasite.inputs.scenario import resolved, scenario_json_schema, scenario_type
from gigasite.inputs.sections import Horizon, SolveSpec

WORDS = ("auto", "whole", "decomposed")


def test_every_scenario_is_solved_over_all_hours_to_one_in_ten_thousand_unless_it_says_otherwise(desk):
    read = desk.load(desk.good).scenario
    assert read.horizon.resolution_h == 1
    assert read.horizon.days is None
    assert (read.solve.method, read.solve.gap) == ("auto", 1e-4)
    assert (read.solve.time_limit_s, read.solve.threads) == (None, None)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_alone_is_short_for_the_method(desk, word):
    short = desk.load(desk.good + f"solve: {word}\n").scenario
    long = desk.load(desk.good + f"solve: {{method: {word}}}\n").scenario
    assert short.solve == long.solve == SolveSpec(method=word)


def test_a_table_holds_gap_and_limits_beside_the_method(desk):
    text = "solve: {method: decomposed, gap: 1.0e-6, time_limit_s: 60, threads: 2}\n"
    assert desk.load(desk.good + text).scenario.solve == SolveSpec(
        method="decomposed", gap=1e-6, time_limit_s=60, threads=2
    )


def test_a_resolved_scenario_has_the_table_and_reads_back(desk):
    read = desk.load(desk.good + "solve: whole\n").scenario
    assert resolved(read)["solve"] == {"method": "whole", "gap": 1e-4}
    assert type(read).model_validate(resolved(read)) == read


def test_a_scenario_may_change_the_gap_of_the_one_it_extends_and_keep_its_method(desk):
    (desk.folder / "base.yaml").write_text("solve: {method: whole, gap: 0.01}\n", encoding="utf-8")
    read = desk.load("extends: base.yaml\n" + desk.good + "solve: {gap: 0.001}\n").scenario
    assert (read.solve.method, read.solve.gap) == ("whole", 0.001)


@pytest.mark.parametrize("parent", ["solve: whole", "solve: {method: whole, gap: 0.01}"])
def test_a_word_replaces_what_the_scenario_it_extends_says(desk, parent):
    (desk.folder / "base.yaml").write_text(f"{parent}\n", encoding="utf-8")
    read = desk.load("extends: base.yaml\n" + desk.good + "solve: decomposed\n").scenario
    assert read.solve.method == "decomposed"


def test_a_table_may_follow_a_word_in_the_scenario_it_extends(desk):
    (desk.folder / "base.yaml").write_text("solve: whole\n", encoding="utf-8")
    read = desk.load("extends: base.yaml\n" + desk.good + "solve: {gap: 0.001}\n").scenario
    assert read.solve.gap == 0.001


@pytest.mark.parametrize(
    ("text", "key", "given"),
    [
        ("solve: whoel", "solve", "whoel"),
        ("solve: {method: fast}", "solve.method", "fast"),
        ("solve: {method: Whole}", "solve.method", "Whole"),
        ("solve: {gap: 0}", "solve.gap", "0"),
        ("solve: {gap: 2}", "solve.gap", "2"),
        ("solve: {gap: -0.1}", "solve.gap", "-0.1"),
        ("solve: {gap: .nan}", "solve.gap", "nan"),
        ("solve: {gap: small}", "solve.gap", "small"),
        ("solve: {time_limit_s: 0}", "solve.time_limit_s", "0"),
        ("solve: {threads: 0}", "solve.threads", "0"),
        ("solve: {method: [whole]}", "solve.method", "whole"),
        ("solve: 1", "solve", "1"),
        ("solve: true", "solve", "true"),
        ("solve: [whole]", "solve", "whole"),
        ("solve: {presolve: true}", "solve.presolve", ""),
    ],
)
def test_what_cannot_be_is_told_with_its_line(desk, text, key, given):
    lines = len(desk.good.splitlines())
    (problem,) = desk.problems_of(desk.good + text + "\n")
    assert problem.origin.file == "a.yaml"
    assert problem.origin.line == lines + 1
    assert problem.key == key
    assert given in str(problem)


def test_a_wrong_word_is_told_with_the_words_there_are(desk):
    (problem,) = desk.problems_of(desk.good + "solve: whoel\n")
    told = str(problem)
    assert all(word in told for word in WORDS)
    assert "whoel" in told


@pytest.mark.parametrize("given", ["1", "true", "[whole]", "2.5"])
def test_what_is_neither_a_word_nor_a_table_is_told_both(desk, given):
    (problem,) = desk.problems_of(desk.good + f"solve: {given}\n")
    assert problem.allowed == "auto, whole, decomposed, or a table of `key: value` lines"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("fast", "'auto', 'whole' or 'decomposed'"),
        ("{method: fast}", "'auto', 'whole' or 'decomposed'"),
        ("{gap: -1}", "more than 0"),
        ("{gap: 0.5}", "0.1 or less"),
        ("{threads: 0}", "1 or more"),
        ("{threads: 1.5}", "a whole number"),
        ("{time_limit_s: -5}", "more than 0"),
    ],
)
def test_what_cannot_be_is_told_with_what_can(desk, text, allowed):
    (problem,) = desk.problems_of(desk.good + f"solve: {text}\n")
    assert problem.allowed == allowed


@pytest.mark.parametrize("hours", [0, 4, 5, 25, 0.5])
def test_only_resolutions_that_divide_a_day_into_known_steps_are_taken(desk, hours):
    text = desk.good.replace("2032]}", f"2032], resolution_h: {hours}}}")
    (problem,) = desk.problems_of(text)
    assert problem.key == "horizon.resolution_h"
    assert problem.origin.line == 2


def test_the_sections_are_strict_about_types_in_python_too():
    assert Horizon(years=(2030,)).resolution_h == 1
    for wrong in ({"gap": "0.001"}, {"gap": True}, {"threads": 1.5}):
        with pytest.raises(ValidationError):
            SolveSpec.model_validate(wrong)


# -- the schema for editors --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema():
    return scenario_json_schema(scenario_type(technology_specs(), requirement_specs()))


def accepts(schema, rule, value):
    """Whether a rule of the schema takes a value; as far as these sections need."""
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
    if "anyOf" in rule:
        return any(accepts(schema, one, value) for one in rule["anyOf"])
    if "enum" in rule:
        return value in rule["enum"]
    if "const" in rule:
        return value == rule["const"]
    if rule.get("type") == "null":
        return value is None
    if "properties" in rule:
        known = rule["properties"]
        return isinstance(value, dict) and all(
            key in known and accepts(schema, known[key], part) for key, part in value.items()
        )
    if rule.get("type") in ("number", "integer"):
        return (
            isinstance(value, int if rule["type"] == "integer" else (int, float))
            and value > rule.get("exclusiveMinimum", float("-inf"))
            and rule.get("minimum", value) <= value <= rule.get("maximum", value)
        )
    raise AssertionError(f"a rule this test does not know: {rule}")


@pytest.mark.parametrize(
    "value",
    [*WORDS, {"method": "whole"}, {"gap": 1e-6}, {"method": "decomposed", "gap": 0.1, "threads": 2}, {}, None],
)
def test_the_schema_takes_a_word_and_a_table(schema, value):
    assert accepts(schema, schema["properties"]["solve"], value)


@pytest.mark.parametrize("value", ["whoel", 1, ["whole"], {"method": "fast"}, {"gap": 0}, {"gap": 2}, {"presolve": 1}])
def test_the_schema_takes_nothing_else(schema, value):
    assert not accepts(schema, schema["properties"]["solve"], value)


def test_the_schema_tells_the_resolution_that_holds_where_none_is_written(schema):
    assert schema["$defs"]["Horizon"]["properties"]["resolution_h"]["default"] == 1
    assert schema["$defs"]["SolveSpec"]["properties"]["method"]["default"] == "auto"
    assert schema["$defs"]["SolveSpec"]["properties"]["gap"]["default"] == 1e-4
