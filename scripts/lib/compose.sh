# Keys for compose.yaml. There are no default ones anywhere: each installation makes its own.
write_compose_env() {
  local file="$ROOT/.env"
  if [ -e "$file" ]; then say ".env is there already and stays as it is."; return 0; fi
  (
    umask 077
    cat >"$file.new" <<ENV
# Written by scripts/setup --compose. What can be set at all is in .env.example.
POSTGRES_PASSWORD=$(random_key)
HARMONY_API_KEYS=owner:admin:$(random_key)
SLSKD_API_KEY=$(random_key)
SLSKD_WEB_PASSWORD=$(random_key 12)
# Yours to fill in: the Soulseek account, and the Spotify app.
SOULSEEK_USERNAME=
SOULSEEK_PASSWORD=
SPOTIFY_CLIENT_ID=
SPOTIFY_CLIENT_SECRET=
SPOTIFY_REFRESH_TOKEN=
ENV
  )
  mv "$file.new" "$file"
  say "Wrote .env with generated keys. Fill in Soulseek and Spotify there, then: docker compose up --build"
}
