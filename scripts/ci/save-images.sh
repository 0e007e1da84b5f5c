#!/usr/bin/env bash
# Builds the Docker images of languages, and of the tools, and saves them all in one file.
#
# usage: scripts/ci/save-images.sh FILE LANGUAGE...   as `npm run images -- LANGUAGE...`
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
file=$1
shift
scripts/setup.sh --engine docker
images=$(npm run --silent images -- "$@")
mkdir -p "$(dirname "$file")"
# shellcheck disable=SC2086 # one word per image
docker save --output "$file" $images
