"""A text file of the planner, read as UTF-8 or refused with the byte that is wrong."""

from __future__ import annotations

import errno
from pathlib import Path

from gigasite.foundation.errors import InputError, Origin, Problem, nearest_spelling
from gigasite.inputs.folders import display_path


def read_text(
    path: Path, named_at: Origin | None = None, *, key: str | None = None, also_in: tuple[Path, ...] = ()
) -> str:
    """Return the text of a UTF-8 file.

    Raises InputError if there is none: at `named_at` and `key` where another file names this one, with the nearest file
    name of the same folder or of the folders `also_in`.
    """
    shown = display_path(path)
    where = named_at or Origin(shown)
    refuse_impossible(path, where, key)
    if path.is_dir():
        raise InputError(Problem(f"{shown} is a folder, not a file", where, key, remedy=_files_in(path, path.suffix)))
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        remedy = _near_files(path, also_in)
        raise InputError(Problem(f"the file {shown} does not exist", where, key, remedy=remedy)) from None
    except OSError as error:
        raise InputError(Problem(f"the file {shown} cannot be read: {error.strerror}", where, key)) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(_not_utf8(raw, error.start, shown)) from None


def refuse_impossible(path: Path, where: Origin, key: str | None = None) -> None:
    """Raise InputError for a path that no file can have: NUL or half a letter in it, or far too long."""
    try:
        path.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno in {errno.ENAMETOOLONG, errno.ELOOP}:
            message = f"this cannot be the name of a file: {error.strerror}"
            raise InputError(Problem(message, where, key, str(path))) from None
    except ValueError:
        message = "this cannot be the name of a file: a character in it is not allowed"
        raise InputError(Problem(message, where, key, str(path), remedy="rename the file")) from None


def _not_utf8(raw: bytes, position: int, shown: str) -> Problem:
    line = raw.count(b"\n", 0, position) + 1
    column = position - (raw.rfind(b"\n", 0, position) + 1) + 1
    return Problem(
        f"the file is not UTF-8 text, at byte {position}",
        Origin(shown, line, column),
        given=f"byte 0x{raw[position]:02X}",
        allowed="UTF-8",
        remedy="save the file as UTF-8",
    )


def _near_files(path: Path, also_in: tuple[Path, ...]) -> str | None:
    if not path.parent.is_dir() and not also_in:
        return f"the folder {display_path(path.parent)} does not exist either"
    for folder in (path.parent, *also_in):
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_file()) if folder.is_dir() else []
        near = nearest_spelling(path.name, names)
        if near:
            return f"did you mean '{display_path(folder / near)}'?"
    return _files_in(path.parent, path.suffix)


def _files_in(folder: Path, suffix: str) -> str | None:
    names = sorted(entry.name for entry in folder.glob(f"*{suffix or '.yaml'}")) if folder.is_dir() else []
    return f"files there: {', '.join(names[:12])}" if names else None
