# What lies in the music folder, told without knowing the database.
AUDIO=(-name '*.flac' -o -name '*.mp3' -o -name '*.m4a' -o -name '*.ogg' -o -name '*.opus')

list_tracks() { (cd "$MUSIC_DIR" 2>/dev/null && find . -type f ! -path '*/.*/*' ! -name '.*' \( "${AUDIO[@]}" \) | sed 's|^\./||' | LC_ALL=C sort) || true; }

# A picture inside the file shows by its MIME type in FLAC and ID3; m4a keeps none, so a cover beside it counts as well.
has_cover() {
  local folder=${1%/*}
  LC_ALL=C grep -qam1 'image/\(jpeg\|png\)' "$MUSIC_DIR/$1" || [ -f "$MUSIC_DIR/$folder/cover.jpg" ] || [ -f "$MUSIC_DIR/$folder/cover.png" ]
}

# 20 tracks of 3 artists, each with its cover, and lyrics for each artist.
shelf_is_filled() {
  local tracks artists covered=0 track
  tracks=$(list_tracks)
  [ "$(grep -c . <<<"$tracks")" -ge 20 ] || return 1
  artists=$(cut -d/ -f1 <<<"$tracks" | sort -u)
  [ "$(wc -l <<<"$artists")" -ge 3 ] || return 1
  while IFS= read -r track; do ! has_cover "$track" || covered=$((covered + 1)); done <<<"$tracks"
  [ "$covered" -ge 20 ] || return 1
  [ "$(cd "$MUSIC_DIR" && find . -name '*.lrc' | cut -d/ -f2 | sort -u | wc -l)" -ge 3 ]
}
