#!/usr/bin/env bash
# Writes the page as one comment of the pull request: the one that is there anew, or the first.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
page() { python3 "$here/page.py" "$@"; }

if [[ $(page origin) != own ]]; then
  echo "no comment: this is no pull request, or one from a fork, whose token may not write; the page is in the summary"
  exit 0
fi

# The token is in no argument, which other programs could see.
github() {
  printf 'header = "Authorization: Bearer %s"\n' "$INPUT_TOKEN" | curl --config - \
    --silent --show-error --fail-with-body --retry 3 --max-time 60 \
    --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' "$@"
}

issues=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues
body=$(mktemp)
page body "$PAGE" >"$body"

number=1
while :; do
  found=$(github "$issues/$(page number)/comments?per_page=100&page=$number")
  comment=$(page find "$INPUT_AUTHOR" <<<"$found")
  case $comment in
    more) number=$((number + 1)) ;;
    none) break ;;
    *) break ;;
  esac
done

if [[ $comment == none ]]; then
  # not again: it could have been written though nothing came back
  github --request POST --retry 0 --data "@$body" "$issues/$(page number)/comments" >/dev/null
  echo "the pull request has its comment"
else
  github --request PATCH --data "@$body" "$issues/comments/$comment" >/dev/null
  echo "the comment of the pull request is written anew"
fi
