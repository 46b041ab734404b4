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

# What is tested: the pallets with their benchmarks; dtel-node has no tests of its own.
TEST_PACKAGES=(--workspace --exclude dtel-node --features runtime-benchmarks)

PASSED=0
FAILED=0
LOG_DIR="$(mktemp -d)"
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

# Lints in the build's profile, so that build scripts and macros are compiled once. First every target with its
# benchmarks, in the features of the tests and without wasm: the one that the binaries hold must stay the ordinary one.
# The node by itself, in the features of the build, because pallet-staking, which its SDK crates bring, does not compile
# with sp-staking's benchmarks. There only our own wasm is left out (clippy's compiler does not know the target):
# SKIP_WASM_BUILD would make the SDK's crates that read it be built anew, here and in the next build.
check_lints() {
  SKIP_WASM_BUILD=1 cargo clippy --locked --release "${TEST_PACKAGES[@]}" --all-targets -- -D warnings &&
    SKIP_DTEL_RUNTIME_WASM_BUILD=1 cargo clippy --locked --release "${DTEL_PACKAGES[@]}" -- -D warnings
}

# What the chain node's command line promises, and refuses.
node_command_line() {
  local node="$CARGO_TARGET_DIR/release/dtel-node" dir="$LOG_DIR/node" chain
  mkdir -p "$dir"
  for chain in dev local; do
    "$node" export-chain-spec --chain "$chain" --raw --output "$dir/$chain.json" 2>>"$dir/log" || return 1
    [[ "$(jq -r '.genesis.raw.top | length > 0' "$dir/$chain.json")" == true ]] || return 1
  done
  "$node" purge-chain -y --chain dev --base-path "$dir" 2>>"$dir/log" || return 1
  "$node" key generate --scheme sr25519 --output-type json | jq -e .publicKey >/dev/null || return 1
  refused "no address of a daemon on this machine" --worker-url http://10.0.0.1:7881 || return 1
  refused "no address of a daemon on this machine" --worker-url http://localhost.example.org:7881 || return 1
  refused "--offchain-worker never" --offchain-worker never --worker-url http://127.0.0.1:7881
}

# refused WORDS ARGUMENT…: the node does not start, and says why.
refused() {
  local words="$1" said
  shift
  if said="$(timeout 60 "$CARGO_TARGET_DIR/release/dtel-node" --dev --tmp "$@" 2>&1)"; then
    info "the node started with $*"
    return 1
  fi
  [[ "$said" == *"$words"* ]] || {
    info "the node should say \"$words\" about $*, but said: $said"
    return 1
  }
}

unit_tests() {
  local began=$SECONDS status=0 log="$LOG_DIR/nextest.log" summary passed failed
  step "Unit, property and integration tests"
  SKIP_WASM_BUILD=1 CARGO_TERM_COLOR=never cargo nextest run --locked --cargo-profile release "${TEST_PACKAGES[@]}" \
    --no-fail-fast --status-level fail --final-status-level fail 2>&1 | tee "$log"
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

# The examples in the docs, which the test runner does not know.
doc_tests() {
  SKIP_WASM_BUILD=1 cargo test --locked --release --doc "${TEST_PACKAGES[@]}"
}

run_bin() { "$CARGO_TARGET_DIR/release/dtel-run" --dir "$LOG_DIR/$1" "${@:2}"; }

main_run() { run_bin main --eras 3 --json "$LOG_DIR/main.json"; }
restart_run() { run_bin restart --restart-node --json "$LOG_DIR/restart.json"; }
voter_run() { run_bin voter --json "$LOG_DIR/voter.json" voter; }
# The program that checks a state is built as the tests are: in another set of features the SDK would be compiled once more.
upgrade_run() {
  build_rehearsal || return 1
  SKIP_WASM_BUILD=1 cargo build --locked --release "${TEST_PACKAGES[@]}" --example try_state || return 1
  run_bin upgrade --json "$LOG_DIR/upgrade.json" upgrade --wasm "$(rehearsal_wasm)" \
    --try-state "$CARGO_TARGET_DIR/release/examples/try_state"
}
# Both published client SDKs on one daemon, without a chain.
sdks_run() {
  mkdir -p "$LOG_DIR/sdks"
  DTEL_WORKER="$CARGO_TARGET_DIR/release/dtel-worker" DTEL_ARTEFACTS="$LOG_DIR/sdks" node tests/browser/signalling.mjs
}
# What both SDKs do in browsers, on the daemon with tokens of the server SDK; the tests' build has the example.
proof_run() {
  mkdir -p "$LOG_DIR/proof"
  DTEL_STANDALONE="$CARGO_TARGET_DIR/release/examples/standalone" DTEL_ARTEFACTS="$LOG_DIR/proof" node tests/browser/proof.mjs
}
# Clients that may only relay, through a real coturn.
turn_run() {
  mkdir -p "$LOG_DIR/turn"
  DTEL_WORKER="$CARGO_TARGET_DIR/release/dtel-worker" DTEL_ARTEFACTS="$LOG_DIR/turn" node tests/browser/turn.mjs
}
# Participants on another WebRTC stack.
foreign_run() {
  DTEL_WORKER="$CARGO_TARGET_DIR/release/dtel-worker" DTEL_ARTEFACTS="$LOG_DIR/foreign" \
    "$DTEL_CACHE/foreign/bin/python" tests/foreign/peer.py
}
browser_run() { run_bin browser browser --script tests/browser/call.mjs; }

section "Set-up" scripts/setup.sh || exit 1
load_env
section "Format" check_format
section "Direction of dependencies" scripts/check-deps.py
section "Build" build_release || exit 1
section "Lints" check_lints
unit_tests
section "Examples in the docs" doc_tests
section "Fuzz targets, five seconds each" scripts/fuzz.sh 5
section "The node's command line" node_command_line
if [[ -n "$E2E" ]]; then
  section "End to end: the main run" main_run
  section "End to end: the chain node dies and returns" restart_run
  section "End to end: two browsers" browser_run
  section "End to end: both client SDKs in one room" sdks_run
  section "End to end: calls in browsers, piece by piece" proof_run
  section "End to end: clients that may only relay" turn_run
  section "End to end: participants on aiortc" foreign_run
  section "End to end: a voter with @polkadot/api" voter_run
  section "End to end: an upgrade through a referendum" upgrade_run
fi
