#!/usr/bin/env bash
# Runs a command beside a group of processes that may use 256 MB of memory together and no swap, as
# Docker's `mem_limit: 256m`. The group is empty: MEMORY_GROUP names its folder to the command, and who writes
# its process id to the file cgroup.procs there belongs to it with all its children.
#
# The group is removed after the command has ended; it is this shell that does it, since it lives on when the
# orchestrator is killed. Says on standard error why there can be no group.
#
# usage: memory-limit.sh NAME COMMAND...
set -u
readonly limit=$((256 * 1024 * 1024))
name=$1
shift

fail() {
  echo "a memory limit needs a cgroup, but $1" >&2
  exit 1
}

groups=/sys/fs/cgroup
if [[ -e $groups/memory/memory.limit_in_bytes ]]; then
  # Version 1. The limit of memory and swap together may not be below that of memory, so it comes second.
  groups+=/memory limits=(memory.limit_in_bytes="$limit" memory.memsw.limit_in_bytes="$limit")
elif [[ " $(cat "$groups/cgroup.controllers" 2>/dev/null) " == *' memory '* ]]; then
  limits=(memory.max="$limit" memory.swap.max=0)
  { echo +memory >"$groups/cgroup.subtree_control"; } 2>/dev/null ||
    fail "$groups/cgroup.subtree_control cannot be written"
else
  fail "$groups has none for memory"
fi
cd "$groups" || exit

# Groups of shells that were killed. One in use has processes, so the kernel keeps it; one that is just being
# made has its maker.
for left in reset-labs.*; do
  [[ -e /proc/${left##*.} ]] || rmdir "$left" 2>/dev/null
done

group=reset-labs.$name.$$
mkdir "$group" 2>/dev/null || fail "none can be made in $groups"
trap 'rmdir "$groups/$group"' EXIT
for setting in "${limits[@]}"; do
  # Where the kernel does not count swap there is no file for it.
  [[ $setting == *sw* && ! -e $group/${setting%=*} ]] && continue
  { echo "${setting#*=}" >"$group/${setting%=*}"; } 2>/dev/null || fail "$groups/$group cannot be limited"
done
cd - >/dev/null || exit
MEMORY_GROUP=$groups/$group "$@"
