#!/usr/bin/env bash
# Makes the image debian:trixie-slim from Debian's archive, for machines which reach no image registry.
#
# usage: docker/base-image.sh [--if-needed]
#   --if-needed   does nothing where the image is there already or can be pulled
set -euo pipefail
readonly image=debian:trixie-slim
readonly pull_seconds=120

die() {
  printf 'base-image.sh: %s\n' "$1" >&2
  exit "${2:-4}"
}

need() { command -v "$1" >/dev/null || die "\`$1\` is not on the PATH: apt-get install $2"; }

if_needed=false
for word; do
  case $word in
    --if-needed) if_needed=true ;;
    *) die "unknown option $word; usage: docker/base-image.sh [--if-needed]" 2 ;;
  esac
done

need docker docker-cli
docker version >/dev/null || die 'Docker does not answer: systemctl start docker'
if $if_needed; then
  if docker image inspect "$image" >/dev/null 2>&1; then exit 0; fi
  echo "Pulling $image …"
  if timeout "$pull_seconds" docker pull "$image"; then exit 0; fi
  echo "No registry gives $image: making it from Debian's archive …"
fi

need mmdebstrap mmdebstrap
[[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] ||
  die "the keys of Debian's archive are not there: apt-get install debian-archive-keyring"

# Whole before it is imported: the beginning of an image is no image.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
mmdebstrap --variant=minbase \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --aptopt='Acquire::Languages "none"' \
  --aptopt='Apt::Install-Recommends "false"' \
  trixie "$work/root.tar"
docker import --change 'CMD ["bash"]' --message 'made by reset-labs with mmdebstrap' \
  "$work/root.tar" "$image"
