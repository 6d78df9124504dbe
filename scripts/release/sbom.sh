#!/usr/bin/env bash
# sbom.sh WHEEL FILE.json: what the light install of a wheel brings, as CycloneDX.
set -euo pipefail
wheel=$(realpath "$1")
file=$(realpath "$2")
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/tools"
"$home/tools/bin/pip" install --quiet --disable-pip-version-check cyclonedx-bom
python3 -m venv --without-pip "$home/venv"  # pip is no part of it
"$home/tools/bin/pip" --python "$home/venv/bin/python" install --quiet --disable-pip-version-check "$wheel"
"$home/tools/bin/cyclonedx-py" environment --output-reproducible --output-file "$file" "$home/venv/bin/python"
