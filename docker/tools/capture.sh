#!/usr/bin/env bash
# Runs a capture until standard input ends, whatever the cause: as the first process of its container it
# takes the capture and the container with it. It ends too when the capture ends.
#
# usage: capture.sh COMMAND...    packets come on standard output, messages on standard error
set -u
# A background command would get /dev/null for its standard input.
cat <&0 >/dev/null &
"$@" </dev/null &
wait -n
