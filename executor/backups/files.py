"""Backups as files: written range by range with checksums, and read back into a table."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from executor import __version__
from executor.errors import BackupError
from executor.formats import listed
from executor.templating.names import Name

from .admission import check_code
from .copies import verify
from .manifest import (
    FORMAT,
    MANIFEST,
    columns_of,
    create_ordinary,
    make_private,
    open_ordinary,
    read_manifest,
    save_manifest,
)
from .registry import Entry, Registries, beside
from .restore import Content, Load, make_table, rehearse

#: 64 MiB of a table with blocks of 8 KiB
BLOCKS = 8192
_PIECE = 1 << 20


def export(registries: Registries, entry: Entry, directory: Path) -> tuple[int, int, int]:
    """Write a backup to files; returns how many files there are, how many were kept, and bytes.

    Files that an earlier export has finished are kept if their checksums are right. Raises
    BackupError if the backup does not verify or the directory is another backup's.
    """
    promised = Content.of(entry)
    tried = _to_be_tried(registries, entry, columns_of(promised.definition))
    finding = verify(registries, entry)
    if finding:
        raise BackupError(f"{entry.name} does not verify: {finding}", hint="nothing was written")
    try:
        make_private(directory)
        done = _export(registries, entry, promised, directory)
        written = partial(_loaded, registries, read_manifest(directory), directory)
        finding = rehearse(registries, entry, promised, written if tried else None)
    except OSError as error:
        raise BackupError(f"{directory} can't be written: {error.strerror}") from error
    if finding:
        raise BackupError(
            f"{entry.name} was written to {directory}, but can't be imported here: {finding}",
            hint="correct that in the table, back it up and export again; or keep the backup",
        )
    return done


def _to_be_tried(registries: Registries, entry: Entry, columns: Sequence[str]) -> bool:
    """Whether values may be refused when they are read.

    Raises BackupError if there are some that can't even be written.
    """
    values = {"table": entry.table, "columns": columns}
    rows = registries.send_alone("backups/binary_types.sql", **values).rows
    without = ", ".join(f"column {r['name']} ({r['type']})" for r in rows if not r["has_binary"])
    if without:
        raise BackupError(
            f"{entry.name} can't be exported: PostgreSQL has no binary form of {without}",
            hint=f"nothing was written; pg_dump --table='{entry.table}' writes its rows as text",
        )
    return bool(rows)


def _export(
    registries: Registries, entry: Entry, promised: Content, directory: Path
) -> tuple[int, int, int]:
    columns = columns_of(promised.definition)
    head = {
        "format": FORMAT, "backup": entry.name, "schema": entry.schema,
        "original": entry.original,
        "created_at": entry.created_at, "rows": promised.rows, "digest": promised.digest,
        "executor": __version__, "columns": columns, "definition": promised.definition,
    }  # fmt: skip
    known = _finished(directory, head)
    files: dict[str, Any] = {}
    kept = 0
    ranges = _ranges(registries, entry)
    for row in ranges:
        name = f"{len(files):06}.copy"
        file, origin = directory / name, row["origin"]
        if known.get(name, {}).get("origin") == origin and _is_whole(file, known[name]):
            file.chmod(0o600)
            files[name] = known[name]
            kept += 1
            continue
        text = registries.text(
            "backups/copy_out.sql", table=Name(row["schema"], row["name"]), columns=columns,
            first=row["first"], end=row["end"],
        )  # fmt: skip
        files[name] = {"origin": origin, **_write(registries, entry, text, file)}
        save_manifest(directory, {**head, "complete": False, "files": files})
    if ranges != _ranges(registries, entry):
        raise BackupError(
            f"{entry.name} was rewritten while it was read, as VACUUM FULL does",
            hint="export again; the files that are not of it any more are replaced",
        )
    save_manifest(directory, {**head, "complete": True, "files": files})
    return len(files), kept, sum(item["bytes"] for item in files.values())


def _ranges(registries: Registries, entry: Entry) -> Sequence[Mapping[str, Any]]:
    """The parts of the table, each of which goes to a file."""
    return registries.send_alone("backups/export_ranges.sql", table=entry.table, blocks=BLOCKS).rows


def _write(registries: Registries, entry: Entry, text: str, file: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    part = file.with_suffix(".part")
    with registries.session.transaction(), create_ordinary(part) as out:
        check_code(registries, entry.table, f"export {entry.name}")
        for piece in registries.session.copy_out(text):
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    part.replace(file)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _finished(directory: Path, head: Mapping[str, Any]) -> Mapping[str, Any]:
    """The files of an earlier export of the same backup; raises BackupError for another one's."""
    if not (directory / MANIFEST).exists():
        if any(directory.iterdir()):
            raise BackupError(f"{directory} is not empty", hint="give a directory of its own")
        return {}
    manifest = read_manifest(directory)
    if any(manifest.get(key) != head[key] for key in ("backup", "schema", "digest", "columns")):
        raise BackupError(
            f"{directory} holds the backup {manifest.get('backup')}",
            hint="give a directory of its own",
        )
    return dict(manifest["files"])


def _is_whole(file: Path, noted: Mapping[str, Any]) -> bool:
    try:
        with open_ordinary(file) as opened:
            if os.fstat(opened.fileno()).st_size != noted["bytes"]:
                return False
            return hashlib.file_digest(opened, "sha256").hexdigest() == str(noted["sha256"])
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BackupError(f"{file} can't be read: {error.strerror}") from error


def import_(
    registries: Registries, directory: Path, into: Name | None, *, foreign_keys: bool = False
) -> tuple[Name, int]:
    """Make a table of exported files, proven before it is committed; returns it and its rows."""
    manifest = read_manifest(directory)
    if not manifest.get("complete"):
        raise BackupError(f"the export to {directory} did not come to its end", hint="export again")
    files = {directory / name: noted for name, noted in manifest["files"].items()}
    damaged = [file.name for file, noted in files.items() if not _is_whole(file, noted)]
    if damaged:
        raise BackupError(
            f"{len(damaged)} of {len(files)} files in {directory} are missing or damaged:"
            f" {listed(damaged)}",
            hint="nothing was changed; export again, which keeps the files that are whole",
        )
    original = Name(manifest["schema"], manifest["original"])
    target = into or beside(original, f"_restored_{registries.timestamp()}")
    promised = Content(
        manifest["backup"], manifest["rows"], manifest["digest"], manifest["definition"]
    )
    load = _loaded(registries, manifest, directory, target)
    make_table(registries, promised, target, load, "read committed", foreign_keys=foreign_keys)
    return target, promised.rows


def _loaded(
    registries: Registries, manifest: Mapping[str, Any], directory: Path, target: Name
) -> Load:
    text = registries.text("backups/copy_in.sql", table=target, columns=manifest["columns"])

    def load() -> None:
        for name in manifest["files"]:
            registries.session.copy_in(text, _pieces(directory / name))

    return load


def _pieces(file: Path) -> Iterator[bytes]:
    with open_ordinary(file) as opened:
        while piece := opened.read(_PIECE):
            yield piece
