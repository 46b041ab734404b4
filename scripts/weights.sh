#!/usr/bin/env bash
# Measures weights: of our pallets into pallets/*/src/weights.rs, of stock ones, with this runtime's constants, into
# runtime/src/weights/.
#
#   scripts/weights.sh [NAME ...]     a folder of pallets/, or the name of a stock crate; "ours" and "stock" are all of each
#
# Without a name: ours. STEPS and REPEAT say how many points and how often, DURATION how many seconds for each benchmark at least. The runtime is built with its benchmarks into wasm;
# the ordinary node binary runs them.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=/dev/null
source scripts/lib.sh
load_env

OURS=(registry staking attestation rewards penalties validators vesting claims)
STOCK=(frame_system frame_system_extensions pallet_transaction_payment pallet_balances pallet_timestamp
	pallet_utility pallet_proxy pallet_multisig pallet_preimage pallet_scheduler pallet_referenda pallet_whitelist pallet_collective pallet_parameters pallet_treasury
	pallet_bounties pallet_child_bounties pallet_safe_mode pallet_tx_pause pallet_session pallet_conviction_voting)
names=()
for name in "${@:-ours}"; do
	case "$name" in
	ours) names+=("${OURS[@]}") ;;
	stock) names+=("${STOCK[@]}") ;;
	*)
		[[ -d "pallets/$name" || " ${STOCK[*]} " == *" $name "* ]] ||
			die "no pallet $name; ours: ${OURS[*]}; stock: ${STOCK[*]}"
		names+=("$name")
		;;
	esac
done
steps=${STEPS:-20} repeat=${REPEAT:-10} duration=${DURATION:-10}

# `check` runs the build script, which builds the wasm; the native runtime itself is not needed.
bench_target="$CARGO_TARGET_DIR/benchmarks"
step "Building the runtime with its benchmarks"
CARGO_TARGET_DIR="$bench_target" cargo check --release --locked -p dtel-runtime --features runtime-benchmarks
wasm="$bench_target/release/wbuild/dtel-runtime/dtel_runtime.compact.compressed.wasm"
[[ -r "$wasm" ]] || die "$wasm is missing"
# The node makes the genesis state: it has to be of this checkout, too, or that state is another layout's.
build_release
node="$CARGO_TARGET_DIR/release/dtel-node"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for name in "${names[@]}"; do
	if [[ -d "pallets/$name" ]]; then
		pallet="pallet_dtel_$name" template=weights.hbs output="pallets/$name/src/weights.rs"
	else
		pallet="$name" template=weights-stock.hbs output="runtime/src/weights/$name.rs"
	fi
	step "Measuring $pallet"
	"$node" benchmark pallet --runtime "$wasm" --genesis-builder=runtime --genesis-builder-preset=development \
		--pallet "$pallet" --extrinsic '*' --steps "$steps" --repeat "$repeat" --min-duration "$duration" \
		--template "scripts/$template" --output "$output" 2>&1 | tee "$log"
	# The one set of benchmarks that is not named after the trait it is for.
	[[ "$name" != frame_system_extensions ]] || sed -i 's/frame_system_extensions::WeightInfo/frame_system::ExtensionsWeightInfo/' "$output"
	# What cannot be read is logged each time, and measured.
	! grep -q "Corrupted state" "$log" || die "the state that was measured is not of this layout"
done
