#!/usr/bin/env bash
# Makes a machine of a CI ready for `npm run verify`: the Node modules, the images, toolchains for the local
# engine, the kernel's trace.
#
# usage: scripts/ci/prepare-machine.sh IMAGES ENGINE
#   IMAGES  a file made by save-images.sh
#   ENGINE  auto (both), docker or local
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
images=$1
case $2 in
  auto) engines=(local docker) ;;
  *) engines=("$2") ;;
esac
as_root=()
if ((EUID != 0)); then as_root=(sudo); fi

# The modules belong to who has checked the project out; the rest is installed by root.
scripts/setup.sh --engine none
if [[ ${engines[*]} == *docker* ]]; then docker load --quiet --input "$images"; fi
for engine in "${engines[@]}"; do
  "${as_root[@]}" env "PATH=$PATH" scripts/setup.sh --engine "$engine"
done
if ! mountpoint -q /sys/kernel/tracing; then
  "${as_root[@]}" mount -t tracefs nodev /sys/kernel/tracing
fi
# An engine that is not there would only be left out by `verify --engine auto`.
for engine in "${engines[@]}"; do
  "${as_root[@]}" env "PATH=$PATH" npm run doctor -- --engine "$engine"
done
