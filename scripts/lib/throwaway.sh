# A cluster that lives as long as the script that made it.
THROWAWAY=""
THROWAWAY_PLACE=${TMPDIR:-/tmp}

# What a killed script left: its folder names the script's process.
remove_left_clusters() {
  local folder owner
  for folder in "$THROWAWAY_PLACE"/harmony-pg-*; do
    if [ ! -f "$folder/owner" ] || [ ! -O "$folder" ]; then continue; fi
    owner=$(cat "$folder/owner")
    ! alive "$owner" || continue
    stop_cluster "$folder/cluster" immediate
    rm -rf "$folder"
  done
}

# throwaway_cluster durable|fast
throwaway_cluster() {
  local settings=()
  remove_left_clusters
  # A TMPDIR of the caller's own may be closed to the user that postgres runs as.
  if [ -n "$PG_OWNER" ] && ! as_owner test -x "$THROWAWAY_PLACE"; then THROWAWAY_PLACE=/tmp; fi
  THROWAWAY=$(mktemp -d "$THROWAWAY_PLACE/harmony-pg-XXXXXX")
  say $$ >"$THROWAWAY/owner"
  chmod 711 "$THROWAWAY"
  [ "$1" = durable ] || settings=(fsync=off full_page_writes=off)
  create_cluster "$THROWAWAY/cluster" -N
  start_cluster "$THROWAWAY/cluster" ${settings[@]+"${settings[@]}"}
}

remove_throwaway() {
  [ -n "$THROWAWAY" ] || return 0
  stop_cluster "$THROWAWAY/cluster" immediate
  rm -rf "$THROWAWAY"
  THROWAWAY=""
}

# Npgsql's form, to the maintenance database, with the right to create databases.
throwaway_connection_string() {
  say "Host=127.0.0.1;Port=$(cluster_port "$THROWAWAY/cluster");Username=harmony;Password=$(cat "$THROWAWAY/cluster/password");Database=postgres"
}
