#!/bin/sh
# Extracts code lists, places, outlines, lexicon and vectors anew; steps may be named: scripts/codes.sh labels places
# Needs node and npm beside what `scripts/setup.sh dev` installs. The same packages give the same bytes.
set -eu
cd "$(dirname "$0")/.."
for tool in node npm; do
    command -v "$tool" >/dev/null || { echo "Please install $tool (Debian: apt-get install nodejs npm)." >&2; exit 1; }
done
scripts/setup.sh dev "${VENV:-.venv}"
# One thread: sums in another order could round another way.
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=src "${VENV:-.venv}/bin/python" scripts/extract_codes.py "$@"
