#!/bin/sh
# Fetch the vendored front-end files at their pinned versions and refuse any whose content differs.
# Run it only to raise a version: the files themselves are committed, and no build or node is needed to serve them.
set -eu

HTMX_VERSION=2.0.11
HTMX_SHA256=d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717

here=$(cd "$(dirname "$0")/.." && pwd)
target="$here/src/kontor/web/static/kontor/vendor"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cd "$scratch"
npm pack --silent "htmx.org@$HTMX_VERSION" >/dev/null
tar -xzf "htmx.org-$HTMX_VERSION.tgz"
echo "$HTMX_SHA256  package/dist/htmx.min.js" | sha256sum --check --quiet
cp package/dist/htmx.min.js "$target/htmx.min.js"
cp package/LICENSE "$target/htmx.LICENSE"
echo "htmx $HTMX_VERSION"
