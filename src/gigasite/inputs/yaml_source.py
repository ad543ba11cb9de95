"""A scenario file and the files it extends, read into one :class:`SourceMap`.

`extends: base.yaml` names a file relative to the one that says so, or else one of the shipped scenarios. Mappings
merge, the child wins; null takes a value of the parent away. Name, title, question and `template` belong to their own
file.
"""

from __future__ import annotations

from pathlib import Path

from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.inputs.folders import display_path, scenarios_folder
from gigasite.inputs.source_map import Branch, Leaf, SourceMap, flatten, merged
from gigasite.inputs.text_file import read_text, refuse_impossible
from gigasite.inputs.yaml_nodes import parse_yaml

NOT_INHERITED = ("extends", "template", "name", "title", "question")
"""Keys that say something of one file only."""


def read_scenario_yaml(path: Path | str) -> SourceMap:
    """Return the merged content of a scenario file; raises one InputError with every fault of form."""
    source = collect_scenario_yaml(path)
    if source.problems:
        raise InputError(source.problems)
    return source


def collect_scenario_yaml(path: Path | str, what: str = "scenario") -> SourceMap:
    """Return the merged content with the faults of single keys and values; raises only where nothing can be read.

    Args:
        path: the file.
        what: what messages call it: a scenario, or a study.
    """
    first = Path(path)
    problems: list[Problem] = []
    files: list[Path] = []
    branches: list[Branch] = []
    following: Path | None = first
    named_at: Origin | None = None
    refuse_impossible(first, Origin(display_path(first)))
    while following is not None:
        if any(_same_file(following, earlier) for earlier in files):
            raise InputError(_cycle(files, following, named_at))
        key = "extends" if files else None
        text = read_text(following, named_at, key=key, also_in=(scenarios_folder(),))
        files.append(following)
        branch, faults = parse_yaml(text, display_path(following), what)
        problems.extend(faults)
        branches.append(branch)
        following, named_at = _extended(branch, following, problems)
    root = branches[-1]
    for child in reversed(branches[:-1]):
        kept = {key: value for key, value in root.children.items() if key not in NOT_INHERITED}
        root = merged(Branch(kept, root.origin), child)
    root.children.pop("extends", None)
    data, origins, key_origins = flatten(root)
    folders = {display_path(file): file.parent for file in files}
    return SourceMap(data, origins, key_origins, tuple(files), folders, tuple(problems))


def _extended(branch: Branch, file: Path, problems: list[Problem]) -> tuple[Path | None, Origin | None]:
    """Return the file that `extends:` names and where it is named."""
    if "extends" not in branch.children:
        return None, None
    _, node = branch.children["extends"]
    if not isinstance(node, Leaf) or not isinstance(node.value, str) or not node.value:
        origin = node.origin
        problems.append(Problem("`extends` names one file", origin, "extends", allowed="a file name like base.yaml"))
        return None, None
    beside = file.parent / node.value
    refuse_impossible(beside, node.origin, "extends")
    shipped = scenarios_folder() / node.value
    if not beside.exists() and shipped.exists() and not _same_file(shipped, file):
        return shipped, node.origin
    return beside, node.origin


def _same_file(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _cycle(files: list[Path], again: Path, named_at: Origin | None) -> Problem:
    chain = " -> ".join(display_path(file) for file in (*files, again))
    return Problem(f"`extends` goes round in a circle: {chain}", named_at, "extends", remedy="take one of them out")
