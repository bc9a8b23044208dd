# What the scripts of this folder share: a working folder, checks that report, Weir started and ended.
# Sourced; sets root, work, failed, checks, skipped.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
started=() weir='' failed=0 checks=0 skipped=0

fail() {
  echo "$0: $1" >&2
  exit 3
}

# What begins here, "at_end COMMAND", is ended here, the last first; by process id where there is one.
at_end() { started=("$*" "${started[@]}"); }

finish() {
  for command in "${started[@]}"; do
    eval "$command" >/dev/null 2>&1
  done
  wait
  rm -rf "$work"
}
trap finish EXIT

# check NAME COMMAND...: its status decides (3: skipped); its output is the reason.
check() {
  local name=$1 reason status
  shift
  reason=$("$@" 2>&1)
  status=$?
  case $status in
  0) echo "ok       $name" && checks=$((checks + 1)) ;;
  3) echo "SKIPPED  $name: $reason" && skipped=$((skipped + 1)) ;;
  *) echo "FAILED   $name: ${reason:-status $status}" && failed=$((failed + 1)) ;;
  esac
}

there() { # there PROGRAM PACKAGE
  command -v "$1" >/dev/null && return 0
  echo "SKIPPED  $1: not installed (Debian's package: $2)"
  skipped=$((skipped + 1))
  return 1
}

same() { # same WHAT EXPECTED FOUND
  [ "$2" = "$3" ] || { echo "$1: expected '$2', found '$3'" && return 1; }
}

has() { # has TEXT FILE
  grep -qi -- "$1" "$2" || { echo "no '$1' in: $(head -c 500 "$2")" && return 1; }
}

listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# await SECONDS COMMAND...: until it succeeds.
await() {
  local left=$(($1 * 20))
  shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ $left -gt 0 ] || return 1
    sleep 0.05
  done
}

# free_port NAME: a port on which nobody listens, below those that the kernel gives to clients.
free_port() {
  local candidate
  until candidate=$((11000 + RANDOM % 20000)) && ! listens $candidate; do :; done
  printf -v "$1" %s $candidate
}

# start_weir CONFIG PORT: until it accepts at the port; its log is $work/weir.txt.
start_weir() {
  "$root/lb" version >/dev/null || fail "Weir could not be built"
  LB_BUILD=no LB_OPTS='-Dio.netty.leakDetection.level=paranoid' \
    "$root/lb-server/target/weir/bin/lb" run -c "$1" >"$work/weir.txt" 2>&1 &
  weir=$!
  at_end "kill $weir"
  await 20 listens "$2" || fail "Weir does not start: $(cat "$work/weir.txt")"
}

# The last lines of a script: is Weir well, and how did it go?
conclude() {
  check 'Weir: still runs' kill -0 "$weir"
  check 'Weir: no leak and no error in its log' \
    sh -c "! grep -m 3 'LEAK\| ERROR ' '$work/weir.txt'"
  echo "$checks ok, $failed failed, $skipped skipped"
  [ $failed = 0 ]
}
