#!/bin/sh
# Make the virtual environment $1 with $PYTHON, or with the first Python of 3.11 or later on the path.
# Debian and Ubuntu keep the venv module in a package of its own; root may install it, others are told its name.
set -eu

venv=$1
python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    found=$("${PYTHON:-python3}" --version 2>&1 || echo 'no python3')
    echo "latentpalette needs Python 3.11 or later; found: $found. Install one, or name one: make lab PYTHON=/path/to/python3.12" >&2
    exit 1
fi

echo "Making $venv with $("$python" --version)"
if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && grep -qs '^ID=debian$' /etc/os-release; then
        DEBIAN_FRONTEND=noninteractive apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$package" >/dev/null
    else
        echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt install $package" >&2
        exit 1
    fi
fi
"$python" -m venv "$venv"
