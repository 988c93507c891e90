# Runs the built tests, says how far they are, and reads the one file that says what happened.
RESULTS="$ROOT/TestResults"
TESTS_TOTAL=""
FAILED_SHOWN=0

# Also with a name for each data row, as they are counted when they run. Its output is a sentence, then an indented line per test.
count_tests() { { dotnet test "$TESTS_DLL" --nologo --list-tests --filter "$1" </dev/null 2>/dev/null | grep -c '^    '; } || true; }

# "tests: 412 of 1700 done, 0 failed, 95 s", and each failure as soon as it is there.
tell_progress() {
  local log=$1 began=$2 finished failed line
  finished=$(grep -cE '^  (Passed|Failed|Skipped) ' "$log" || true)
  failed=$(grep -cE '^  Failed ' "$log" || true)
  if [ "$failed" -gt "$FAILED_SHOWN" ]; then
    [ ! -t 1 ] || printf '\r\033[K'
    grep -E '^  Failed ' "$log" | tail -n "+$((FAILED_SHOWN + 1))"
    FAILED_SHOWN=$failed
  fi
  line="tests: $finished${TESTS_TOTAL:+ of $TESTS_TOTAL} done, $failed failed, $((SECONDS - began)) s"
  if [ -t 1 ]; then printf '\r\033[K%s' "$line"; else say "$line"; fi
}

# Each failed test with its reason and its place, without what hosts logged meanwhile; and what the runner says at the end.
show_failures() {
  say "What failed (everything: $1):"
  awk '/^  Failed / { shown = 1 } /^  (Passed|Skipped) / { shown = 0 } /^(Test Run|Total tests|The active test run)/ { shown = 1 } shown && !/^ *[{]"/' "$1"
}

# A stopped script must not leave a test host behind: 'timeout' hands TERM on to its whole group.
run_tests() {
  local name=$1 filter=$2 minutes=$3 code=0 began=$SECONDS told=$SECONDS log="$LOGS/tests-$1.log" pace=10
  [ ! -t 1 ] || pace=1
  rm -rf "${RESULTS:?}/$name"
  mkdir -p "$RESULTS/$name"
  make_data_folder
  FAILED_SHOWN=0
  timeout --kill-after=20 "${minutes}m" dotnet test "$TESTS_DLL" --nologo --filter "$filter" --results-directory "$RESULTS/$name" \
    --logger "console;verbosity=normal" --logger "trx;LogFileName=run.trx" </dev/null >"$log" 2>&1 &
  CURRENT_CHILD=$!
  while kill -0 "$CURRENT_CHILD" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - told)) -ge "$pace" ]; then told=$SECONDS; tell_progress "$log" "$began"; fi
  done
  wait "$CURRENT_CHILD" || code=$?
  CURRENT_CHILD=""
  tell_progress "$log" "$began"
  [ ! -t 1 ] || say ""
  [ "$code" = 0 ] || show_failures "$log"
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
