#!/bin/sh
# Makes the virtual environment that the Makefile uses: `deploy/venv.sh FOLDER [PYTHON]`.
# Exact versions come from constraints.txt; pip's own configuration (mirrors, proxies) is left as it is.
set -eu

folder=$1
wanted=${2:-}

oldest=3.11
newest=3.14 # what was tested, or has wheels of all that is pinned: `.ci/wheels`

is_from() { # is_from PYTHON VERSION: a Python of this version or a newer one, that can make virtual environments
    "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] < tuple(map(int, '$2'.split('.'))))" \
        >/dev/null 2>&1
}

is_newer() {
    "$1" -c "import sys; sys.exit(sys.version_info[:2] <= tuple(map(int, '$newest'.split('.'))))" >/dev/null 2>&1
}

fits() {
    is_from "$1" $oldest && ! is_newer "$1"
}

fail() {
    echo "easel: $*" >&2
    exit 1
}

find_python() {
    if [ -n "$wanted" ]; then
        is_from "$wanted" $oldest ||
            fail "PYTHON=$wanted is not a Python $oldest or newer with venv; name another one"
        echo "$wanted"
        return
    fi
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    if is_from python3 $oldest; then # newer than all that we know; better than none
        echo python3
        return
    fi
    fail "Python $oldest to $newest with venv is needed and was not found." \
        "Install it (Debian and Ubuntu: apt install python3 python3-venv) or name one: make venv PYTHON=/path/to/python"
}

step() {
    echo "easel: $1"
    shift
    "$@" || fail "that did not work; the lines above say why. Run the same command again to go on."
}

is_of_the_same_version() { # is_of_the_same_version PYTHON PYTHON
    [ "$("$1" -c "$version" 2>&1)" = "$("$2" -c "$version" 2>&1)" ]
}
version='import sys; print(sys.version_info[:2])'

is_asked_for() { # what lies there is what PYTHON names, if that names any
    [ -z "$wanted" ] || is_of_the_same_version "$wanted" "$folder/bin/python"
}

if [ ! -x "$folder/bin/python" ] || ! is_from "$folder/bin/python" $oldest || ! is_asked_for; then
    python=$(find_python)
    if is_newer "$python"; then
        echo "easel: $("$python" --version) is newer than what Easel was tested with ($oldest to $newest). Should a" \
            "package be missing for it, name an older one: make venv PYTHON=/path/to/python" >&2
    fi
    step "making a virtual environment in $folder with $("$python" --version)" "$python" -m venv --clear "$folder"
elif ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    # It was ended while it was made, or its Python has become a newer one.
    step "putting pip into $folder" "$folder/bin/python" -m ensurepip
fi
pip="$folder/bin/python -m pip --disable-pip-version-check"
# torch first and by itself: what comes later then finds it there and takes no other build.
torch=$(grep '^torch==' constraints.txt)
step "installing $torch (the largest part)" $pip install -qq "$torch" -c constraints.txt
step "installing Easel and what else it needs" \
    $pip install -qq --editable ".[engine,demo,starter,dev]" -c constraints.txt
