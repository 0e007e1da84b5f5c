#!/usr/bin/env bash
# Shows that a run can be spread over Docker engines: verifies one half in the engine of this machine, and at
# the same time the other half in a second one that is reached by TCP with TLS; then merges both results. Needs
# what second-docker.sh needs.
#
# usage: scripts/two-engines.sh [FOLDER [OPTION...]]
#   FOLDER   is made, for the results; default: results/two-engines-TIME
#   OPTION   of `npm run verify`, for both; default: --jobs, with half of what one engine would get here
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-results/two-engines-$(date +%Y-%m-%dT%H-%M-%S)}
options=("${@:2}")
((${#options[@]} > 0)) || options=(--jobs $((3 * $(nproc) / 2)))
mkdir -p "$(dirname "$folder")" && mkdir "$folder"

say() { printf '%s %s\n' '==>' "$*"; }

# shard N NAME=VALUE...: verifies shard N of 2 in the engine that these variables tell.
shard() {
  local status=0
  env "${@:2}" npm run --silent verify -- --engine docker --shard "$1/2" --results "$folder/$1" \
    "${options[@]}" >"$folder/$1.log" 2>&1 || status=$?
  say "shard $1 of 2 in ${2:-DOCKER_HOST=${DOCKER_HOST:-}}: exit status $status in $((SECONDS - began)) s"
  return "$status"
}

images=$(npm run --silent images)
# It ends with this process, which holds its standard input.
# shellcheck disable=SC2086 # one word per image
coproc second { exec node --import tsx scripts/second-docker.ts $images; }
engine=$! input=${second[1]}
environment=()
while IFS= read -r line <&"${second[0]}" && [[ $line != ready ]]; do environment+=("$line"); done
[[ $line == ready ]] || {
  say 'the second engine could not be started'
  exit 4
}
say "engines: that of this machine, and ${environment[0]}"

began=$SECONDS
shard 1 & first=$!
shard 2 "${environment[@]}" & other=$!
wait "$first" || :
wait "$other" || :
exec {input}>&-
wait "$engine" || :

say "merging: npm run merge -- $folder/1 $folder/2 --results $folder/merged"
npm run --silent merge -- "$folder/1" "$folder/2" --results "$folder/merged"
