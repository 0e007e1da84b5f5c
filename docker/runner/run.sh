#!/usr/bin/env bash
# What a container of the runner does: makes ready what the local engine needs of the container, then runs a
# command of the project.
#
# usage: docker/runner/run.sh COMMAND [OPTION...]   as `npm run COMMAND -- OPTION...`
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
groups=/sys/fs/cgroup

# A limit of memory (lab 19) needs a group below the container's own, and containers see theirs read-only.
# Where that cannot be changed, doctor and the cells say so.
make_groups_writable() {
  if [[ -e $groups/memory/memory.limit_in_bytes ]]; then
    mount -o remount,bind,rw "$groups/memory"
    return
  fi
  mount -o remount,bind,rw "$groups"
  # Version 2: only a group without processes of its own can have groups with limits.
  mkdir -p "$groups/runner"
  local process
  while read -r process; do echo "$process" >"$groups/runner/cgroup.procs"; done <"$groups/cgroup.procs"
}
make_groups_writable 2>/dev/null || true

exec node --import tsx runners/cli.ts "$@"
