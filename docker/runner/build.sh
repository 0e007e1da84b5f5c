#!/usr/bin/env bash
# Builds the image reset-labs/runner. The Node modules are fetched here, where npm is configured: an engine
# may reach no registry, and trust no certificate that this machine trusts.
#
# usage: docker/runner/build.sh [OPTION OF docker build...]   -t NAME gives it a further name
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly stage=.cache/runner

# npm names processors as Node.js does; they are the engine's, which need not be this machine's.
arch=$(docker version --format '{{.Server.Arch}}')
if [[ $arch == amd64 ]]; then arch=x64; fi

mkdir -p "$stage"
cp package.json package-lock.json .npmrc "$stage"
npm ci --prefix "$stage" --os=linux --cpu="$arch" --include=dev \
  --ignore-scripts --loglevel=error --no-audit --no-fund
docker build -f docker/runner/Dockerfile -t reset-labs/runner "$@" .
