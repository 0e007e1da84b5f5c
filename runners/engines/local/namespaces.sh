#!/usr/bin/env bash
# Makes the hosts of topology `direct`: two network namespaces, client and server, joined by a veth pair,
# with an agent in each, and tcpdump on the client's end of the link.
#
# It runs as the first process of a new process, mount and network namespace (see namespaces.ts). When it
# ends, because an agent has ended, the kernel ends all that runs here and takes the namespaces and the
# scratch folder back.
#
# file descriptors: 3 client's agent, 4 server's agent, 5 tcpdump's packets, 6 tcpdump's messages
# usage: namespaces.sh AGENT SCRATCH PROCESSOR ITS_MASK CLIENT_ADDRESS SERVER_ADDRESS CAPTURE...
set -eu
agent=$1 scratch=$2 processor=$3 mask=$4
readonly addresses=([3]=$5 [4]=$6)
shift 6

mount -t tmpfs -o size=64m,mode=0700 tmpfs "$scratch"

# Namespaces share one table of connections, of a size that suits the machine, and every look at
# /proc/net/tcp walks it (9 ms with 24 GB). Linux >= 6.1 gives our hosts small tables of their own. The
# kernel derives two limits from the size (tcp_set_hashinfo), so the hosts get those of the machine back:
# else the 33rd socket in TIME-WAIT would be dropped, and a segment for it be answered as by a closed port.
ipv4=/proc/sys/net/ipv4
if [[ -w $ipv4/tcp_child_ehash_entries ]]; then echo 64 >$ipv4/tcp_child_ehash_entries; fi
limits="$(<$ipv4/tcp_max_tw_buckets) $(<$ipv4/tcp_max_syn_backlog)"

# A veth pair queues segments on the processor that sends them, so those of one connection can overtake
# each other when its ends run on two: an ACK that arrives after the FIN which was sent after it meets
# TIME-WAIT, is answered, and that answer by a RST (1 of 150 runs of a lab without any reset, on a busy
# machine). So one processor receives for the whole link: Linux >= 6.3 by its receive packet steering,
# before that by running everything on it.
steering=/proc/sys/net/core/rps_default_mask
if [[ ! -w $steering ]]; then
  mask=
  taskset --cpu-list --pid "$processor" $$ >/dev/null
fi

# host FD: a shell in a namespace of its own, which says so and then waits until the link is there.
exec 7<> <(:) 8<> <(:)
host() {
  mkdir "$scratch/$1"
  # shellcheck disable=SC2016,SC2086 # that shell expands it; two numbers
  unshare --net bash -euc '
    echo "$1" >/proc/sys/net/ipv4/tcp_max_tw_buckets
    echo "$2" >/proc/sys/net/ipv4/tcp_max_syn_backlog
    if [[ -n $3 ]]; then echo "$3" >/proc/sys/net/core/rps_default_mask; fi
    echo >&7
    read -r -u 8
    exec bash "${@:4}" 7>&- 8>&-' \
    - $limits "$mask" "$agent" "$scratch/$1" <&"$1" >&"$1" 5>&- 6>&- &
}
host 3
client=$!
host 4
server=$!
read -r -u 7
read -r -u 7

ip link add eth0 netns "$client" type veth peer name eth0 netns "$server"
up() {
  nsenter -t "$1" -n ip -batch - <<END
link set lo up
address add ${addresses[$2]}/24 dev eth0
link set eth0 up
END
}
up "$client" 3 &
up_client=$!
up "$server" 4
wait "$up_client"

if (($# > 0)); then
  nsenter -t "$client" -n "$@" </dev/null >&5 2>&6 3<&- 4<&- 7>&- 8>&- &
fi
printf '\n\n' >&8
exec 3<&- 4<&- 5>&- 6>&- 7>&- 8>&-
wait -n "$client" "$server" || true
