#!/usr/bin/env bash
# Builds the fuzz targets with coverage counters and runs each for a while, from the committed corpora.
#
#   scripts/fuzz.sh [SECONDS [TARGET...]]      ten seconds of each, or of the targets that are named
#   DTEL_FUZZ_SEED=N                            another walk than the one that every run takes without it
#   DTEL_FUZZ_KEEP=DIR                         what is found goes there instead of being forgotten: DIR/TARGET
#
# The compiler is the ordinary one: counters are a pass of LLVM, which stable compilers have, too. Fails on a crash, with the
# input that caused it; see fuzz/README.md.
set -uo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_env
cd "$DTEL_ROOT/fuzz"

SECONDS_EACH="${1:-10}"
shift $(($# > 0))
TARGETS=("$@")
((${#TARGETS[@]})) || mapfile -t TARGETS < <(ls corpora)

# Never that of another build: these flags are for everything in it.
HOST="$(rustc -vV | sed -n 's/^host: //p')"
export CARGO_TARGET_DIR="$CARGO_TARGET_DIR/fuzz"
export CARGO_INCREMENTAL=0
FLAGS=(-Cpasses=sancov-module -Ccodegen-units=1 --cfg fuzzing)
FLAGS+=(-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters)
FLAGS+=(-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares)
# With a target named, build scripts and macros are built without the flags.
RUSTFLAGS="${FLAGS[*]}" cargo build --locked --release --target "$HOST" || die "the fuzz targets were not built"
PROGRAM="$CARGO_TARGET_DIR/$HOST/release/dtel-fuzz"

RUNS="$(mktemp -d)"
trap 'rm -rf "$RUNS"' EXIT

# run TARGET: from the corpus, into a directory that is forgotten unless it is wanted.
run() {
  local target="$1" found="${DTEL_FUZZ_KEEP:-$RUNS}/$1"
  mkdir -p "$found" "$DTEL_ROOT/fuzz/crashes"
  # Time is bounded twice: that of the run, and that of one input.
  DTEL_FUZZ_TARGET="$target" "$PROGRAM" -seed="${DTEL_FUZZ_SEED:-1}" -max_total_time="$SECONDS_EACH" -timeout=20 -rss_limit_mb=2048 -max_len=8192 \
    -artifact_prefix="$DTEL_ROOT/fuzz/crashes/$target-" "$found" "corpora/$target" >"$RUNS/$target.log" 2>&1
}

# As many at a time as there are processors.
failed=0
running=()
names=()
wait_first() {
  local target="${names[0]}"
  if wait "${running[0]}"; then
    info "$target: $(grep -oE '^(Done|stat::number_of_executed_units).*' "$RUNS/$target.log" | tail -n 1), $(grep -oE 'cov: [0-9]+' "$RUNS/$target.log" | tail -n 1)"
  else
    info "$target: FAILED"
    tail -n 40 "$RUNS/$target.log" >&2
    failed=1
  fi
  running=("${running[@]:1}")
  names=("${names[@]:1}")
}
for target in "${TARGETS[@]}"; do
  ((${#running[@]} < $(nproc))) || wait_first
  run "$target" &
  running+=($!)
  names+=("$target")
done
while ((${#running[@]})); do wait_first; done
exit "$failed"
