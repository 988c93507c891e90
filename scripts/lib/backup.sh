# What scripts/backup and scripts/restore share: which database, by which programs, and what an archive holds.
# Passwords travel in the environment (PGPASSWORD), never on a command line.
BACKUP_FORMAT=1
BACKUP_PLACE=""

url_decode() { local text=${1//\\/\\\\}; printf '%b' "${text//%/\\x}"; }

set_pg_option() {
  local value=$2
  case ${1,,} in
    host | server) export PGHOST=$value ;;
    port) export PGPORT=$value ;;
    database | dbname) export PGDATABASE=$value ;;
    username | "user name" | user | "user id" | userid) export PGUSER=$value ;;
    password) export PGPASSWORD=$value ;;
    sslmode | "ssl mode") value=${value,,}; case $value in verifyca) value=verify-ca ;; verifyfull) value=verify-full ;; esac; export PGSSLMODE=$value ;;
    sslrootcert | "root certificate") export PGSSLROOTCERT=$value ;;
  esac
}

pg_from_pairs() {
  local pair
  local -a pairs
  IFS=';' read -ra pairs <<<"$1"
  for pair in "${pairs[@]}"; do [ -z "$pair" ] || set_pg_option "$(printf '%s' "${pair%%=*}" | sed 's/^ *//; s/ *$//')" "${pair#*=}"; done
}

pg_from_url() {
  local rest=${1#*://} authority path query="" at pair
  local -a pairs
  if [[ $rest == *\?* ]]; then query=${rest#*\?}; rest=${rest%%\?*}; fi
  authority=${rest%%/*}
  path=""
  [[ $rest != */* ]] || path=${rest#*/}
  export PGHOST=localhost
  if [[ $authority == *@* ]]; then
    at=${authority%@*}
    authority=${authority##*@}
    PGUSER=$(url_decode "${at%%:*}")
    export PGUSER
    if [[ $at == *:* ]]; then PGPASSWORD=$(url_decode "${at#*:}"); export PGPASSWORD; fi
  fi
  if [[ $authority =~ ^(.*):([0-9]+)$ ]]; then authority=${BASH_REMATCH[1]}; export PGPORT=${BASH_REMATCH[2]}; fi
  authority=${authority#[}
  authority=${authority%]}
  if [ -n "$authority" ]; then PGHOST=$(url_decode "$authority"); fi
  PGDATABASE=$(url_decode "$path")
  export PGDATABASE
  IFS='&' read -ra pairs <<<"$query"
  for pair in ${pairs[@]+"${pairs[@]}"}; do set_pg_option "${pair%%=*}" "$(url_decode "${pair#*=}")"; done
}

# The same address the host would use, as libpq wants it.
settle_address() {
  local url=${DATABASE_URL:-} password=${POSTGRES_PASSWORD:-}
  if [ -z "$url" ] && [ -n "${DATABASE_URL_FILE:-}" ]; then url=$(<"$DATABASE_URL_FILE"); fi
  unset PGHOST PGPORT PGDATABASE PGUSER PGPASSWORD PGSERVICE PGOPTIONS
  if [[ $url == *://* ]]; then pg_from_url "$url"
  elif [ -n "$url" ]; then pg_from_pairs "$url"
  else
    if [ -z "$password" ] && [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then password=$(<"$POSTGRES_PASSWORD_FILE"); fi
    export PGHOST=${POSTGRES_HOST:-localhost} PGPORT=${POSTGRES_PORT:-5432} PGDATABASE=${POSTGRES_DB:-harmony} PGUSER=${POSTGRES_USER:-harmony}
    [ -z "$password" ] || export PGPASSWORD=$password
  fi
  export PGSSLMODE=${PGSSLMODE:-${DATABASE_SSLMODE:-prefer}} PGCONNECT_TIMEOUT=10 PGAPPNAME=harmony-backup
  [ -n "${PGDATABASE:-}" ] || DIE_CODE=70 die "DATABASE_URL names no database: give postgresql://user:password@host:port/database."
}

# The private cluster of scripts/run is started when need be, and stopped again by whoever started it.
STARTED_CLUSTER=""
use_database() {
  load_env_file "$ROOT/.env"
  if database_is_given; then
    find_postgres || PG_BIN=$(dirname "$(command -v pg_dump || say /nowhere/pg_dump)")
  else
    need_postgres >&2
    local cluster
    cluster=$(lasting_cluster)
    cluster_pid "$cluster" >/dev/null || STARTED_CLUSTER=$cluster
    use_lasting_cluster >&2
  fi
  local program
  for program in pg_dump pg_restore psql; do
    [ -x "$PG_BIN/$program" ] || die "$program is missing. Install PostgreSQL's client programs (Debian: apt-get install postgresql-client), or set HARMONY_PG_BIN."
  done
  settle_address
  HANGFIRE_SCHEMA=${HARMONY_HANGFIRE_SCHEMA:-hangfire}
  [[ $HANGFIRE_SCHEMA =~ ^[a-z][a-z0-9_]*$ ]] || DIE_CODE=70 die "HARMONY_HANGFIRE_SCHEMA '$HANGFIRE_SCHEMA' is no schema name: use a-z, 0-9 and _."
  KEYS_DIR=${HARMONY_KEYS_DIR:-$DATA/keys}
  SETTINGS_FILE=${HARMONY_ENV_FILE:-$ROOT/.env}
  sql "select 1" >/dev/null || DIE_CODE=69 die "The database $PGDATABASE on $PGHOST does not answer; the reason is above. (DATABASE_URL says which one; it must exist, empty is enough.)"
}

sql() { "$PG_BIN/psql" -X -q -tA -v ON_ERROR_STOP=1 -c "$1"; }

# Newest migration applied, nothing when the database is none of ours.
schema_version() {
  [ "$(sql "select to_regclass('public.harmony_migration') is not null")" = t ] || return 0
  sql "select max(version) from public.harmony_migration"
}

end_backup() {
  local code=$?
  trap - EXIT
  set +e
  stop_current_child
  [ -z "$BACKUP_PLACE" ] || rm -rf "$BACKUP_PLACE"
  [ -z "$STARTED_CLUSTER" ] || stop_cluster "$STARTED_CLUSTER"
  exit "$code"
}
