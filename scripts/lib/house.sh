# Sourced by every script: where the clone is, how a phase is told, how a child is waited for and stopped.
set -Eeuo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
DATA="$ROOT/.data"
LOGS="$DATA/logs"
# One configuration for every script, so that nothing is built twice.
CONFIGURATION=Release
HOST_DLL="$ROOT/Harmony.Api/bin/$CONFIGURATION/net10.0/harmony.dll"
SANDBOX_DLL="$ROOT/Harmony.Sandbox/bin/$CONFIGURATION/net10.0/harmony-sandbox.dll"
BENCH_DLL="$ROOT/Harmony.Bench/bin/$CONFIGURATION/net10.0/Harmony.Bench.dll"
TESTS_DLL="$ROOT/Harmony.Tests/bin/$CONFIGURATION/net10.0/Harmony.Tests.dll"
CURRENT_CHILD=""

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDTERMINALLOGGER=off
# A user without a home (a service account, a container) still needs a place for the package cache.
if [ -z "${HOME:-}" ] || [ ! -w "${HOME:-/nonexistent}" ]; then export DOTNET_CLI_HOME="$DATA/home" NUGET_PACKAGES="${NUGET_PACKAGES:-$DATA/packages}"; fi

# Passwords, keys and the database of one person live here.
make_data_folder() { mkdir -p "$LOGS" && chmod 700 "$DATA"; }

say() { printf '%s\n' "$*"; }
phase() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }
die() { printf '%s\n' "$*" >&2; exit "${DIE_CODE:-1}"; }

# Runs a command in the background with its output in a log, so that TERM and Ctrl-C are answered at once; shows the log's end on failure.
# What takes long says so now and then.
quietly() {
  local name=$1 code=0 began=$SECONDS told=$SECONDS
  shift
  make_data_folder
  "$@" >"$LOGS/$name.log" 2>&1 </dev/null 9>&- &
  CURRENT_CHILD=$!
  while kill -0 "$CURRENT_CHILD" 2>/dev/null; do
    sleep 0.1
    if [ $((SECONDS - told)) -ge 15 ]; then told=$SECONDS; phase "  still at it: $name, $((SECONDS - began)) s" >&2; fi
  done
  wait "$CURRENT_CHILD" || code=$?
  CURRENT_CHILD=""
  [ "$code" = 0 ] && return 0
  tail -n 40 "$LOGS/$name.log" >&2
  say "Failed: $* (exit $code; whole log: $LOGS/$name.log)" >&2
  return "$code"
}

# From /proc, because small images have no ps; ps is for the rest of the world.
process_state() { { if [ -d /proc/self ]; then sed -n 's/^.*) \(.\).*/\1/p' "/proc/$1/stat"; else ps -o stat= -p "$1"; fi; } 2>/dev/null || true; }
command_line() { { if [ -d /proc/self ]; then tr '\0' ' ' <"/proc/$1/cmdline"; else ps -o args= -p "$1"; fi; } 2>/dev/null || true; }

# A dead child that nobody has collected yet still has its number.
alive() { [ -n "${1:-}" ] && kill -0 "$1" 2>/dev/null && [[ $(process_state "$1") != Z* ]]; }

# TERM, then KILL when the patience is over. Background children of a script ignore INT, so INT is no use here.
stop_process() {
  local pid=$1 patience=${2:-30} waited=0
  alive "$pid" || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  while alive "$pid" && [ "$waited" -lt $((patience * 10)) ]; do sleep 0.1; waited=$((waited + 1)); done
  ! alive "$pid" || kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

stop_current_child() { [ -z "$CURRENT_CHILD" ] || stop_process "$CURRENT_CHILD" 5; }

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The wished-for port when it is free, else a free one outside the range that outgoing connections are given.
free_port() {
  local port=${1:-} tries=0
  while [ -z "$port" ] || port_is_open "$port"; do
    port=$((15000 + (RANDOM * 32768 + RANDOM) % 15000))
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || die "No free port was found on 127.0.0.1."
  done
  say "$port"
}

next_free_port() {
  local port=$1
  while port_is_open "$port"; do port=$((port + 1)); done
  say "$port"
}

# First line of an HTTP answer, without needing curl.
http_status() {
  local port=$1 path=$2 line=""
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 1
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$path" "$port" >&3
  IFS= read -r -t 5 line <&3 || true
  exec 3<&- 3>&-
  line=${line#* }
  say "${line%% *}"
}

random_key() { od -An -N"${1:-24}" -tx1 /dev/urandom | tr -d ' \n'; }
