#!/bin/sh
# Writes the lock files: hashes for every file, no index addresses.
set -eu
cd "$(dirname "$0")/.."
uv=$1
lock() { out=$1; shift; "$uv" pip compile "$@" --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 -o "requirements/$out.lock" -q; }
lock tools requirements/tools.in
lock site pyproject.toml --extra site
lock core pyproject.toml -c requirements/site.lock
lock dev pyproject.toml --extra site --group dev -c requirements/site.lock
lock core-test --group core-test -c requirements/dev.lock -c requirements/core.lock
lock bench pyproject.toml --extra site --group dev --group bench -c requirements/dev.lock
