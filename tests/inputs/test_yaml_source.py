"""A scenario file is read with the place of every key and value, through `extends:`."""

import pytest

from gigasite.foundation.errors import InputError, Origin
from gigasite.inputs.yaml_source import collect_scenario_yaml, read_scenario_yaml


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def only_problem(path):
    with pytest.raises(InputError) as error:
        read_scenario_yaml(path)
    (problem,) = error.value.problems
    return problem


def test_every_value_keeps_its_line_and_column(folder):
    source = read_scenario_yaml(write(folder, "a.yaml", "name: a\nsites:\n  piketon:\n    load_ramp_mw: {2028: 800}\n"))
    path = ("sites", "piketon", "load_ramp_mw", 2028)
    assert source.value_at(path) == 800
    assert source.origins[path] == Origin("a.yaml", 4, 26)
    assert source.key_origins[path] == Origin("a.yaml", 4, 20)
    assert source.origins["sites", "piketon"] == Origin("a.yaml", 3, 3)


def test_missing_key_is_placed_at_the_nearest_key_above(folder):
    source = read_scenario_yaml(write(folder, "a.yaml", "sites:\n  piketon: {like: x}\n"))
    assert source.origin_of(("sites", "piketon", "grid", "zone")) == Origin("a.yaml", 2, 3)


def test_items_of_a_list_keep_their_places(folder):
    source = read_scenario_yaml(write(folder, "a.yaml", "technologies: [wind, solar]\n"))
    assert source.origins["technologies", 1] == Origin("a.yaml", 1, 22)


def test_truth_values_are_those_of_yaml_1_2(folder):
    data = read_scenario_yaml(write(folder, "a.yaml", "a: yes\nb: on\nc: true\nd: False\ne: no\n")).data
    assert data == {"a": "yes", "b": "on", "c": True, "d": False, "e": "no"}


def test_numbers_are_read_as_written(folder):
    data = read_scenario_yaml(write(folder, "a.yaml", "a: 1e6\nb: 1_000\nc: -2.5\nd: 010\ne: 0x10\n")).data
    assert data == {"a": 1e6, "b": 1000, "c": -2.5, "d": 10, "e": 16}


@pytest.mark.parametrize("text", ["-_", "9" * 5000])
def test_what_only_looks_like_a_number_is_a_text(folder, text):
    assert read_scenario_yaml(write(folder, "a.yaml", f"a: {text}\n")).data == {"a": text}


def test_year_is_the_same_key_with_and_without_quotes(folder):
    assert read_scenario_yaml(write(folder, "a.yaml", 'r: {"2028": 1, 2030: 2}\n')).data["r"] == {2028: 1, 2030: 2}


def test_child_wins_over_its_parent_key_by_key(folder):
    write(folder, "base.yaml", "money: {discount_rate_real: 0.05, currency: USD}\nlist: [1, 2]\n")
    child = write(folder, "child.yaml", "extends: base.yaml\nmoney:\n  discount_rate_real: 0.07\nlist: [3]\n")
    source = read_scenario_yaml(child)
    assert source.data == {"money": {"discount_rate_real": 0.07, "currency": "USD"}, "list": [3]}


def test_every_value_keeps_the_file_that_wrote_it(folder):
    write(folder, "base.yaml", "money: {discount_rate_real: 0.05, currency: USD}\n")
    child = write(folder, "child.yaml", "extends: base.yaml\nmoney:\n  discount_rate_real: 0.07\n")
    source = read_scenario_yaml(child)
    assert source.origins["money", "discount_rate_real"] == Origin("child.yaml", 3, 23)
    assert source.origins["money", "currency"] == Origin("base.yaml", 1, 45)
    assert [file.name for file in source.files] == ["child.yaml", "base.yaml"]


def test_null_takes_the_value_of_the_parent_away(folder):
    write(folder, "base.yaml", "load: {pue_peak: 1.3, pue_mean: 1.2}\n")
    source = read_scenario_yaml(write(folder, "child.yaml", "extends: base.yaml\nload: {pue_peak: null}\n"))
    assert source.data == {"load": {"pue_mean": 1.2}}
    assert ("load", "pue_peak") not in source.origins


def test_chain_of_three_files_is_followed(folder):
    (folder / "shared").mkdir()
    write(folder / "shared", "base.yaml", "a: 1\nb: 1\nc: 1\n")
    write(folder, "middle.yaml", "extends: shared/base.yaml\nb: 2\nc: 2\n")
    assert read_scenario_yaml(write(folder, "top.yaml", "extends: middle.yaml\nc: 3\n")).data == {
        "a": 1,
        "b": 2,
        "c": 3,
    }


def test_name_title_question_and_template_are_not_inherited(folder):
    write(folder, "base.yaml", "name: base\ntitle: T\nquestion: Q\ntemplate: true\nkept: 1\n")
    assert read_scenario_yaml(write(folder, "child.yaml", "extends: base.yaml\n")).data == {"kept": 1}


def test_shipped_scenario_is_extended_where_none_lies_beside(folder, monkeypatch):
    (folder / "shipped").mkdir()
    write(folder / "shipped", "base.yaml", "a: 1\n")
    monkeypatch.setattr("gigasite.inputs.yaml_source.scenarios_folder", lambda: folder / "shipped")
    assert read_scenario_yaml(write(folder, "child.yaml", "extends: base.yaml\n")).data == {"a": 1}


def test_circle_of_extends_is_refused(folder):
    write(folder, "a.yaml", "extends: b.yaml\n")
    write(folder, "b.yaml", "x: 1\nextends: a.yaml\n")
    problem = only_problem(folder / "a.yaml")
    assert problem.origin == Origin("b.yaml", 2, 10)
    assert "a.yaml -> b.yaml -> a.yaml" in problem.message


def test_missing_parent_is_told_where_it_is_named(folder):
    write(folder, "base.yaml", "a: 1\n")
    problem = only_problem(write(folder, "child.yaml", "a: 2\nextends: bsae.yaml\n"))
    assert problem.origin == Origin("child.yaml", 2, 10)
    assert problem.key == "extends"
    assert problem.remedy == "did you mean 'base.yaml'?"


def test_extends_must_name_a_file(folder):
    problem = only_problem(write(folder, "a.yaml", "extends: [a, b]\n"))
    assert (problem.key, problem.origin) == ("extends", Origin("a.yaml", 1, 10))


def test_missing_file_suggests_a_near_name(folder):
    write(folder, "portsmouth.yaml", "a: 1\n")
    problem = only_problem(folder / "portsmoth.yaml")
    assert problem.message == "the file portsmoth.yaml does not exist"
    assert problem.remedy == "did you mean 'portsmouth.yaml'?"


def test_folder_is_no_scenario(folder):
    write(folder, "one.yaml", "a: 1\n")
    problem = only_problem(folder)
    assert "is a folder" in problem.message
    assert problem.remedy is None or "one.yaml" in problem.remedy


def test_file_that_is_not_utf8_is_told_with_its_byte(folder):
    path = folder / "latin.yaml"
    path.write_bytes("name: a\ntitle: café\n".encode("latin-1"))
    problem = only_problem(path)
    assert problem.origin == Origin("latin.yaml", 2, 11)
    assert problem.message == "the file is not UTF-8 text, at byte 18"
    assert (problem.given, problem.allowed) == ("byte 0xE9", "UTF-8")


def test_byte_order_mark_is_no_fault(folder):
    path = folder / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: a\n")
    assert read_scenario_yaml(path).data == {"name": "a"}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\nb:\n\t- x\n", 3, 1, "a tab is used to indent"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document begins here"),
        ("a: b: c\n", 1, 5, "a colon stands where no key can be"),
        ("a: 1\nb 2\nc: 3\n", 3, 1, "the line before has no colon"),
        ("a: [1,\nb: 2\n", 3, 1, "a [ is not closed"),
        ("a: {b: 1\nc: 2\n", 2, 2, "a { is not closed"),
        ("a: 'x\n", 2, 1, "a quote is opened and never closed"),
        ("a: @x\n", 1, 4, "a value begins with a character that YAML keeps"),
        ("a: *x\n", 1, 4, "an alias (*) names no anchor"),
        ("a: \x01\n", 1, 4, "a control character"),
    ],
)
def test_what_is_not_yaml_is_told_in_human_words(folder, text, line, column, words):
    problem = only_problem(write(folder, "a.yaml", text))
    assert problem.origin == Origin("a.yaml", line, column)
    assert words in problem.message
    assert problem.remedy


@pytest.mark.parametrize(("text", "given"), [("- a\n- b\n", "a list"), ("just words\n", "a single text")])
def test_file_must_be_a_table_of_keys(folder, text, given):
    problem = only_problem(write(folder, "a.yaml", text))
    assert "table of `key: value` lines" in problem.message
    assert problem.given == given


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_empty_file_is_told(folder, text):
    assert only_problem(write(folder, "a.yaml", text)).message == "the file is empty"


def test_key_written_twice_is_told_with_the_first_line(folder):
    problem = only_problem(write(folder, "a.yaml", "sites:\n  x: {a: 1}\n  y: {}\n  x: {b: 2}\n"))
    assert problem.message == "the key `x` is written twice, first in line 2"
    assert (problem.origin, problem.key) == (Origin("a.yaml", 4, 3), "sites.x")


@pytest.mark.parametrize("key", ["1.5", "true", "~", "28", "[a, b]"])
def test_key_that_is_no_text_and_no_year_is_told(folder, key):
    problem = only_problem(write(folder, "a.yaml", f"ramp: {{? {key} : 1}}\n"))
    assert "key" in problem.message
    assert "a text" in problem.allowed


@pytest.mark.parametrize("text", [".nan", ".inf", "-.inf", ".NaN"])
def test_nan_and_infinity_are_no_numbers(folder, text):
    problem = only_problem(write(folder, "a.yaml", f"horizon:\n  gap: {text}\n"))
    assert problem.message == "not a number"
    assert (problem.origin, problem.key, problem.given) == (Origin("a.yaml", 2, 8), "horizon.gap", text)


def test_alias_inside_its_own_anchor_is_told(folder):
    assert "inside its own anchor" in only_problem(write(folder, "a.yaml", "a: &x [1, *x]\n")).message


def test_faults_of_parent_and_child_are_gathered(folder):
    write(folder, "base.yaml", "a: .nan\n")
    path = write(folder, "child.yaml", "extends: base.yaml\nb: 1\nb: 2\n")
    with pytest.raises(InputError) as error:
        read_scenario_yaml(path)
    assert [str(problem.origin) for problem in error.value.problems] == ["child.yaml:3:1", "base.yaml:1:4"]
    assert collect_scenario_yaml(path).problems == error.value.problems
