# Private PostgreSQL clusters: the lasting one of scripts/run and throw-away ones for tests and benches.
# Always TCP on 127.0.0.1 and a port of its own: 5432 may be taken, and a socket path may be too long.
PG_BIN=""
PG_OWNER=""

postgres_directories() {
  # shellcheck disable=SC2012 # these folders are named by package makers
  ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* /opt/homebrew/opt/postgresql@*/bin 2>/dev/null | sort -rV
  ! command -v initdb >/dev/null || dirname "$(readlink -f "$(command -v initdb)")"
}

find_postgres() {
  local directory
  for directory in ${HARMONY_PG_BIN:-} $(postgres_directories); do
    if [ -x "$directory/initdb" ] && [ -x "$directory/postgres" ] && [ -x "$directory/pg_ctl" ] && [ -x "$directory/psql" ]; then PG_BIN=$directory; return 0; fi
  done
  return 1
}

# The package makes and starts a system cluster unless told not to: it is not ours to add to this machine.
install_postgres() {
  local conf=/etc/postgresql-common/createcluster.d/harmony-none.conf code=0
  mkdir -p "${conf%/*}"
  printf 'create_main_cluster = false\n' >"$conf"
  quietly postgresql-package apt_install postgresql || code=$?
  rm -f "$conf"
  return "$code"
}

need_postgres() {
  if ! find_postgres; then
    may_install || die "PostgreSQL's programs (initdb, postgres) are missing. Install them (Debian: apt-get install postgresql), or set DATABASE_URL to a running one, or use 'scripts/setup --compose' and 'docker compose up'."
    phase "Installing Debian's postgresql (without a system cluster)"
    install_postgres || die "Installing postgresql failed. Set DATABASE_URL to a running one, or use 'docker compose up'."
    find_postgres || die "postgresql was installed, but its initdb was not found; set HARMONY_PG_BIN."
  fi
  export HARMONY_PG_BIN=$PG_BIN
  # postgres refuses to run as root.
  if [ "$(id -u)" = 0 ]; then
    PG_OWNER=nobody
    ! getent passwd postgres >/dev/null || PG_OWNER=postgres
  fi
}

as_owner() (
  cd /
  if [ -z "$PG_OWNER" ]; then exec env LC_ALL=C "$@"; fi
  exec runuser -u "$PG_OWNER" -- env LC_ALL=C "$@"
)

owned_directory() {
  mkdir -p "$1"
  [ -z "$PG_OWNER" ] || chown "$PG_OWNER" "$1"
  chmod 700 "$1"
}

# As root the lasting cluster lives outside the clone: a 0700 parent would stop the owner. A clone is known by an id of its own,
# so a clone that moves keeps its data, a copy gets new data, and a fresh clone in an old place starts empty.
lasting_cluster() {
  local id place recorded
  [ -z "$PG_OWNER" ] && { say "$DATA/postgres"; return 0; }
  mkdir -p "$DATA"
  id=$(cat "$DATA/id" 2>/dev/null || true)
  place=${HARMONY_STATE_DIR:-/var/lib}
  if [ -n "$id" ]; then
    recorded=$(cat "$place/harmony-$id/clone" 2>/dev/null || true)
    if [ -n "$recorded" ] && [ "$recorded" != "$ROOT" ] && [ "$(cat "$recorded/.data/id" 2>/dev/null || true)" = "$id" ]; then id=""; fi
  fi
  [ -n "$id" ] || { id=$(random_key 6); say "$id" >"$DATA/id"; }
  [ -d "$place/harmony-$id" ] || { mkdir -p "$place/harmony-$id"; chmod 711 "$place/harmony-$id"; }
  say "$ROOT" >"$place/harmony-$id/clone"
  say "$place/harmony-$id/postgres"
}

create_cluster() {
  local cluster=$1 locale=C.UTF-8
  shift
  [ ! -f "$cluster/data/PG_VERSION" ] || return 0
  owned_directory "$cluster"
  # A kill in the middle of initdb leaves only data.new behind.
  rm -rf "$cluster/data.new"
  random_key 16 >"$cluster/password"
  [ -z "$PG_OWNER" ] || chown "$PG_OWNER" "$cluster/password"
  chmod 600 "$cluster/password"
  locale -a 2>/dev/null | grep -qi '^C\.utf-\?8$' || locale=C
  quietly initdb as_owner "$PG_BIN/initdb" -D "$cluster/data.new" -E UTF8 --locale="$locale" -U harmony --auth=scram-sha-256 --pwfile="$cluster/password" "$@"
  mv "$cluster/data.new" "$cluster/data"
}

cluster_pid() {
  local cluster=$1 pid
  pid=$(head -n 1 "$cluster/data/postmaster.pid" 2>/dev/null || true)
  alive "$pid" || return 1
  # After a reboot the number may belong to anybody.
  case "$(command_line "$pid")" in *"$cluster/data"*) say "$pid" ;; *) return 1 ;; esac
}

# postgres copes with the pid file of a dead server by itself, and checks for surviving backends by it. Only a number that now belongs to
# somebody else's process (after a reboot) stops it for ever; backends would still have the data folder as their working directory.
forget_stranger() {
  local cluster=$1 folder
  alive "$(head -n 1 "$cluster/data/postmaster.pid" 2>/dev/null || true)" || return 0
  for folder in /proc/[0-9]*/cwd; do [ "$(readlink "$folder" 2>/dev/null || true)" != "$cluster/data" ] || return 0; done
  rm -f "$cluster/data/postmaster.pid"
}

cluster_port() { sed -n 4p "$1/data/postmaster.pid" | tr -d ' '; }

# Data made by another major version is kept and named, never touched.
check_version() {
  local made have
  made=$(cat "$1/data/PG_VERSION")
  have=$("$PG_BIN/postgres" --version | sed 's/.* \([0-9]*\)[.a-z].*/\1/')
  [ "$made" = "$have" ] || die "The cluster in $1 was made by PostgreSQL $made, but $PG_BIN is $have. Set HARMONY_PG_BIN to version $made, or move the folder away."
}

start_cluster() {
  local cluster=$1 options="-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c jit=off" port tries=0
  shift
  ! cluster_pid "$cluster" >/dev/null || return 0
  check_version "$cluster"
  while [ "$#" != 0 ]; do options="$options -c $1"; shift; done
  port=$(free_port "$(cat "$cluster/port" 2>/dev/null || true)")
  forget_stranger "$cluster"
  until as_owner "$PG_BIN/pg_ctl" -D "$cluster/data" -s -w -t 60 -l "$cluster/log" -o "-p $port $options" start >/dev/null 2>&1 </dev/null 9>&-; do
    # Backends of a killed server may outlive it for a moment, and a free port may be taken meanwhile.
    tries=$((tries + 1))
    [ "$tries" -lt 6 ] || { tail -n 15 "$cluster/log" >&2; die "PostgreSQL did not start; its log: $cluster/log"; }
    sleep 1
    port=$(free_port)
  done
  say "$port" >"$cluster/port"
}

stop_cluster() {
  local cluster=$1 mode=${2:-fast}
  cluster_pid "$cluster" >/dev/null || return 0
  as_owner "$PG_BIN/pg_ctl" -D "$cluster/data" -s -w -t 60 -m "$mode" stop >/dev/null 2>&1 \
    || as_owner "$PG_BIN/pg_ctl" -D "$cluster/data" -s -w -t 20 -m immediate stop >/dev/null 2>&1 || true
}

cluster_sql() {
  local cluster=$1 database=$2
  PGPASSWORD=$(cat "$cluster/password") "$PG_BIN/psql" -X -q -tA -h 127.0.0.1 -p "$(cluster_port "$cluster")" -U harmony -d "$database" -c "$3"
}

cluster_url() { say "postgres://harmony:$(cat "$1/password")@127.0.0.1:$(cluster_port "$1")/${2:-harmony}"; }

use_lasting_cluster() {
  LASTING_CLUSTER=$(lasting_cluster)
  create_cluster "$LASTING_CLUSTER"
  start_cluster "$LASTING_CLUSTER"
  [ "$(cluster_sql "$LASTING_CLUSTER" postgres "select 1 from pg_database where datname = 'harmony'")" = 1 ] \
    || cluster_sql "$LASTING_CLUSTER" postgres "create database harmony"
  DATABASE_URL=$(cluster_url "$LASTING_CLUSTER")
  export DATABASE_URL
  # For psql "$(cat .data/database.url)".
  (umask 077 && say "$DATABASE_URL" >"$DATA/database.url")
}
