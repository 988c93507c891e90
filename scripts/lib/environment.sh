# Reads .env the way the host does: the process environment wins, quotes are taken off, nothing is executed.
# RETRY_* keys are left to the host, which reads them again while it runs.
load_env_file() {
  local file=$1 line key value
  [ -f "$file" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    [[ $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
    key=${BASH_REMATCH[2]}
    value=${BASH_REMATCH[3]}
    [[ $key != RETRY_* ]] || continue
    if [[ $value =~ ^\"(.*)\"[[:space:]]*$ || $value =~ ^\'(.*)\'[[:space:]]*$ ]]; then value=${BASH_REMATCH[1]}
    else value=${value%%[[:space:]]#*}; value=${value%"${value##*[![:space:]]}"}; fi
    [ -n "${!key+set}" ] || export "$key=$value"
  done <"$file"
}

database_is_given() { [ -n "${DATABASE_URL:-}${DATABASE_URL_FILE:-}${POSTGRES_HOST:-}" ]; }

# The sandbox stands in until somebody has told Harmony about a real provider.
providers_are_given() {
  [ -n "${SPOTIFY_CLIENT_ID:-}${SPOTIFY_CLIENT_ID_FILE:-}${SLSKD_BASE_URL:-}${SLSKD_URL:-}${SLSKD_HOST:-}" ]
}

# The host takes a file that is named at its word, and without a name it would read one of the working directory.
name_env_file() {
  if [ -z "${HARMONY_ENV_FILE:-}" ]; then
    HARMONY_ENV_FILE=$ROOT/.env
    [ -f "$HARMONY_ENV_FILE" ] || HARMONY_ENV_FILE=/dev/null
  fi
  export HARMONY_ENV_FILE
}
