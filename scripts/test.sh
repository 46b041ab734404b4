#!/usr/bin/env bash
# Everything that says whether this checkout is good: set-up, format, dependencies, lints, tests, end-to-end runs.
# The last line is "N passed, N failed": tests of the test runner, and each other section as one.
#
#   scripts/test.sh [--no-e2e]
set -uo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$DTEL_ROOT"

E2E=1
case "${1:-}" in
  '') ;;
  --no-e2e) E2E='' ;;
  *) die "usage: scripts/test.sh [--no-e2e]" ;;
esac

PASSED=0
FAILED=0
LOG_DIR="$(mktemp -d "${TMPDIR:-/tmp}/dtel-test.XXXXXX")"
TIMES=()

# section NAME COMMAND…: runs the command, counts it as one, prints how long it took.
section() {
  local name="$1" began=$SECONDS status=0
  shift
  step "$name"
  # A subshell: what ends the command with `exit` must not end this script.
  ("$@") || status=$?
  count "$name" "$began" "$status" "$((status == 0))" "$((status != 0))"
  return "$status"
}

# count NAME BEGAN STATUS PASSED FAILED: books a section. One that failed without a failed test counts as one.
count() {
  local name="$1" took=$((SECONDS - $2)) status="$3" passed="$4" failed="$5" verdict=ok
  if ((status != 0)); then
    verdict=FAILED
    ((failed > 0)) || failed=1
  fi
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  TIMES+=("$(printf '%-8s%8s  %s' "$verdict" "$(elapsed "$took")" "$name")")
  info "$name: $verdict in $(elapsed "$took")"
}

# The summary, always and last. Whoever got here by an error has failed.
finish() {
  local status=$?
  trap - EXIT
  ((status == 0 || FAILED > 0)) || FAILED=1
  ((PASSED > 0 || FAILED > 0)) || FAILED=1
  printf '\n'
  printf '%s\n' ${TIMES[@]+"${TIMES[@]}"}
  printf 'logs: %s\n%d passed, %d failed\n' "$LOG_DIR" "$PASSED" "$FAILED"
  exit "$((FAILED > 0))"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Format, without the network and without building anything.
check_format() { cargo fmt --all --check; }

# Lints share the release profile with the build, so build scripts and macros are compiled once.
check_lints() { cargo clippy --locked --release --workspace --all-targets -- -D warnings; }

unit_tests() {
  local began=$SECONDS status=0 log="$LOG_DIR/nextest.log" summary passed failed
  step "Unit, property and integration tests"
  # The runtime's pallets are tested with their benchmarks; dtel-node has no tests of its own.
  CARGO_TERM_COLOR=never cargo nextest run --locked --cargo-profile release --workspace --exclude dtel-node \
    --features runtime-benchmarks --no-fail-fast --status-level fail --final-status-level fail 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  summary="$(grep -E '^ *Summary ' "$log" | tail -n 1)"
  number() { sed -nE "s/.* ([0-9]+) $1.*/\\1/p" <<<"$summary"; }
  passed="$(number passed)"
  failed="$(number failed)"
  local timed_out
  timed_out="$(number 'timed out')"
  if ((status == 0 && ${passed:-0} == 0)); then
    info "no test ran"
    status=1
  fi
  count "tests" "$began" "$status" "$((${passed:-0}))" "$((${failed:-0} + ${timed_out:-0}))"
}

run_bin() { "$CARGO_TARGET_DIR/release/dtel-run" --dir "$LOG_DIR/$1" "${@:2}"; }

main_run() { run_bin main --eras 3 --json "$LOG_DIR/main.json"; }
restart_run() { run_bin restart --restart-node --json "$LOG_DIR/restart.json"; }
browser_run() { run_bin browser browser --script tests/browser/call.mjs; }

section "Set-up" scripts/setup.sh || exit 1
load_env
section "Format" check_format
section "Direction of dependencies" scripts/check-deps.py
section "Build" build_release || exit 1
section "Lints" check_lints
unit_tests
if [[ -n "$E2E" ]]; then
  section "End to end: the main run" main_run
  section "End to end: the chain node dies and returns" restart_run
  section "End to end: two browsers" browser_run
fi
