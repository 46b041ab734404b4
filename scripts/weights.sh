#!/usr/bin/env bash
# Measures the weights of our pallets and writes pallets/*/src/weights.rs.
#
#   scripts/weights.sh [PALLET ...]     registry staking attestation rewards penalties validators by default
#
# The runtime is built with its benchmarks into wasm; the ordinary node binary runs them.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=/dev/null
source scripts/lib.sh
load_env

pallets=("$@")
[ ${#pallets[@]} -gt 0 ] || pallets=(registry staking attestation rewards penalties validators)
steps=${STEPS:-20} repeat=${REPEAT:-10}

# `check` runs the build script, which builds the wasm; the native runtime itself is not needed.
bench_target="$CARGO_TARGET_DIR/benchmarks"
echo "building the runtime with its benchmarks …"
CARGO_TARGET_DIR="$bench_target" cargo check --release --locked -p dtel-runtime --features runtime-benchmarks
wasm=$(ls -t "$bench_target"/release/wbuild/dtel-runtime/dtel_runtime.compact.compressed.wasm | head -1)
# The node makes the genesis state: it has to be of this checkout, too, or that state is another layout's.
build_release
node="$CARGO_TARGET_DIR/release/dtel-node"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for pallet in "${pallets[@]}"; do
	echo "measuring pallet $pallet …"
	"$node" benchmark pallet --runtime "$wasm" --genesis-builder=runtime --genesis-builder-preset=development \
		--pallet "pallet_dtel_$pallet" --extrinsic '*' --steps "$steps" --repeat "$repeat" \
		--template scripts/weights.hbs --output "pallets/$pallet/src/weights.rs" 2>&1 | tee "$log"
	# What cannot be read is logged each time, and measured.
	! grep -q "Corrupted state" "$log" || die "the state that was measured is not of this layout"
done
