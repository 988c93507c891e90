# The stand-in providers, one process each. Ports are kept from run to run: addresses of covers end up in the database.
declare -A SANDBOX_PORT=()
SANDBOX_PROVIDERS=(images spotify slskd lrclib)
SANDBOX_ARTISTS=(4mMarbleHarbour0000001 4mAseLindqvist00000002 4mGlassTramway00000003)

choose_sandbox_ports() {
  local file="$DATA/sandbox/ports" provider port
  mkdir -p "$DATA/sandbox"
  if [ -f "$file" ]; then while read -r provider port; do SANDBOX_PORT[$provider]=$port; done <"$file"; fi
  : >"$file"
  for provider in "${SANDBOX_PROVIDERS[@]}"; do
    SANDBOX_PORT[$provider]=$(free_port "${SANDBOX_PORT[$provider]:-}")
    say "$provider ${SANDBOX_PORT[$provider]}" >>"$file"
  done
}

start_sandbox() {
  local provider pid
  choose_sandbox_ports
  for provider in "${SANDBOX_PROVIDERS[@]}"; do
    dotnet "$SANDBOX_DLL" --provider "$provider" --port "${SANDBOX_PORT[$provider]}" --state "$DATA/sandbox" --downloads "$DOWNLOADS_DIR" \
      --images-url "http://127.0.0.1:${SANDBOX_PORT[images]}" >"$LOGS/sandbox-$provider.log" 2>&1 </dev/null 9>&- &
    pid=$!
    remember_process "sandbox-$provider" "$pid"
  done
  for provider in "${SANDBOX_PROVIDERS[@]}"; do wait_for_sandbox "$provider"; done
}

wait_for_sandbox() {
  local provider=$1 tenths=0
  until grep -qs '^harmony-sandbox ready' "$LOGS/sandbox-$provider.log"; do
    tenths=$((tenths + 1))
    if [ "$tenths" -gt 600 ] || ! alive "$(cat "$PROCESSES/sandbox-$provider.pid")"; then
      tail -n 20 "$LOGS/sandbox-$provider.log" >&2
      die "The sandbox's $provider did not start."
    fi
    sleep 0.1
  done
}

sandbox_environment() {
  export SPOTIFY_API_BASE_URL="http://127.0.0.1:${SANDBOX_PORT[spotify]}/v1"
  export SPOTIFY_ACCOUNTS_BASE_URL="http://127.0.0.1:${SANDBOX_PORT[spotify]}"
  export SPOTIFY_CLIENT_ID=sandbox-client SPOTIFY_CLIENT_SECRET=sandbox-secret
  export SLSKD_BASE_URL="http://127.0.0.1:${SANDBOX_PORT[slskd]}" SLSKD_API_KEY=sandbox-slskd-key-0001
  # The stand-in for LRCLIB knows no lyrics.ovh address: it answers "not found", as the real one does for most songs.
  export LRCLIB_BASE_URL="http://127.0.0.1:${SANDBOX_PORT[lrclib]}" LYRICS_OVH_BASE_URL="http://127.0.0.1:${SANDBOX_PORT[lrclib]}"
  export ARTWORK_ALLOW_PRIVATE="127.0.0.1:${SANDBOX_PORT[images]}"
  export ENABLE_ARTWORK=true ENABLE_LYRICS=true
}

# Read by scripts/harmony, so that further processes join the same sandbox.
write_run_environment() {
  local name
  (
    umask 077
    for name in SPOTIFY_API_BASE_URL SPOTIFY_ACCOUNTS_BASE_URL SPOTIFY_CLIENT_ID SPOTIFY_CLIENT_SECRET SLSKD_BASE_URL SLSKD_API_KEY LRCLIB_BASE_URL LYRICS_OVH_BASE_URL \
      ARTWORK_ALLOW_PRIVATE ENABLE_ARTWORK ENABLE_LYRICS DOWNLOADS_DIR MUSIC_DIR HARMONY_KEYS_DIR; do
      [ -z "${!name:-}" ] || printf '%s="%s"\n' "$name" "${!name}"
    done >"$DATA/run.env"
  )
}

# There is something to see: artists of the sandbox, with everything they released. Watching them again changes nothing.
watch_sandbox_artists() { quietly watch dotnet "$HOST_DLL" watch --backlog all "${SANDBOX_ARTISTS[@]}"; }
