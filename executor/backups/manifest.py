"""The manifest of exported files: it may be anybody's, so it is looked through before use."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, Never

from executor.errors import BackupError
from executor.templating.names import check_identifier

MANIFEST = "manifest.json"
FORMAT = 1
#: bytes; the manifest of a table of 20 TB has less
_LARGEST = 1 << 26
_BIGINT = 1 << 63

Spec = type | dict[str, Any] | list[Any]


class _Identifier:
    """In a spec: a text that PostgreSQL can keep as a name."""


def _texts(*keys: str) -> dict[str, Spec]:
    return {key + "?": str for key in keys}


_SEQUENCE: dict[str, Spec] = {
    "name": _Identifier, "start": int, "increment": int, "min": int, "max": int, "cache": int,
    "cycle": bool, "last?": int, "called?": bool, **_texts("type", "comment"),
}  # fmt: skip
_COLUMN: dict[str, Spec] = {
    "name": _Identifier, "type": str, "serial?": bool, "not_null?": bool, "sequence?": _SEQUENCE,
    "not_null_name?": _Identifier, "not_null_local?": bool, "not_null_unproven?": bool,
    **_texts("not_null_comment", "collation", "default", "generated", "generated_as", "identity"),
    **_texts("storage", "compression", "options", "comment"),
}  # fmt: skip
_INDEX: dict[str, Spec] = {
    "name": _Identifier, "unique?": bool, "clustered?": bool, "identity?": bool, "targets?": {},
    "attached_to?": _Identifier, "tablespace?": _Identifier,
    **_texts("body", "constraint", "options", "comment", "constraint_comment"),
}  # fmt: skip
_CONSTRAINT: dict[str, Spec] = {
    "name": _Identifier, "type": str, "definition": str,
    **_texts("after_self", "before_self", "comment"),
}  # fmt: skip
_STATISTICS: dict[str, Spec] = {
    "name": _Identifier, "schema?": _Identifier, "body": str, "target?": int, "comment?": str,
}  # fmt: skip
_RELATION: dict[str, Spec] = {
    "name": _Identifier, "parent?": _Identifier, "method?": _Identifier, "tablespace?": _Identifier,
    "unlogged?": bool, "targets?": {}, "columns?": [_COLUMN], "indexes?": [_INDEX],
    "constraints?": [_CONSTRAINT], "statistics?": [_STATISTICS],
    **_texts("bound", "partition_by", "options", "identity", "comment"),
}  # fmt: skip
_DEFINITION: dict[str, Spec] = {
    "name": _Identifier, "schema": _Identifier, "relations": [_RELATION],
}  # fmt: skip
_SHAPE: dict[str, Spec] = {
    "format": int, "backup": str, "schema": _Identifier, "original": _Identifier, "rows": int,
    "digest": str, "columns": [_Identifier], "definition": _DEFINITION, "files": {},
    "complete?": bool,
}  # fmt: skip


def read_manifest(directory: Path) -> dict[str, Any]:
    """The manifest of a directory; raises BackupError if it has none that can be used."""
    file = directory / MANIFEST
    try:
        with open_ordinary(file) as source:
            text = source.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise ValueError("it is too large")
        manifest = json.loads(text, parse_constant=_refuse, parse_float=_refuse)
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise BackupError(f"{file} is of another format than this executor's")
        _check(manifest, _SHAPE, "the manifest")
        _check_files(manifest["files"])
        if manifest["columns"] != columns_of(manifest["definition"]):
            raise ValueError("its columns are not those of its definition")
        json.dumps(manifest, ensure_ascii=False).encode()  # half a character is refused
    except FileNotFoundError:
        raise BackupError(f"there is no {MANIFEST} in {directory}") from None
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BackupError(f"{file} can't be read: {(why or 'it is damaged')[:300]}") from error
    return manifest


def check_definition(definition: Any) -> None:
    """Raise ValueError unless a definition has the shape that backups/statements.sql reads."""
    _check(definition, _DEFINITION, "its definition")


def columns_of(definition: Mapping[str, Any]) -> list[str]:
    """The columns that are in the files: all but the generated ones."""
    every = definition["relations"][0].get("columns", ())
    return [column["name"] for column in every if "generated" not in column]


def open_ordinary(file: Path) -> BufferedReader:
    """Open an ordinary file to be read; raises OSError for a link, a pipe or a device."""
    return os.fdopen(_ordinary(file, os.O_RDONLY), "rb")


def create_ordinary(file: Path) -> BinaryIO:
    """Open a file to be written, which nobody else can read; raises OSError for a link."""
    number = _ordinary(file, os.O_WRONLY | os.O_CREAT)
    os.fchmod(number, 0o600)
    os.ftruncate(number, 0)
    return os.fdopen(number, "wb")


def _ordinary(file: Path, flags: int) -> int:
    # a pipe would let us wait for whoever is at its other end
    number = os.open(file, flags | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(0, "it is not an ordinary file")
    return number


def save_manifest(directory: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a directory, all of it or nothing."""
    part = directory / f"{MANIFEST}.part"
    with create_ordinary(part) as out:
        out.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    part.replace(directory / MANIFEST)


def make_private(directory: Path) -> None:
    """Make a directory that is ours alone; raises BackupError if others can write to it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = directory.stat()
    if found.st_uid not in (0, os.geteuid()) or stat.S_IMODE(found.st_mode) & 0o022:
        raise BackupError(
            f"others can write to {directory}, so what is exported to it could be changed",
            hint=f"chmod go-w {directory}, or give a directory of your own; nothing was written",
        )


def _refuse(text: str) -> Never:
    raise ValueError(f"{text[:50]} is no number that it could have")


def _check_files(files: Mapping[str, Any]) -> None:
    for name, noted in files.items():
        stem, dot, ending = name.partition(".")
        if not (stem.isascii() and stem.isdecimal() and len(stem) < 10 and dot + ending == ".copy"):
            raise ValueError(f"{name[:100]!r} is not the name of one of its files")
        _check(noted, {"bytes": int, "sha256": str, "origin?": str}, name)


def _check(value: Any, spec: Spec, where: str) -> None:
    """Raise ValueError unless a value is as a spec has it: a key that ends in ? may be left out."""
    kind = type(spec) if isinstance(spec, dict | list) else str if spec is _Identifier else spec
    is_of_kind = type(value) is kind
    if not is_of_kind:
        raise ValueError(f"{where} is not {'a text' if kind is str else f'a {kind.__name__}'}")
    if isinstance(value, int) and not -_BIGINT <= value < _BIGINT:
        raise ValueError(f"{where} is too large")
    if spec is _Identifier:
        check_identifier(value)
    elif kind is str and "\0" in value:
        raise ValueError(f"{where} holds a NUL")
    if isinstance(spec, list):
        if not value and spec is _DEFINITION["relations"]:
            raise ValueError(f"{where} is empty")
        for item in value:
            _check(item, spec[0], where)
    elif isinstance(spec, dict):
        for key, inner in spec.items():
            if not key.endswith("?") and key not in value:
                raise ValueError(f"{where} has no {key!r}")
            if key.rstrip("?") in value:
                _check(value[key.rstrip("?")], inner, key.rstrip("?"))
