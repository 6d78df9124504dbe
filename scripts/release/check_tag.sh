#!/usr/bin/env bash
# check_tag.sh TAG: a tag v1.2.3 is that of the version in the code, and the changelog has it.
set -euo pipefail
cd "$(dirname "$0")/../.."
tag=$1
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' executor/__init__.py)
if [ "$tag" != "v$version" ]; then
  echo "the tag is $tag, and executor/__init__.py says $version: tag v$version, or change the version first" >&2
  exit 1
fi
if ! grep -q "^## \[$version\]" CHANGELOG.md; then
  echo "CHANGELOG.md has no section [$version]: rename [Unreleased], and begin a new one above it" >&2
  exit 1
fi
echo "$version"
