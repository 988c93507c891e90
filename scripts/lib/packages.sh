# Debian's packages, where we may install them; a plain sentence where we may not.
APT_OPTIONS=(-qq -y --no-install-recommends -o DPkg::Lock::Timeout=180)

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
  # Slim images carry no lists at all; stale ones show as a failed download.
  DEBIAN_FRONTEND=noninteractive apt-get "${APT_OPTIONS[@]}" install "$@" 2>/dev/null && return 0
  apt-get -qq -o DPkg::Lock::Timeout=180 update
  DEBIAN_FRONTEND=noninteractive apt-get "${APT_OPTIONS[@]}" install "$@"
}

# What the tests look through: a browser for the pages, two other readers for the audio.
need_test_programs() {
  local missing=() program
  for program in chromium flac ffmpeg; do command -v "$program" >/dev/null || missing+=("$program"); done
  [ "${#missing[@]}" != 0 ] || return 0
  if may_install; then
    phase "Installing Debian's ${missing[*]} for the tests"
    quietly packages apt_install "${missing[@]}" || die "Installing ${missing[*]} failed; install them by hand and try again."
  else
    say "The tests also use ${missing[*]}; as root: apt-get install ${missing[*]}"
  fi
}
