#!/usr/bin/env bash
# Makes the hosts of a topology: a chain of network namespaces in which each is joined to the next by a veth
# pair. What happens inside of each host is told by host.sh.
#
# It runs as the first process of a new process, mount and network namespace (see namespaces.ts). When it
# ends, because an agent has ended, the kernel ends all that runs here and takes the namespaces and the
# scratch folder back.
#
# file descriptors: 3 tcpdump's packets, 4 tcpdump's messages, 5 to 7 the hosts' agents in their order
# usage: namespaces.sh AGENT SCRATCH PROCESSOR ITS_MASK FOLDERS FSTAB OWN_FSTAB {HOST NETWORK SYSCTLS}... -- CAPTURE...
#   FOLDERS, FSTAB, OWN_FSTAB  what hosts see of the machine's files, and have of their own: see view.ts
#   HOST     its name; the first is the client, who captures
#   NETWORK  commands for `ip -batch`: the host's addresses and routes
#   SYSCTLS  NAME=VALUE..., set before any program starts
set -eu
agent=$1 scratch=$2 processor=$3 mask=$4 folders=$5 fstab=$6 own_fstab=$7
shift 7
names=() networks=() sysctls=()
while [[ $1 != -- ]]; do
  names+=("$1") networks+=("$2") sysctls+=("$3")
  shift 3
done
shift
capture=("$@")

# What the orchestrator itself was given and left open is no concern of programs.
for fd in /proc/"$$"/fd/*; do
  fd=${fd##*/}
  if ((fd > ${#names[@]} + 4 && fd != 255)); then exec {fd}>&-; fi
done

# In a user namespace of its own a program would have capabilities again, if over nothing of ours. It can be
# forbidden where this user namespace is our own.
if ((EUID != 0)); then echo 0 >/proc/sys/user/max_user_namespaces; fi

# Namespaces share one table of connections, of a size that suits the machine, and every look at
# /proc/net/tcp walks it (9 ms with 24 GB). Linux >= 6.1 gives our hosts small tables of their own. The
# kernel derives two limits from the size (tcp_set_hashinfo), so the hosts get those of the machine back:
# else the 33rd socket in TIME-WAIT would be dropped, and a segment for it be answered as by a closed port.
ipv4=/proc/sys/net/ipv4
if [[ -w $ipv4/tcp_child_ehash_entries ]]; then echo 64 >$ipv4/tcp_child_ehash_entries; fi
basis="net.ipv4.tcp_max_tw_buckets=$(<$ipv4/tcp_max_tw_buckets)"
basis+=" net.ipv4.tcp_max_syn_backlog=$(<$ipv4/tcp_max_syn_backlog)"

# To look for somebody else with one's IPv6 address takes a second; nobody else is on the link.
if [[ -e /proc/sys/net/ipv6 ]]; then basis+=' net.ipv6.conf.default.accept_dad=0'; fi

# A veth pair queues segments on the processor that sends them, so those of one connection can overtake
# each other when its ends run on two: an ACK that arrives after the FIN which was sent after it meets
# TIME-WAIT, is answered, and that answer by a RST (1 of 150 runs of a lab without any reset, on a busy
# machine). So one processor receives for all links: Linux >= 6.3 by its receive packet steering, before
# that by running everything on it.
if [[ -w /proc/sys/net/core/rps_default_mask ]]; then
  basis+=" net.core.rps_default_mask=$mask"
else
  taskset --cpu-list --pid "$processor" $$ >/dev/null
fi

# Each host says on 8 that it is there and waits on 9 until it has its links.
exec 8<> <(:) 9<> <(:)
pids=()
for place in "${!names[@]}"; do
  boot=("${names[place]}" "$scratch" "$agent" "${networks[place]}" "$basis" "${sysctls[place]}")
  {
    if ((place > 0)); then exec 3>&- 4>&-; else boot+=("${capture[@]}"); fi
    fd=$((place + 5))
    exec unshare --net bash "${BASH_SOURCE%/*}/host.sh" boot "${boot[@]}" <&"$fd" >&"$fd" 5>&- 6>&- 7>&-
  } &
  pids+=($!)
done
# A child waits for what they say, without a timeout: bash can lose what comes just when one is over.
(for _ in "${pids[@]}"; do read -r -u 8; done) &
there=$!
# A host that ends before could not begin.
wait -n "$there" "${pids[@]}"
if kill -0 "$there" 2>/dev/null; then exit 1; fi

# All mounts in one go: a start of `mount` takes longer than what it does.
mount -t tmpfs -o size=1m,mode=0755,nosuid,nodev tmpfs "$scratch"
mapfile -t folders <<<"$folders"
(umask 022 && mkdir -p "${folders[@]}")
printf %s "$fstab" >"$scratch/fstab"
printf %s "$own_fstab" >"$scratch/own.fstab"
mount --all --fstab "$scratch/fstab"

# Towards the client, a host's link is its eth0; the client's own leads towards the server. The ends have
# different numbers because the kernel takes two devices of the same number for one that stands alone, and
# lets itself up to a second of time to see that it can send (linkwatch_urgent_event).
ends=(eth0 "${pids[0]}" "${pids[1]}")
if ((${#pids[@]} > 2)); then ends+=(eth1 "${pids[1]}" "${pids[2]}"); fi
printf -v links 'link add %s index 2 netns %s type veth peer name eth0 index 3 netns %s\n' "${ends[@]}"
ip -batch - <<<"$links"
printf '\n%.0s' "${pids[@]}" >&9

# From now on each agent alone has its descriptors: when one side ends, the other sees it.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 9>&-
wait -n "${pids[@]}" || true
# The kernel would end the rest, but the processor time of what nobody waited for would not be counted.
exec 2>/dev/null # What was to be said is said; the shell would tell of each that it was killed.
kill -s KILL -1 || true
# Nothing comes on 8 any more: a pause of a millisecond, so that those who are to end have the processor.
while kill -0 -1; do read -r -t 0.001 -u 8 || :; done
