#!/usr/bin/env bash
# build.sh [DIR]: the sdist, and the wheel that is built from it, in DIR (dist/), which must be empty.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-dist}
if [ -d "$out" ] && [ -n "$(ls -A "$out")" ]; then
  echo "$out is not empty: what is in it would be published, too" >&2
  exit 1
fi
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check build twine
"$tools/bin/python" -m build --outdir "$out" >/dev/null
"$tools/bin/twine" check --strict "$out"/*
