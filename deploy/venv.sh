#!/bin/sh
# Makes the virtual environment that the Makefile uses: `deploy/venv.sh FOLDER [PYTHON]`.
# Exact versions come from constraints.txt; pip's own configuration (mirrors, proxies) is left as it is.
set -eu

folder=$1
wanted=${2:-}

fits() { # a Python that Easel supports, and that can make virtual environments
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

fail() {
    echo "easel: $*" >&2
    exit 1
}

find_python() {
    if [ -n "$wanted" ]; then
        fits "$wanted" || fail "PYTHON=$wanted is not a Python 3.11, 3.12 or 3.13 with venv; name another one"
        echo "$wanted"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11, 3.12 or 3.13 with venv is needed and was not found." \
        "Install it (Debian and Ubuntu: apt install python3 python3-venv) or name one: make venv PYTHON=/path/to/python"
}

step() {
    echo "easel: $1"
    shift
    "$@" || fail "that did not work; the lines above say why. Run the same command again to go on."
}

if [ ! -x "$folder/bin/python" ] || ! fits "$folder/bin/python"; then
    python=$(find_python)
    step "making a virtual environment in $folder with $("$python" --version)" "$python" -m venv --clear "$folder"
fi
pip="$folder/bin/python -m pip --disable-pip-version-check"
# torch first and by itself: what comes later then finds it there and takes no other build.
torch=$(grep '^torch==' constraints.txt)
step "installing $torch (the largest part)" $pip install -qq "$torch" -c constraints.txt
step "installing Easel and what else it needs" \
    $pip install -qq --editable ".[engine,demo,starter,dev]" -c constraints.txt
