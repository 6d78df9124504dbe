#!/usr/bin/env bash
# Validates, renders and lints plans, and reviews them where a database is configured; then the page.
# A pull request from a fork is anybody's text: it never reaches a database.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
page() { python3 "$here/page.py" "$@"; }

if [[ $GITHUB_EVENT_NAME =~ ^(pull_request_target|workflow_run|issue_comment)$ ]]; then
  echo "::error title=executor::not on $GITHUB_EVENT_NAME: it would give a fork's plans the secrets of the repository; use pull_request"
  exit 2
fi

executor=("$RUNNER_TEMP/executor-venv/bin/executor") # which may have blanks
[[ -z ${INPUT_COMMAND:-} ]] || read -r -a executor <<<"$INPUT_COMMAND"
out=$(mktemp -d "$RUNNER_TEMP/executor.XXXXXX")
printf 'directory=%s\npage=%s\n' "$out" "$out/page.md" >>"$GITHUB_OUTPUT"

if [[ $(page origin) == fork ]]; then
  unset DATABASE_URL "${!PG@}"
  for name in "${!EXECUTOR_@}"; do
    [[ $name == EXECUTOR_VAR_* ]] || unset "$name"
  done
  export EXECUTOR_CONFIG=/dev/null # the fork's own could name a server that is reached from here
fi

# Whether a server is configured, by those variables that executor takes for one.
server=""
for name in DATABASE_URL EXECUTOR_DSN PGSERVICE PGHOST PGHOSTADDR PGPORT PGDATABASE PGUSER; do
  server+=${!name:-}
done

plans=()
while IFS= read -r line; do
  [[ -z $line ]] || plans+=("$line")
done <<<"$INPUT_PLANS"
if [[ ${#plans[@]} == 0 ]]; then
  while IFS= read -r -d '' line; do plans+=("$line"); done < <(find plans -name '*.yaml' -print0 | sort -z)
fi
if [[ ${#plans[@]} == 0 ]]; then
  echo "::error title=executor::there are no plans: none is given, and none is below plans/"
  exit 2
fi
variables=()
while IFS= read -r line; do
  [[ -z $line ]] || variables+=(--var "$line")
done <<<"$INPUT_VARIABLES"
squawk=--squawk
[[ $INPUT_SQUAWK == true ]] || squawk=--no-squawk

# Runs a command of executor; what it prints of a plan is no command for the runner.
quietly() {
  local file=$1 token code=0
  shift
  "${executor[@]}" "$@" >"$file" 2>"$file.err" || code=$?
  [[ -s $file.err ]] || return "$code"
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$token"
  cat "$file.err"
  echo "::$token::"
  return "$code"
}

failed=0 # the exit code of the first that did
fail() { [[ $failed != 0 ]] || failed=$1; }

number=0
for plan in "${plans[@]}"; do
  number=$((number + 1))
  own=$out/$number
  mkdir "$own"
  printf '%s' "$plan" >"$own/plan"
  echo "plan $number of ${#plans[@]}"
  code=0
  quietly "$own/remarks.json" lint "$squawk" --format json "${variables[@]}" -- "$plan" || code=$?
  echo "$code" >"$own/lint.code"
  if [[ $code != 0 ]]; then
    fail "$code"
    "${executor[@]}" lint "$squawk" --format github "${variables[@]}" -- "$plan" 2>"$own/github.err" || true
  fi
  if [[ $code != 0 && $code != 6 ]]; then
    continue # it is not valid, or can't be rendered
  fi
  quietly "$own/script.sql" render --print-sql "${variables[@]}" -- "$plan" || fail $?
  quietly "$own/folded.sql" render --print-sql --fold "${variables[@]}" -- "$plan" || fail $?
  if [[ -n $server ]]; then
    code=0
    quietly "$own/review.out" review "${variables[@]}" -o "$own/review.md" -o "$own/review.json" -- "$plan" || code=$?
    echo "$code" >"$own/review.code"
    [[ $code == 0 ]] || fail "$code"
  fi
done

page compose "$out" >"$out/page.md"
cat "$out/page.md" >>"$GITHUB_STEP_SUMMARY"
exit "$failed"
