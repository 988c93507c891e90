# What this clone has started, by id, so that a run that was killed can be tidied up by the next one.
PROCESSES="$DATA/run"

remember_process() { mkdir -p "$PROCESSES" && say "$2" >"$PROCESSES/$1.pid"; }

# A number is only ours while its command line names a file of this clone: ids are used again.
stop_remembered() {
  local file pid
  for file in "$PROCESSES"/*.pid; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    case "$(command_line "$pid")" in *"$ROOT"/*) stop_process "$pid" "${1:-30}" ;; esac
    rm -f "$file"
  done
}

# One run per clone. Descriptor 9 stays with the script alone; children get 9>&-.
take_run_lock() {
  make_data_folder
  exec 9>"$DATA/run.lock"
  flock -n 9 || die "scripts/run is at work in this clone already; stop it with Ctrl-C there, or with scripts/run --stop."
  mkdir -p "$PROCESSES"
  say $$ >"$PROCESSES/script"
}

stop_other_run() {
  [ -f "$DATA/run.lock" ] || return 0
  exec 9>"$DATA/run.lock"
  ! flock -n 9 || return 0
  stop_process "$(cat "$PROCESSES/script")" 90
}
