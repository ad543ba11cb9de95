"""A run exists whole or not at all, is never written over, and is found again."""

import json
import shutil
import subprocess
import sys
import textwrap

import pandas as pd
import pytest

from gigasite.foundation.errors import InputError
from gigasite.results.store import find_runs, latest_run, read_run, write_run

TABLES = {
    "costs": pd.DataFrame({"site": ["piketon"], "cost_usd_per_year": [1.5]}),
    "hourly": {("piketon", 2030): pd.DataFrame({"hour": [0, 1], "load_mw": [1.0, 2.0]})},
}
SCENARIO = {"name": "small", "horizon": {"years": [2030]}, "sites": {"piketon": {"load_ramp_mw": {2030: 800.0}}}}


def write(folder, name="small", **manifest):
    return write_run(folder, name, TABLES, {"scenario": name, **manifest}, SCENARIO)


def test_run_holds_its_tables_its_hours_its_scenario_and_its_manifest(tmp_path):
    path = write(tmp_path, gap=1e-5)
    assert path.parent == tmp_path / "small"
    names = {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}
    hours = "hourly/piketon_2030.parquet"
    assert names == {"costs.parquet", "costs.csv", hours, "scenario.yaml", "manifest.json"}
    run = read_run(path)
    pd.testing.assert_frame_equal(run.costs, TABLES["costs"])
    assert run.hourly("piketon", 2030)["load_mw"].tolist() == [1.0, 2.0]
    assert run.settings["sites"]["piketon"]["load_ramp_mw"] == {2030: 800.0}
    assert run.manifest["gap"] == pytest.approx(1e-5)


def test_name_of_a_run_is_its_time_and_a_short_hash(tmp_path):
    time, _, digest = write(tmp_path).name.partition("-")
    assert pd.to_datetime(time, format="%Y%m%dT%H%M%SZ").year >= 2024
    assert len(digest) == 6


def test_run_never_writes_over_another(tmp_path):
    paths = {write(tmp_path) for _ in range(5)}
    assert len(paths) == 5
    assert len(find_runs(tmp_path)) == 5


def test_number_that_is_none_is_null_in_the_manifest(tmp_path):
    path = write(tmp_path, bound_usd=float("-inf"), gap=float("nan"))
    manifest = json.loads((path / "manifest.json").read_text(), parse_constant=pytest.fail)
    assert manifest["bound_usd"] is None
    assert manifest["gap"] is None


KILLED = """
import sys, time
import pandas as pd
from pathlib import Path
from gigasite.results.store import write_run

class Slow(pd.DataFrame):
    def to_parquet(self, path, **_):
        Path(path).write_bytes(b"half of a ta")
        print("writing", flush=True)
        time.sleep(60)

tables = {"costs": pd.DataFrame({"a": [1]}), "energy": Slow({"a": [1]})}
write_run(Path(sys.argv[1]), "small", tables, {"scenario": "small"}, {})
"""


def test_writer_killed_in_the_middle_leaves_no_run(tmp_path):
    script = textwrap.dedent(KILLED)
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline().strip() == "writing"
        writer.kill()
        writer.wait(timeout=30)
    assert writer.returncode == -9
    assert list((tmp_path / "small").rglob("*.parquet"))
    assert find_runs(tmp_path) == []
    with pytest.raises(InputError, match="no run"):
        latest_run(tmp_path, "small")
    path = write(tmp_path)
    assert [run.path for run in find_runs(tmp_path)] == [path]


def test_fault_while_writing_leaves_nothing_behind(tmp_path):
    broken = {"costs": pd.DataFrame({"a": [1]}), "energy": "no table"}
    with pytest.raises(AttributeError):
        write_run(tmp_path, "small", broken, {"scenario": "small"}, {})
    assert list((tmp_path / "small").iterdir()) == []


def test_folder_that_cannot_be_written_is_told_in_words(tmp_path):
    (tmp_path / "results").write_text("a file stands in the way")
    with pytest.raises(InputError, match="cannot be written"):
        write(tmp_path / "results")


def test_newest_run_of_a_scenario_is_the_last_written(tmp_path):
    paths = [write(tmp_path) for _ in range(3)]
    write(tmp_path, name="other")
    assert latest_run(tmp_path, "small").path == paths[-1]
    assert [run.path for run in find_runs(tmp_path) if run.scenario == "small"] == paths


def test_folder_of_a_scenario_stands_for_its_newest_run(tmp_path):
    write(tmp_path)
    newest = write(tmp_path)
    assert read_run(tmp_path / "small").path == newest


def test_no_results_are_no_runs(tmp_path):
    assert find_runs(tmp_path / "nowhere") == []


def test_scenario_without_runs_suggests_the_nearest(tmp_path):
    write(tmp_path)
    with pytest.raises(InputError, match="did you mean 'small'"):
        latest_run(tmp_path, "smal")


@pytest.mark.parametrize("text", ["{", "[]", "{}", "\udcff"])
def test_bad_manifest_is_told_in_words(tmp_path, text):
    path = write(tmp_path)
    (path / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=r"manifest\.json"):
        read_run(path)


def test_folder_that_is_no_run_is_told_in_words(tmp_path):
    with pytest.raises(InputError, match="is no run"):
        read_run(tmp_path)
    with pytest.raises(InputError, match="there is no folder"):
        read_run(tmp_path / "results" / "nothing")


def test_table_that_a_run_does_not_have_suggests_the_nearest(tmp_path):
    with pytest.raises(InputError, match="did you mean 'costs'"):
        read_run(write(tmp_path)).table("cost")


def test_hours_that_a_run_does_not_have_say_which_there_are(tmp_path):
    run = read_run(write(tmp_path))
    with pytest.raises(InputError, match="years 2030"):
        run.hourly("piketon", 2031)
    with pytest.raises(InputError, match="did you mean 'piketon'"):
        run.hourly("piketown", 2030)


def test_a_damaged_table_is_told_in_words_and_left_out_of_the_list(everything, tmp_path, caplog):
    home = tmp_path / "results"
    shutil.copytree(everything.run.path, home / "everything" / "20260101T000000Z-aaaaaa")
    broken = home / "everything" / "20260102T000000Z-bbbbbb"
    shutil.copytree(everything.run.path, broken)
    (broken / "summary.parquet").write_bytes(b"PAR1 cut short")
    with pytest.raises(InputError, match="damaged"):
        _ = read_run(broken).summary
    assert [run.path.name for run in find_runs(home)] == ["20260101T000000Z-aaaaaa"]
    assert "damaged" in caplog.text
