#!/bin/sh
# Sets everything up, alone and repeatably: scripts/setup.sh core|site|dev|bench [VENV]
#   core   engines and command line     site   the web site     dev   site + checks and tests     bench   dev + peers
# Makes the virtual environment, installs the locked dependencies by hash, and with apt-get what the machine lacks.
set -eu
cd "$(dirname "$0")/.."
profile=$1 venv=${2:-.venv}
lock=requirements/$profile.lock

root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else echo "Please install as root: $*" >&2; exit 1; fi
}
missing=""
need() { missing="$missing $1"; }

python=$(command -v python3.11 || true)
[ -n "$python" ] || { need python3.11; need python3.11-venv; }
[ -z "$python" ] || "$python" -c "import ensurepip, venv" 2>/dev/null || need python3.11-venv
if [ "$profile" = dev ] || [ "$profile" = bench ]; then
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql-15
    [ -x /usr/bin/chromium ] || need chromium
    command -v xgettext >/dev/null || need gettext
    # A page photographed without a font shows boxes.
    fc-list 2>/dev/null | grep -q . || { need fontconfig; need fonts-dejavu-core; }
fi
if [ -n "$missing" ]; then
    echo "Installing from Debian:$missing"
    root apt-get update -qq
    # shellcheck disable=SC2086
    root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

python=$(command -v python3.11)
# A half-made environment (interrupted set-up) is made again.
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || { rm -rf "$venv"; "$python" -m venv "$venv"; }

sum=$(cat pyproject.toml "$lock" | sha256sum | cut -c1-16)
stamp=$venv/installed-$sum
if [ ! -f "$stamp" ]; then
    echo "Installing $profile dependencies into $venv"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.lock
    "$venv/bin/uv" pip install -q --python "$venv/bin/python" --require-hashes -r "$lock"
    "$venv/bin/uv" pip install -q --python "$venv/bin/python" --no-deps -e .
    : > "$stamp"
fi
if [ "$profile" != core ]; then "$venv/bin/python" scripts/compile_messages.py; fi
