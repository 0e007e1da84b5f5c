#!/usr/bin/env bash
# Makes a fresh clone ready to run: the Node modules, then what the engine needs and this machine lacks.
# Where all is there it says nothing and takes some 30 ms. It speaks on standard error only: standard
# output belongs to the command that comes after.
#
# usage: scripts/setup.sh [--dry-run] [--engine auto|local|docker|all|none] [--client NAMES] [--server NAMES]
#                         [OPTION...]
#   --dry-run   only names what is missing, a line each
#   --engine    what to make ready; auto: Docker where it answers, else the toolchains of the local
#               engine; all: both; none: only the Node modules
#   --client, --server  as for `npm run lab`: only their toolchains are made ready; engine all: those of all
#   OPTION...   other options and names, those of `npm run lab` say, are passed over
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# As the engine looks for commands: tcpdump and ip lie there, and users may not have it on their PATH.
PATH=$PATH:/usr/sbin:/sbin

readonly base_image=debian:trixie-slim
readonly failed=.cache/setup.failed # the packages that could not be installed
readonly second_version=node@22 # tests ask for it, whatever version is on the PATH
readonly usual='java node python'
# Their defaults are those of `npm run lab`.
dry_run=false clients=usual servers=python

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$1"
  exit 4
}
has() { command -v "$1" >/dev/null 2>&1; }

# Whether version $1 (20.19.2) is in npm's range $2 (^20.19 || >=22.1).
in_range() {
  local major minor want want_major want_minor
  IFS=. read -r major minor _ <<<"$1"
  for want in ${2//||/ }; do
    IFS=. read -r want_major want_minor _ <<<"${want//[!0-9.]/}"
    if ((major == want_major && minor >= ${want_minor:-0})); then return 0; fi
    if [[ $want == '>='* ]] && ((major > want_major)); then return 0; fi
  done
  return 1
}

check_node() {
  local line range='' version
  while IFS= read -r line; do
    if [[ $line =~ \"node\":\ \"([^\"]*)\" ]]; then range=${BASH_REMATCH[1]}; fi
  done <package.json
  local get='see https://nodejs.org/en/download, or: nvm install 24'
  has node || die "Node.js is not on the PATH; the labs need $range: $get"
  version=$(node --version)
  in_range "${version#v}" "$range" ||
    die "Node.js $version is not supported; the labs need $range: $get"
}

# As `npm ci` leaves it, node_modules holds a copy of the lock file, written last.
install_modules() {
  if ! [[ package-lock.json -nt node_modules/.package-lock.json ]]; then return; fi
  if $dry_run; then
    say 'node_modules: npm ci'
    return
  fi
  has npm || die 'npm is not on the PATH; it comes with Node.js: see https://nodejs.org/en/download'
  say 'Installing the Node modules (npm ci) …'
  # .npmrc silences npm for the sake of `npm run`, but here its errors are wanted.
  npm ci --loglevel=error --no-audit --no-fund --include=dev >&2 ||
    die 'npm ci has failed, for the reason above. Once it is mended: npm ci --loglevel=error'
  touch node_modules/.package-lock.json
}

# ready: the base image is there. bare: Docker answers, the image is not there. none: no Docker.
docker_state() {
  local said limit=()
  has docker || {
    echo none
    return
  }
  if has timeout; then limit=(timeout 5); fi
  if said=$("${limit[@]+"${limit[@]}"}" docker image inspect --format ready "$base_image" 2>&1); then
    echo ready
  elif [[ $said == *[Nn]'o such image'* ]]; then
    echo bare
  else
    echo none
  fi
}

make_base_image() {
  if $dry_run; then
    say "$base_image: docker/base-image.sh --if-needed"
    return
  fi
  say "Docker has no image $base_image yet."
  if docker/base-image.sh --if-needed >&2; then return; fi
  # What is made without a registry is made by mmdebstrap.
  if ! has mmdebstrap && may_install; then
    say 'Installing mmdebstrap: it makes the base image without a registry …'
    if install mmdebstrap debian-archive-keyring && docker/base-image.sh >&2; then return; fi
  fi
  say "Going on without $base_image. Without Docker: make lab ARGS='--engine local'"
}

# Whether a language is to be made ready; versions and flavours have the toolchain of their language.
is_wanted() {
  local name
  if [[ $engine == all ]]; then return; fi
  for name in ${clients//,/ } ${servers//,/ }; do
    name=${name%%[@.]*}
    if [[ $name == all || $name == "$1" ]]; then return; fi
    if [[ $name == usual && " $usual " == *" $1 "* ]]; then return; fi
  done
  return 1
}

# COMMAND PACKAGE, a line each: what the local engine calls, then what each language does.
toolchains() {
  local file line commands language
  echo 'bash bash
unshare util-linux
nsenter util-linux
setpriv util-linux
taskset util-linux
mount mount
ip iproute2
ss iproute2
nft nftables
conntrack conntrack
tcpdump tcpdump'
  # HAProxy's package starts a service, so it is installed only where all labs are to run; the others hold the
  # workshop's sources to Python's style.
  if [[ $engine == all ]]; then
    echo 'haproxy haproxy
black black
pyflakes3 pyflakes3'
  fi
  for file in labs/programs/*/language.ts; do
    language=${file%/*}
    is_wanted "${language##*/}" || continue
    commands=''
    while IFS= read -r line; do
      if [[ $line =~ ^\ +commands:\ \[(.*)\] ]]; then
        commands=${BASH_REMATCH[1]//[\',]/}
      elif [[ $line =~ ^\ +debian:\ \'(.*)\' ]]; then
        for line in $commands; do echo "$line ${BASH_REMATCH[1]}"; done
        commands='' # packages of versions come after it
      fi
    done <"$file"
  done
}

# PACKAGE (COMMANDS), a line each: what this machine lacks.
missing_toolchains() {
  local command package last='' commands=''
  while read -r command package; do
    if has "$command"; then continue; fi
    if [[ $package != "$last" && -n $last ]]; then
      echo "$last ($commands)"
      commands=''
    fi
    commands=${commands:+$commands, }$command
    last=$package
  done < <(toolchains)
  if [[ -n $last ]]; then echo "$last ($commands)"; fi
}

may_install() { [[ $(id -u) -eq 0 ]] && has apt-get; }

install() {
  local log status=0
  log=$(mktemp)
  # Java's packages fail without this folder, and slim images leave it out.
  mkdir -p /usr/share/man/man1 2>/dev/null || true
  {
    export DEBIAN_FRONTEND=noninteractive
    # One archive of several that does not answer must not stop the others.
    apt-get -o Acquire::Retries=1 -o Acquire::http::Timeout=30 -q update || true
    apt-get -q install -y --no-install-recommends "$@"
  } </dev/null >"$log" 2>&1 || status=$?
  if ((status != 0)); then
    tail -n 5 "$log" >&2
  fi
  rm -f "$log"
  return $status
}

install_toolchains() {
  local missing package packages='' command purpose
  if [[ $OSTYPE != linux* ]]; then
    say 'The local engine needs Linux: start Docker, then run the same command again.'
    return
  fi
  missing=$(missing_toolchains)
  if [[ -z $missing ]]; then return; fi
  if $dry_run; then
    say "$missing"
    return
  fi
  while read -r package; do packages+="${packages:+ }${package% (*}"; done <<<"$missing"
  missing=${missing//$'\n'/, }
  purpose='the local engine runs the labs with them'
  if [[ $engine == all ]]; then purpose='the labs and their tests need them'; fi
  command="apt-get install -y --no-install-recommends $packages"
  if may_install && [[ $(cat "$failed" 2>/dev/null) != "$packages" ]]; then
    say "Installing $missing: $purpose …"
    # shellcheck disable=SC2086 # one word per package
    if install $packages; then return; fi
    mkdir -p .cache
    echo "$packages" >"$failed" # not tried again at each call
    say "They could not be installed. Try: $command"
  elif has apt-get; then
    say "Missing for the local engine: $missing."
    say "Install them: sudo $command"
  else
    say "Missing for the local engine: $missing; the names are Debian's."
    say 'Install them with the package manager of this system.'
  fi
  say 'Going on without: what needs them is shown as not run.'
}

# One that cannot be fetched fails its tests, which say why.
fetch_second_version() {
  local folder
  if [[ $(node --version) == "v${second_version#*@}."* ]]; then return; fi
  for folder in .cache/toolchains/"${second_version/@/-}"-*; do
    if [[ -d $folder ]]; then return; fi
  done
  if $dry_run; then
    say "$second_version: npm run toolchains -- $second_version"
    return
  fi
  say "Fetching $second_version: tests run labs with it …"
  npm run --silent toolchains -- "$second_version" >/dev/null || true
}

# Before the tests: compilers that run beside them would make them late. One that cannot be built fails its tests.
build_images() {
  if ! $dry_run; then npm run --silent images -- usual >/dev/null || true; fi
}

main() {
  local docker
  engine=auto
  while (($# > 0)); do
    case $1 in
      --dry-run) dry_run=true ;;
      --engine) engine=${2:-} && shift ;;
      --engine=*) engine=${1#*=} ;;
      --client) clients=${2:-} && shift ;;
      --client=*) clients=${1#*=} ;;
      --server) servers=${2:-} && shift ;;
      --server=*) servers=${1#*=} ;;
    esac
    shift || true
  done
  check_node
  install_modules
  case $engine in
    none) ;;
    local) install_toolchains ;;
    docker | all | auto)
      docker=$(docker_state)
      if [[ $docker == bare ]]; then make_base_image; fi
      if [[ $engine == all ]] || [[ $engine == auto && $docker == none ]]; then
        install_toolchains
      fi
      if [[ $engine == all ]]; then
        fetch_second_version
        if [[ $docker != none ]]; then build_images; fi
      fi
      ;;
    *) ;; # a usage error, which the command that comes after explains
  esac
}

main "$@"
