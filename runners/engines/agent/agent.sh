#!/usr/bin/env bash
# The agent of one host: it starts programs, signals them and tells what the host's kernel shows.
#
# It runs in a container or a network namespace and needs bash only. The orchestrator is the other end
# of its standard input and output; when that end goes away, whatever the cause, the agent ends, and with
# it its container or process namespace: nothing can be left behind.
#
# in:   ID VERB ARGUMENT...           arguments quoted for the shell
# out:  = ID TEXT                     a line of the answer to request ID
#       . ID STATUS                   the end of the answer
#       p PROGRAM pid PID             what a program did
#       p PROGRAM step TEXT
#       p PROGRAM times MILLISECONDS  the processor time of the program and its children, before its exit
#       p PROGRAM exit STATUS
#       ready PID                     the agent is there; what comes before is of the host before a reboot
#
# usage: agent.sh SCRATCH_FOLDER [REBOOT...]   REBOOT: the command that the agent becomes for a reboot; not
#        needed where the agent is the first process of its process namespace and programs are all there is
#
# Every line is one write of less than PIPE_BUF (4096) bytes, so lines of several writers never mix.
set -u
export LC_ALL=C.UTF-8
# In bytes; and how many lines a program may report: our reporters need some ten of some hundred bytes.
readonly longest=3500 most=1000
# Of each file, in KiB; more is never handed out. What a program writes beyond it fails.
readonly most_output=1024
scratch=${1:?usage: agent.sh SCRATCH_FOLDER [REBOOT...]}
readonly rebooting=("${@:2}")
declare -A inputs started
unused=()

# Both cut what is longer by bytes, whatever it is: a cut by characters could be longer than PIPE_BUF.
answer() {
  local LC_ALL=C
  printf '= %s %s\n' "$id" "${1:0:longest}"
}

# relay_steps PROGRAM END: passes on the steps of one program, up to the line END. A child that the program has
# left running may hold the FIFO open for ever: the end of the file would not come.
# Neither an over-long line nor a thousand lines are of our reporters, nor is a blank line; what is left out is
# read all the same, so that the program goes on as it would have.
relay_steps() {
  local LC_ALL=C line count=0 is_rest=
  while IFS= read -r -n "$longest" line; do
    if [[ $line == "$2" ]]; then return; fi
    if [[ -n $line ]] && ((++count > most)); then
      printf 'p %s step more than %s lines: the rest is left out\n' "$1" "$most"
      cat <&0 >/dev/null 9>&- &
      return
    fi
    if [[ -n $line && -z $is_rest ]]; then printf 'p %s step %s\n' "$1" "$line"; fi
    # Reading ends with the line, or before its end when it is too long.
    if ((${#line} == longest)); then is_rest=1; else is_rest=; fi
  done
}

# Passes on the processor time of the children that this shell has waited for. `times` is a builtin of the
# shell itself, so that its answer needs a file: in a subshell it would know of other children.
relay_times() {
  local minutes seconds thousandths more_minutes more_seconds more_thousandths
  times >"$scratch/$1.times"
  {
    # First comes what the shell itself has used; then its children: 0m0.012s 0m0.003s, user and system.
    read -r
    IFS='ms. ' read -r minutes seconds thousandths more_minutes more_seconds more_thousandths _
  } <"$scratch/$1.times"
  seconds=$(((minutes + more_minutes) * 60 + seconds + more_seconds))
  printf 'p %s times %s\n' "$1" $((seconds * 1000 + 10#$thousandths + 10#$more_thousandths))
}

# Two FIFOs that nobody has opened yet, in `fifos`. They are made for some programs at once: to start `mkfifo`
# takes a hundred times as long as to make one.
take_fifos() {
  local number
  if ((${#unused[@]} == 0)); then
    for ((number = 0; number < 16; number++)); do unused+=("$scratch/$1.fifo.$number"); done
    # All may write: a program opens its steps by name and may be another user than the agent.
    mkfifo -m 622 "${unused[@]}" || { unused=() && return 1; }
  fi
  fifos=("${unused[@]:0:2}") unused=("${unused[@]:2}")
}

# start PROGRAM FOLDER COMMAND...
# The program's steps come through its file descriptor 3, what it prints goes to files. It is the first of a process
# group of its own. `exit` is told after the last of its steps, whatever its children do.
start() {
  local program=$1 folder=$2 fd fifos pid status end=$SRANDOM-$SRANDOM-$SRANDOM
  shift 2
  if [[ ${started[$program]+yes} ]]; then answer 'there was a program of this name' && return 1; fi
  take_fifos "$program" || return
  started[$program]=yes
  exec {fd}<>"${fifos[0]}"
  inputs[$program]=$fd
  {
    # Open for both, a FIFO waits for no other end.
    exec 5<"${fifos[0]}" 7<>"${fifos[1]}"
    exec 4<"${fifos[1]}"
    exec 3>"${fifos[1]}" 7>&-
    # A copy of the writing end here would keep `end_input` from ending anything.
    for fd in "${inputs[@]}"; do exec {fd}>&-; done
    # Job control gives each a process group.
    set -m
    {
      # What REBOOT needs is in 9.
      ulimit -f "$most_output" && cd "$folder" && LAB_STEPS=/dev/fd/3 exec "$@" 4<&- 5<&- 9>&-
    } <&5 >"$scratch/$program.out" 2>"$scratch/$program.err" &
    pid=$!
    set +m
    printf 'p %s pid %s\n' "$program" "$pid"
    relay_steps "$program" "$end" <&4 3>&- 5<&- &
    exec 5<&-
    wait "$pid"
    status=$?
    relay_times "$program"
    # The last line may have no end.
    printf '\n%s\n' "$end" >&3
    exec 3>&-
    wait $!
    printf 'p %s exit %s\n' "$program" $status
  } &
}

input() { [[ ${inputs[$1]+open} ]] && printf '%s\n' "$2" >&"${inputs[$1]}"; }

end_input() {
  [[ ${inputs[$1]+open} ]] || return
  local fd=${inputs[$1]}
  unset "inputs[$1]"
  exec {fd}>&-
}

# output PROGRAM out|err: the beginning of what the program printed.
output() {
  local lines line
  mapfile -n 200 -t lines <"$scratch/$1.$2"
  for line in "${lines[@]}"; do answer "$line"; done
}

# signal PID NAME: to the process, or, for -PID, to its process group.
signal() { kill -s "$2" -- "$1" 2>/dev/null; }

# Each look at /proc/net/tcp walks the machine's whole table of connections, of which a container has no part of
# its own: two looks take 9 ms with 24 GB. `ss` asks the kernel for the same, and takes 2; where a namespace has a
# small table, its start alone takes longer than both looks.
sockets() {
  local file lines line
  if [[ ${SOCKETS_BY:-} == ss ]]; then
    run ss --tcp --all --numeric --options --no-header
    return
  fi
  for file in /proc/net/tcp /proc/net/tcp6; do
    [[ -r $file ]] && mapfile -s 1 -t lines <"$file" && for line in "${lines[@]}"; do answer "$line"; done
  done
  return 0
}

counters() {
  local file lines line
  for file in /proc/net/snmp /proc/net/netstat; do
    mapfile -t lines <"$file"
    for line in "${lines[@]}"; do
      [[ $line == Tcp:* || $line == TcpExt:* ]] && answer "$line"
    done
  done
  return 0
}

# What the time is here, in microseconds: the orchestrator's clock may be another.
now() {
  local time=${EPOCHREALTIME:-$(date +%s.%6N)}
  answer "${time/./}"
}

# mark ADDRESS TEXT: a datagram which tells the capture that all before it has been seen.
mark() { printf '%s' "$2" >"/dev/udp/$1/9"; }

# run COMMAND...: with its output; its status is the answer's.
run() {
  local output status line
  output=$("$@" 2>&1 </dev/null)
  status=$?
  while IFS= read -r line; do answer "$line"; done <<<"$output"
  return $status
}

# reboot [PROGRAM PID]...
# Ends the host with all its programs, and tells what they have used, since nobody will wait for them. There is no
# answer: the host that comes back has an agent of its own.
reboot() {
  # Whoever waits for that agent is told at once that it will not come.
  ((${#rebooting[@]} > 0 || BASHPID == 1)) || exit 1
  local line ticks pause fd
  while (($# > 1)); do
    # The name, in parentheses, may have spaces. After it: utime, stime and those of children are 12 to 15, in
    # hundredths of a second.
    if read -r line <"/proc/$2/stat"; then
      read -ra ticks <<<"${line##*) }"
      printf 'p %s times %s\n' "$1" $(((ticks[11] + ticks[12] + ticks[13] + ticks[14]) * 10))
    fi 2>/dev/null
    shift 2
  done
  # The programs' inputs stay open: their end would let programs close their connections in good order.
  if ((${#rebooting[@]} > 0)); then exec "${rebooting[@]}"; fi
  # As the first of its process namespace it ends all others by itself, and begins anew.
  exec {pause}<> <(:)
  kill -s KILL -1
  # Nothing comes on it: a pause of a millisecond, so that those who are to end have the processor.
  while kill -0 -1; do read -r -t 0.001 -u "$pause" || :; done 2>/dev/null
  for fd in "$pause" "${inputs[@]}"; do exec {fd}>&-; done
  shopt -s dotglob
  rm -rf "${scratch:?}"/* /dev/shm/*
  exec "$BASH" "$0" "$scratch"
}

printf 'ready %s\n' "$BASHPID"
while IFS= read -r request; do
  eval "set -- $request"
  id=$1
  shift
  case $1 in
    start | input | end_input | output | signal | sockets | counters | now | mark | run | reboot) "$@" ;;
    *) answer "the agent does not know '$1'" && false ;;
  esac
  printf '. %s %s\n' "$id" $?
done
