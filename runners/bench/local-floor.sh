#!/usr/bin/env bash
# The floor of the local engine: the same three pairs of bare processes on loopback, started together by a
# shell, with the story of lab crash-server and without any proof.
# usage: local-floor.sh PORT SERVER_FOLDER SERVER... -- CLIENT_FOLDER CLIENT... [-- CLIENT_FOLDER CLIENT...]
set -eu
# A standard input that does not end: the server waits for its end.
exec 9<> <(:)
port=$1
shift
server=()
while [[ $1 != -- ]]; do server+=("$1") && shift; done

# Reads reports from a descriptor until one has the step and the outcome.
await() {
  local fd=$1 step=$2 outcome=$3 line
  while IFS=$'\t' read -r -u "$fd" -a line; do
    if [[ ${line[1]:-} == "$step" && ${line[2]:-} == "$outcome" ]]; then return; fi
  done
}

pair() {
  local port=$1 server_steps client_steps server_pid
  shift
  exec {server_steps}< <(cd "${server[0]}" && LAB_STEPS=/dev/stdout exec "${server[@]:1}" "$port" never-read <&9)
  server_pid=$!
  await "$server_steps" listen ok
  exec {client_steps}< <(cd "$1" && LAB_STEPS=/dev/stdout exec "${@:2}" 127.0.0.1 "$port" 2>/dev/null)
  await "$client_steps" read begin
  await "$server_steps" wait begin
  kill -KILL "$server_pid"
  await "$client_steps" read error
  cat <&"$client_steps" >/dev/null
}

while (($# > 0)); do
  shift
  client=()
  while (($# > 0)) && [[ $1 != -- ]]; do client+=("$1") && shift; done
  pair "$port" "${client[@]}" &
  port=$((port + 1))
done
wait
