#!/usr/bin/env bash
# The floor of the Docker engine: containers for client, server and tcpdump, for three pairs at once, by
# `docker run` from a shell, with the story of lab crash-server and without any proof.
#
# Prints the milliseconds until the last client has met the reset; taking the containers away is not counted.
# usage: docker-floor.sh NAME SERVER_IMAGE TOOLS_IMAGE CLIENT_IMAGE=COMMAND...
set -eu
name=$1 server_image=$2 tools_image=$3
shift 3
readonly port=4000
hardening=(
  --detach --interactive --user 10001:10001 --cap-drop ALL --security-opt no-new-privileges:true
  --read-only --tmpfs /run/lab:uid=10001,gid=10001,mode=0700,size=32m --memory 256m --pids-limit 256
  --ulimit nofile=1024 --log-driver none --env LC_ALL=C.UTF-8 --label "reset-labs.bench=$name"
)

await() {
  local fd=$1 step=$2 outcome=$3 line
  while IFS=$'\t' read -r -u "$fd" -a line; do
    if [[ ${line[1]:-} == "$step" && ${line[2]:-} == "$outcome" ]]; then return; fi
  done
}

# Runs a program in a running container; its steps come through the descriptor.
program() { docker exec --interactive --env LAB_STEPS=/proc/self/fd/1 --workdir /opt/programs "$@"; }

pair() {
  local cell=$1 image=$2 address server_steps client_steps
  shift 2
  docker network create --internal --label "reset-labs.bench=$name" "$cell" >/dev/null
  docker run "${hardening[@]}" --name "$cell-server" --network "$cell" "$server_image" sleep infinity >/dev/null &
  docker run "${hardening[@]}" --name "$cell-client" --network "$cell" "$image" sleep infinity >/dev/null
  docker run --detach --interactive --name "$cell-probe" --network "container:$cell-client" --cap-drop ALL \
    --cap-add NET_RAW --cap-add SETUID --cap-add SETGID --security-opt no-new-privileges:true --read-only \
    --memory 64m --pids-limit 16 --ulimit nofile=256 --log-driver none --label "reset-labs.bench=$name" \
    "$tools_image" tcpdump -i eth0 -n -U --immediate-mode -s 256 -w /dev/null >/dev/null
  wait
  address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$cell-server")
  exec 9<> <(:)
  exec {server_steps}< <(program "$cell-server" python3 server.py "$port" never-read <&9)
  await "$server_steps" listen ok
  exec {client_steps}< <(program "$cell-client" "$@" "$address" "$port" 2>/dev/null)
  await "$client_steps" read begin
  await "$server_steps" wait begin
  docker kill "$cell-server" >/dev/null
  await "$client_steps" read error
  cat <&"$client_steps" >/dev/null
}

remove() {
  docker ps --all --quiet --filter "label=reset-labs.bench=$name" | xargs --no-run-if-empty docker rm --force
  docker network ls --quiet --filter "label=reset-labs.bench=$name" | xargs --no-run-if-empty docker network rm
} >/dev/null 2>&1
trap remove EXIT

began=${EPOCHREALTIME/./}
number=0
pairs=()
for client; do
  number=$((number + 1))
  read -r -a command <<<"${client#*=}"
  pair "$name-$number" "${client%%=*}" "${command[@]}" &
  pairs+=($!)
done
for pid in "${pairs[@]}"; do wait "$pid"; done
echo $(((${EPOCHREALTIME/./} - began) / 1000))
