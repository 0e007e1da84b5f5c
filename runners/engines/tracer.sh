#!/usr/bin/env bash
# Follows the kernel's tracepoints tcp:tcp_send_reset and tcp:tcp_receive_reset in a trace instance of its
# own, which it removes when its standard input ends, whatever the cause.
#
# in:   MARK                  is written into the trace: its reader then knows that all before it has come
# out:  ready, then the lines of trace_pipe
#       unavailable REASON    where the kernel's trace cannot be read
# usage: tracer.sh INSTANCE   in a mount namespace of its own; TRACEFS names another place of tracefs
set -u
instance=$1
tracefs=${TRACEFS:-/sys/kernel/tracing}

unavailable() {
  printf 'unavailable %s\n' "$1"
  exit 0
}

remove() {
  kill "$reader" 2>/dev/null
  wait "$reader" 2>/dev/null
  exec 8<&-
  echo 0 >"$instance/events/enable"
  rmdir "$instance"
}

[[ -e $tracefs/trace_pipe ]] || mount -t tracefs nodev "$tracefs" 2>/dev/null ||
  unavailable 'tracefs is not there or not for this user: it needs root'
cd "$tracefs/instances" 2>/dev/null || unavailable 'tracefs may be read by root only'

# Instances of tracers that were killed. One in use has an open trace_pipe, so the kernel keeps it (EBUSY).
for left in reset-labs.*; do rmdir "$left" 2>/dev/null; done

# Another tracer that is starting may take it away before its trace_pipe is open.
opened=
for _ in 1 2 3 4 5; do
  mkdir "$instance" 2>/dev/null
  if { exec 8<"$instance/trace_pipe"; } 2>/dev/null; then opened=1 && break; fi
done
[[ -n $opened ]] || unavailable 'a trace instance cannot be made: it needs root'
[[ -e $instance/events/tcp/tcp_send_reset/enable ]] || {
  exec 8<&-
  rmdir "$instance"
  unavailable 'this kernel has no tracepoint tcp:tcp_send_reset'
}
cat <&8 &
reader=$!
trap remove EXIT
trap 'exit 0' TERM INT HUP
echo 1 >"$instance/events/tcp/tcp_send_reset/enable"
echo 1 >"$instance/events/tcp/tcp_receive_reset/enable"
echo ready
while IFS= read -r mark; do printf '%s\n' "$mark" >"$instance/trace_marker"; done
