# The SDK, packages and the build itself.
need_sdk() {
  command -v dotnet >/dev/null || die "The .NET 10 SDK is missing. Install it (https://dotnet.microsoft.com/download/dotnet/10.0, or your system's package dotnet-sdk-10.0) so that 'dotnet' is on PATH, or use 'scripts/setup --compose' and 'docker compose up'."
  (cd "$ROOT" && dotnet --version >/dev/null 2>&1) || die "The dotnet on PATH ($(command -v dotnet)) has no SDK that global.json accepts: .NET 10 is needed. Found: $(dotnet --list-sdks 2>/dev/null | tr '\n' ' ')"
}

# Exactly the versions of packages.lock.json: one that is not served is an error that names it.
restore_all() { quietly restore dotnet restore "$ROOT/Harmony.sln" --locked-mode -v q; }

write_lock_files() { quietly restore dotnet restore "$ROOT/Harmony.sln" -p:RestoreLockedMode=false --force-evaluate -v q; }

# Everything a build reads.
list_sources() {
  find "$ROOT" \( -name bin -o -name obj -o -name .git -o -name .data -o -name TestResults -o -name reports \) -prune -o -type f \
    \( -name '*.cs' -o -name '*.razor' -o -name '*.css' -o -name '*.js' -o -name '*.sql' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name 'packages.lock.json' \) "$@" -print
}

sources_changed_since() {
  local stamp=$1
  [ -f "$stamp" ] || return 0
  [ "$(list_sources | LC_ALL=C sort | cksum)" = "$(cat "$stamp")" ] || return 0
  [ "$(list_sources -newer "$stamp" | wc -l)" -gt 0 ]
}

# A build that has nothing to do still costs seconds; a stamp beside the output costs none. 'git clean' takes both.
build_project() {
  local project=$1 output=$2 stamp="${2%/*}/.built"
  if [ -f "$output" ] && ! sources_changed_since "$stamp"; then
    [ "${SAY_UP_TO_DATE:-true}" = false ] || phase "Build: $project is up to date"
    return 0
  fi
  make_data_folder
  # Taken before the build: a file saved while it runs is built next time.
  touch "$LOGS/.build-began"
  phase "Packages: $project"
  quietly "restore-$project" dotnet restore "$ROOT/$project" -v q -nologo
  phase "Build: $project"
  quietly "build-$project" dotnet build "$ROOT/$project" -c "$CONFIGURATION" -v q -nologo --no-restore
  [ -f "$output" ] || die "The build of $project made no $output."
  list_sources | LC_ALL=C sort | cksum >"$stamp"
  touch -r "$LOGS/.build-began" "$stamp"
}

build_host() { build_project Harmony.Api "$HOST_DLL"; }
build_sandbox() { build_project Harmony.Sandbox "$SANDBOX_DLL"; }
build_bench() { build_project Harmony.Bench "$BENCH_DLL"; }
build_tests() { build_project Harmony.Tests "$TESTS_DLL"; }
