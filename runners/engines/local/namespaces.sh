#!/usr/bin/env bash
# Makes the hosts of topology `direct`: two network namespaces, client and server, joined by a veth pair,
# with an agent in each, and tcpdump on the client's end of the link.
#
# It runs as the first process of a new process, mount and network namespace (see namespaces.ts); that
# network namespace is the client's. It becomes the client's agent: when that ends, the kernel ends all
# that runs here and takes the namespaces and the scratch folder back.
#
# file descriptors: 3 client's agent, 4 server's agent, 5 tcpdump's packets, 6 tcpdump's messages
# usage: namespaces.sh AGENT SCRATCH CLIENT_ADDRESS SERVER_ADDRESS CAPTURE...
set -eu
agent=$1 scratch=$2 client=$3 server=$4
shift 4

mount -t tmpfs -o size=64m,mode=0700 tmpfs "$scratch"
mkdir "$scratch/client" "$scratch/server"

# The link needs the second namespace, so wait until that shell says that it is in it.
exec 7<> <(:)
unshare --net bash -c 'echo >&7; exec bash "$@" 7>&-' - "$agent" "$scratch/server" \
  <&4 >&4 3<&- 5>&- 6>&- &
server_pid=$!
read -r -u 7
exec 7>&-

ip -batch - <<END
link set lo up
link add eth0 type veth peer name eth0 netns $server_pid
address add $client/24 dev eth0
link set eth0 up
END
nsenter -t "$server_pid" -n ip -batch - <<END
link set lo up
address add $server/24 dev eth0
link set eth0 up
END

if (($# > 0)); then "$@" </dev/null >&5 2>&6 3<&- 4<&- & fi
exec bash "$agent" "$scratch/client" <&3 >&3 4<&- 5>&- 6>&-
