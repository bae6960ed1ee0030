#!/usr/bin/env bash
# Writes bot.lock and worker.lock: every package of an image, pinned by constraints.txt, with the hashes of its files.
# Run it after a pin has moved; needs `uv`. tests/deploy/test_images.py fails where a lock and constraints.txt disagree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lock() { # name, extras
    local name=$1
    shift
    uv pip compile --quiet pyproject.toml "$@" --constraint constraints.txt --generate-hashes --no-header --no-annotate \
        --python-version 3.13 --python-platform x86_64-unknown-linux-gnu --output-file "deploy/docker/$name.lock"
}
lock bot
lock worker --extra engine --extra demo
