# Runs the built tests and reads the one file that says what happened.
RESULTS="$ROOT/TestResults"

# A stopped script must not leave a test host behind: 'timeout' hands TERM on to its whole group.
run_tests() {
  local name=$1 filter=$2 minutes=$3 code=0
  rm -rf "${RESULTS:?}/$name"
  mkdir -p "$RESULTS/$name"
  timeout --kill-after=20 "${minutes}m" dotnet test "$TESTS_DLL" --nologo --filter "$filter" --results-directory "$RESULTS/$name" \
    --logger "console;verbosity=minimal" --logger "trx;LogFileName=run.trx" </dev/null &
  CURRENT_CHILD=$!
  wait "$CURRENT_CHILD" || code=$?
  CURRENT_CHILD=""
  [ "$code" != 124 ] || say "The tests were stopped after $minutes minutes."
  return "$code"
}

# One "outcome<TAB>name" line per test.
list_outcomes() {
  [ ! -f "$RESULTS/$1/run.trx" ] || sed -n 's/.*<UnitTestResult .*testName="\([^"]*\)".* outcome="\([^"]*\)".*/\2\t\1/p' "$RESULTS/$1/run.trx"
}

count_outcome() { list_outcomes "$1" | cut -f1 | grep -cE "$2" || true; }

# The last line of scripts/test. A run that broke without a failing test (a crash, the ceiling) counts as a failure, and so do zero tests.
tell_outcome() {
  local name=$1 code=$2 passed failed skipped
  passed=$(count_outcome "$name" '^Passed$')
  skipped=$(count_outcome "$name" '^(NotExecuted|Inconclusive|Pending)$')
  failed=$(count_outcome "$name" '^(Failed|Error|Timeout|Aborted|Disconnected)$')
  if [ "$code" != 0 ] && [ "$failed" = 0 ]; then say "The test run itself failed (exit $code)."; failed=1; fi
  if [ $((passed + failed + skipped)) = 0 ]; then say "No test ran."; failed=1; fi
  say "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
}
