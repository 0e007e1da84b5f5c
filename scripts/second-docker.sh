#!/usr/bin/env bash
# Runs a Docker engine beside that of this machine: with TLS, with namespaces, bridges and firewall rules of
# its own, and with images and containers in memory. It ends with its standard input, and nothing of it stays.
# Needs root, dockerd, openssl, python3, unshare, ip. Started by scripts/second-docker.ts.
#
# usage: second-docker.sh FOLDER   an empty one, which gets
#   FOLDER/port                    the port of its API on 127.0.0.1
#   FOLDER/client                  ca.pem, cert.pem and key.pem, for DOCKER_CERT_PATH
#   FOLDER/docker.sock             its API without TLS
#   FOLDER/log                     what dockerd says
set -eu
folder=$1 self=$(realpath "$0")

certificate() { # NAME SUBJECT EXTENSION...
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
    -keyout "$1-key.pem" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 \
    -extfile <(printf '%s\n' "${@:3}") -out "$1-cert.pem"
}

certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=second-docker CA' \
    -days 2 -keyout ca-key.pem -out ca.pem
  certificate server server subjectAltName=IP:127.0.0.1 extendedKeyUsage=serverAuth
  certificate client client extendedKeyUsage=clientAuth
  mkdir client
  cp ca.pem client/
  mv client-cert.pem client/cert.pem
  mv client-key.pem client/key.pem
}

# Listens on a free port of the loopback interface, becomes a command whose file descriptor 3 that is.
listening() {
  exec python3 -c '
import os, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
with open("port", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}

# The first process of a process namespace: when it ends, all others do.
engine() {
  ip link set lo up
  mkdir -p data /run/containerd /run/docker /etc/docker
  # Also hides the configuration of the other engine.
  for place in data /run/containerd /run/docker /etc/docker; do mount -t tmpfs none "$place"; done
  local options=(
    --data-root "$folder/data/root" --exec-root "$folder/data/exec" --pidfile "$folder/data/pid"
    --host fd:// --host "unix://$folder/docker.sock"
    --tlsverify --tlscacert ca.pem --tlscert server-cert.pem --tlskey server-key.pem
    --storage-driver overlay2 --bridge none
    --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/${folder##*/}"
  )
  # As systemd hands a socket over.
  (LISTEN_PID=$BASHPID LISTEN_FDS=1 exec dockerd "${options[@]}" </dev/null >log 2>&1) &
  local dockerd=$!
  exec 3<&- 4<&0
  cat <&4 >/dev/null &
  local input=$!
  wait -n || :
  # runners/chaos kills dockerd and starts it again, by a line in this FIFO.
  while [[ -p again ]] && kill -0 "$input" 2>/dev/null; do
    read -r <again &
    wait -n || :
    kill -0 "$input" 2>/dev/null || break
    dockerd "${options[@]/fd:\/\//unix://$folder/other.sock}" </dev/null >>log 2>&1 &
    dockerd=$!
    wait -n 2>/dev/null || :
  done
  kill "$dockerd" 2>/dev/null || :
  timeout 20 tail --pid="$dockerd" -f /dev/null || :
  # Of containers whose engine was killed.
  kill -s KILL -1 2>/dev/null || :
  while kill -0 -1 2>/dev/null; do :; done
  # Of containers that the engine has not removed itself.
  local left
  for left in /sys/fs/cgroup/"${folder##*/}" /sys/fs/cgroup/*/"${folder##*/}"; do
    if [[ -d $left ]]; then find "$left" -depth -type d -exec rmdir {} +; fi
  done
}

cd "$folder"
if [[ ${2:-} == engine ]]; then
  # Elsewhere its last deeds would meet all processes of the machine.
  (($$ == 1)) || exit 2
  engine
else
  certificates 2>openssl.log || {
    cat openssl.log >&2
    exit 1
  }
  # The socket is made here, outside of the network namespace.
  listening unshare --net --mount --pid --fork --kill-child --mount-proc "$self" "$folder" engine
fi
