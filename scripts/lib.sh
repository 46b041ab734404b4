# Helpers shared by setup.sh, run.sh and test.sh. Sourced, never run.
# shellcheck shell=bash

DTEL_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
DTEL_CACHE="${DTEL_CACHE:-$HOME/.cache/dtelecom}"
DTEL_ENV="$DTEL_CACHE/env.sh"

# The one package list of every release build: the same list everywhere means the same feature set
# for every dependency, and so one build of the SDK.
DTEL_PACKAGES=(-p dtel-node -p dtel-worker -p dtel -p dtel-tests)

if [[ -t 2 ]]; then
  _bold=$'\e[1m' _red=$'\e[31m' _dim=$'\e[2m' _off=$'\e[0m'
else
  _bold='' _red='' _dim='' _off=''
fi

# A heading with the time since the script began.
step() { printf '%s==>%s %s%s%s %s(%s)%s\n' "$_bold" "$_off" "$_bold" "$*" "$_off" "$_dim" "$(elapsed "$SECONDS")" "$_off" >&2; }
# An ordinary line below a heading.
info() { printf '    %s\n' "$*" >&2; }
# Ends the script with a message.
die() {
  printf '%serror:%s %s\n' "$_red" "$_off" "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
# Seconds as "3m07s".
elapsed() { printf '%dm%02ds' "$(($1 / 60))" "$(($1 % 60))"; }
# version_at_least 1.96.0 1.95: is the first version at least the second?
version_at_least() { [[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" == "$2" ]]; }

# Loads what setup.sh found out: CARGO_TARGET_DIR, WASM_BUILD_TOOLCHAIN, PATH.
load_env() {
  [[ -r "$DTEL_ENV" ]] || die "$DTEL_ENV is missing; run scripts/setup.sh first"
  # shellcheck disable=SC1090
  source "$DTEL_ENV"
  # The same wasm whatever profile the node is built with (docs/adr/0002-profiles.md).
  export WASM_BUILD_TYPE=production WASM_BUILD_WORKSPACE_HINT="$DTEL_ROOT"
  # A test runtime inside of the benchmark CLI that nothing here uses.
  export SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD=1
}

# Release build of everything the end-to-end runs start.
build_release() {
  step "Building dtel-node, dtel-worker, dtel and dtel-run (release; the first time takes 25-40 minutes)"
  info "target directory: $CARGO_TARGET_DIR"
  if ! (cd "$DTEL_ROOT" && cargo build --locked --release "${DTEL_PACKAGES[@]}"); then
    if compgen -G "$CARGO_TARGET_DIR/*/wbuild" >/dev/null; then
      info "if the wasm part failed with \"can't find crate\", remove $CARGO_TARGET_DIR/release/wbuild and try again"
    fi
    die "the build failed"
  fi
}

# The wasm of the runtime that upgrades are rehearsed with. Each wasm project has a target directory of its own; this one gets the
# ordinary runtime's, in which everything but the runtime itself is built already.
build_rehearsal() {
  local projects="$CARGO_TARGET_DIR/release/wbuild"
  mkdir -p "$projects/dtel-rehearsal" "$projects/dtel-runtime/target"
  [[ -e "$projects/dtel-rehearsal/target" ]] || ln -s ../dtel-runtime/target "$projects/dtel-rehearsal/target"
  # With the packages of every other build: by itself it would have another set of features, and compile binaryen once more.
  (cd "$DTEL_ROOT" && cargo build --locked --release "${DTEL_PACKAGES[@]}" -p dtel-rehearsal) || return 1
  [[ -s "$(rehearsal_wasm)" ]]
}
rehearsal_wasm() { echo "$CARGO_TARGET_DIR/release/wbuild/dtel-rehearsal/dtel_rehearsal.compact.compressed.wasm"; }
