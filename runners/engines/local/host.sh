#!/usr/bin/env bash
# One host of the local engine, in a network namespace of its own: makes it ready and becomes its agent.
#
# The agent is the first process of a process namespace: its programs can neither end it nor see what runs
# beside it, and when it ends the kernel ends them.
#
# usage: host.sh boot|reboot|crash NAME SCRATCH AGENT NETWORK BASIS SYSCTLS [CAPTURE...]
#   boot     says on file descriptor 8 that the namespace is there; waits on 9 for its links
#   crash    what the agent becomes for a reboot: takes the host away as a power cut does, then
#   reboot   in a new network namespace, with the link that the old one had
#   SCRATCH  a folder for the agent's files; its programs can write in TMPDIR only
#   NETWORK  commands for `ip -batch`: addresses and routes
#   BASIS    sysctls that must be set before a link comes: NAME=VALUE...
#   SYSCTLS  those of the lab
set -eu
readonly phase=$1 name=$2 scratch=$3 agent=$4 network=$5 basis=$6 sysctls=$7
capture=("${@:8}")
# The agent keeps the network namespace of namespaces.sh open, which no process of the host is in.
readonly outer=/proc/self/fd/9

set_sysctls() {
  local setting file
  for setting in $1; do
    file=${setting%%=*}
    { echo "${setting#*=}" >"/proc/sys/${file//.//}"; } 2>/dev/null && continue
    echo "host $name: the sysctl ${setting%%=*} cannot be set to ${setting#*=}" >&2
    exit 1
  done
}

# Whether each link has its link-local address, which the kernel gives it when it can send, and no address is
# tentative (flag 0x40), which it is until it has joined the group under which neighbours look for it.
has_ipv6() {
  local scope flags device ready=
  while read -r _ _ _ scope flags device; do
    if ((16#$flags & 0x40)); then return 1; fi
    if [[ $scope == 20 ]]; then ready+=x$device; fi
  done </proc/net/if_inet6
  for device in eth0 eth1; do
    [[ $network != *"link set $device up"* || $ready == *"x$device"* ]] || return 1
  done
}

# The mask by which one processor receives for all links (namespaces.sh) comes too late for loopback, which a
# namespace has from its beginning; connections of a host with itself fill a listen queue in labs.
steer_loopback() {
  local mask steering=/sys/class/net/lo/queues/rx-0/rps_cpus
  if ! [[ -r /proc/sys/net/core/rps_default_mask ]]; then return; fi
  read -r mask </proc/sys/net/core/rps_default_mask
  # A sysfs shows the network namespace in which it was mounted. Where it may not be, it is done without.
  # shellcheck disable=SC2016 # the words of the shell that is started
  unshare --mount sh -c 'mount -t sysfs sysfs /sys && echo "$0" >"$1"' "$mask" "$steering" 2>/dev/null || :
}

if [[ $phase == crash ]]; then
  # The cable comes first: with it goes all that the old kernel could still send. The pair of devices stays,
  # and with it the other end, what listens there and both hardware addresses.
  ip link set eth0 netns "$outer"
  exec 8<> <(:)
  kill -s KILL -1 || true
  # Nothing comes on 8: a pause of a millisecond, so that those who are to end have the processor.
  while kill -0 -1; do read -r -t 0.001 -u 8 || :; done 2>/dev/null
  exec 8>&-
  # The inputs of those programs, which the old agent held.
  for fd in /proc/"$$"/fd/*; do
    fd=${fd##*/}
    if ((fd > 9 && fd != 255)); then exec {fd}>&-; fi
  done
  # The sockets that programs left would keep the namespace for minutes.
  ss -taK >/dev/null
  shopt -s dotglob
  rm -rf "${scratch:?}"/* "${TMPDIR:?}"/*
  # From the outer namespace: it is there that the size of a new one's table of connections is set.
  exec nsenter --net="$outer" unshare --net bash "${BASH_SOURCE[0]}" reboot "${@:2}"
fi

# The limit of memory, if there is one, is that of the server's host; a reboot leaves it where it is.
if [[ $phase == boot && $name == server && -n ${MEMORY_GROUP:-} ]]; then
  echo $$ >"$MEMORY_GROUP/cgroup.procs"
fi
unset MEMORY_GROUP
# As in Docker: labs use descriptors up.
ulimit -n 1024
set_sysctls "$basis"
if [[ $name == server ]]; then steer_loopback; fi
if [[ $phase == boot ]]; then
  echo >&8
  read -r -u 9
  exec 8>&- 9>&-
else
  nsenter --net="$outer" ip link set eth0 netns /proc/$$/ns/net
fi
ip -batch - <<<"$network"
# All of it comes a moment later; who looked for a neighbour before would look again after a second.
if [[ $network == *:* ]]; then until has_ipv6; do :; done; fi
set_sysctls "$sysctls"
if ((${#capture[@]} > 0)); then
  # The end of a pipe that others hold, too, is not seen: it is told.
  {
    "${capture[@]}" </dev/null >&3 2>&4 3>&- 4>&- || :
    echo 'tcpdump has ended' >&4
  } &
  exec 3>&- 4>&-
fi
become_agent=(bash "$agent" "$scratch" bash "${BASH_SOURCE[0]}" crash "${@:2}")
if [[ $phase == reboot ]]; then exec "${become_agent[@]}"; fi
exec 9</proc/1/ns/net
# SCRATCH is still that of namespaces.sh.
# shellcheck disable=SC2016 # the words of the shell that is started
exec unshare --pid --fork --kill-child --mount-proc \
  sh -c 'mount --all --fstab "$0/own.fstab" && exec "$@"' "$scratch" "${become_agent[@]}"
