#!/usr/bin/env bash
# Sets up a Debian or Ubuntu machine for run.sh and test.sh. Idempotent; a few seconds when there is nothing to do.
#
#   scripts/setup.sh          everything
#   scripts/setup.sh run      what run.sh needs (no browser, no test runner)
#
# What it found out goes to ~/.cache/dtelecom/env.sh, which the other scripts source.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

WHAT="${1:-all}"
[[ "$WHAT" == all || "$WHAT" == run ]] || die "usage: scripts/setup.sh [run]"
RUST_CHANNEL="$(sed -n 's/^channel *= *"\(.*\)"/\1/p' "$DTEL_ROOT/rust-toolchain.toml")"
RUST_MIN="$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$DTEL_ROOT/Cargo.toml" | head -n1)"
NEXTEST_VERSION=0.9.143
WASM_TARGET=wasm32v1-none
WASM_TOOLCHAIN=dtel-wasm
WASM_DIR="$DTEL_CACHE/wasm-toolchain"
mkdir -p "$DTEL_CACHE"
[[ -d "$HOME/.cargo/bin" ]] && PATH="$HOME/.cargo/bin:$PATH"

# --- Debian packages ---------------------------------------------------------------------------

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }
available() { [[ -n "$(apt-cache --quiet policy "$1" 2>/dev/null | awk '/Candidate:/ && $2 != "(none)"')" ]]; }

_apt_updated=''
# apt_try PKG…: installs what is missing; returns non-zero, with the reason printed, if that cannot be done.
apt_try() {
  local missing=() p
  for p in "$@"; do installed "$p" || missing+=("$p"); done
  ((${#missing[@]})) || return 0
  have apt-get || {
    info "this is no Debian or Ubuntu (no apt-get); wanted: ${missing[*]}"
    return 1
  }
  local as_root=()
  if ((EUID != 0)); then
    have sudo || {
      info "neither root nor sudo; have somebody run: apt-get install -y ${missing[*]}"
      return 1
    }
    as_root=(sudo)
  fi
  if [[ -z "$_apt_updated" ]]; then
    info "apt-get update"
    "${as_root[@]}" apt-get update -qq || info "apt-get update failed; going on with the lists at hand"
    _apt_updated=1
  fi
  info "apt-get install ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >"$DTEL_CACHE/apt.log" 2>&1 || {
    tail -n 5 "$DTEL_CACHE/apt.log" >&2
    info "apt-get failed; its log: $DTEL_CACHE/apt.log"
    return 1
  }
}

system_packages() {
  step "System packages"
  apt_try build-essential ca-certificates clang curl git jq libclang-dev pkg-config protobuf-compiler python3 ||
    die "the packages above are needed to build"
}

# --- Rust --------------------------------------------------------------------------------------

rust_toolchain() {
  step "Rust $RUST_CHANNEL"
  if have rustup; then
    # Inside the checkout rustup picks, and if need be installs, what rust-toolchain.toml names.
    (cd "$DTEL_ROOT" && rustc --version >/dev/null 2>"$DTEL_CACHE/rustup.log") ||
      (cd "$DTEL_ROOT" && rustup toolchain install "$RUST_CHANNEL" --profile minimal -c rustfmt -c clippy) ||
      die "rustup cannot install $RUST_CHANNEL: $(tail -n 2 "$DTEL_CACHE/rustup.log")"
  elif have cargo && version_at_least "$(rustc --version | cut -d' ' -f2)" "$RUST_MIN"; then
    info "no rustup; using $(rustc --version)"
  else
    install_rust
  fi
  info "$(cd "$DTEL_ROOT" && rustc --version)"
}

# On a machine without Rust: the distribution's rustup, then rustup's own installer, then Debian's compiler.
install_rust() {
  info "no Rust >= $RUST_MIN here"
  if available rustup && apt_try rustup && rustup toolchain install "$RUST_CHANNEL" --profile minimal -c rustfmt -c clippy; then
    return 0
  fi
  local installer="$DTEL_CACHE/rustup-init.sh"
  if curl --proto '=https' --tlsv1.2 -sSf --max-time 60 -o "$installer" https://sh.rustup.rs &&
    sh "$installer" -y --no-modify-path --profile minimal --default-toolchain "$RUST_CHANNEL" -c rustfmt -c clippy; then
    PATH="$HOME/.cargo/bin:$PATH"
    return 0
  fi
  info "rustup cannot be had; trying Debian's compiler"
  if debian_rust; then
    info "using Debian's $(/usr/bin/rustc --version)"
    have cargo-fmt && have cargo-clippy || info "format and lint checks need rustfmt and clippy from rustup"
    return 0
  fi
  die "no Rust >= $RUST_MIN can be had here: install rustup from https://rustup.rs and run this again"
}

# Debian's compiler (its browser toolchain, kept current in stable releases), new enough for this workspace.
debian_rust() {
  local suffix
  for suffix in -web ''; do
    local src="rust$suffix-src"
    available "rustc$suffix" && available "$src" || continue
    local candidate
    candidate="$(apt-cache policy "rustc$suffix" | awk '/Candidate:/ {print $2}')"
    version_at_least "$candidate" "$RUST_MIN" || continue
    apt_try "rustc$suffix" "cargo$suffix" "$src" lld && [[ -x /usr/bin/rustc && -x /usr/bin/cargo ]] || continue
    # Only for the format and lint checks of test.sh, and only where there is no rustup.
    if ! have rustup; then apt_try "rustfmt$suffix" "rust$suffix-clippy" || true; fi
    return 0
  done
  return 1
}

# --- The wasm target ---------------------------------------------------------------------------

# wasm_works CARGO…: does this cargo command build a cdylib for the target? Takes under a second.
wasm_works() {
  local dir status=0
  dir="$(mktemp -d)"
  mkdir "$dir/src"
  cat >"$dir/Cargo.toml" <<'TOML'
[package]
name = "wasm-check"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
[profile.release]
lto = true
panic = "abort"
[workspace]
TOML
  cat >"$dir/src/lib.rs" <<'RUST'
#![no_std]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
#[no_mangle]
pub extern "C" fn gcd(a: u64, b: u64) -> u64 { if b == 0 { a } else { gcd(b, a % b) } }
RUST
  (cd "$dir" && env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR="$dir/target" "$@" build --release --offline \
    --target "$WASM_TARGET") >"$DTEL_CACHE/wasm-check.log" 2>&1 || status=$?
  [[ $status -ne 0 || -s "$dir/target/$WASM_TARGET/release/wasm_check.wasm" ]] || status=1
  rm -rf "$dir"
  return "$status"
}

# A private sysroot around Debian's compiler: nothing is written into /usr.
debian_wasm_toolchain() {
  debian_rust || return 1
  local version lib="$WASM_DIR/lib/rustlib" host build
  version="$(/usr/bin/rustc --version)"
  host="$(/usr/bin/rustc -vV | sed -n 's/^host: //p')"
  info "building core and alloc for $WASM_TARGET with $version"
  rm -rf "$WASM_DIR"
  mkdir -p "$WASM_DIR/bin" "$lib/$WASM_TARGET/lib" "$lib/$host/bin"
  printf '#!/bin/sh\nexec /usr/bin/rustc --sysroot "%s" "$@"\n' "$WASM_DIR" >"$WASM_DIR/bin/rustc"
  chmod +x "$WASM_DIR/bin/rustc"
  ln -s /usr/bin/cargo "$WASM_DIR/bin/cargo"
  ln -s "/usr/lib/rustlib/$host/lib" "$lib/$host/lib"
  ln -s /usr/lib/rustlib/src "$lib/src"
  # rustc looks for its linker here, so PATH stays as it is.
  ln -s "$(wasm_linker "$host")" "$lib/$host/bin/rust-lld"

  build="$(mktemp -d)"
  mkdir "$build/src"
  printf '[package]\nname = "sysroot-seed"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$build/Cargo.toml"
  echo '#![no_std]' >"$build/src/lib.rs"
  if ! (cd "$build" && env -u CARGO_ENCODED_RUSTFLAGS RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes \
    CARGO_TARGET_DIR="$build/target" /usr/bin/cargo build --release -Z build-std=core,alloc --target "$WASM_TARGET") \
    >"$DTEL_CACHE/wasm-build.log" 2>&1; then
    tail -n 5 "$DTEL_CACHE/wasm-build.log" >&2
    rm -rf "$build"
    return 1
  fi
  cp "$build/target/$WASM_TARGET/release/deps"/lib{core,alloc,compiler_builtins}-*.rlib "$lib/$WASM_TARGET/lib/"
  rm -rf "$build"
  if have rustup; then rustup toolchain link "$WASM_TOOLCHAIN" "$WASM_DIR"; fi
}

# The newest LLVM linker at hand: rustup's, else Debian's.
wasm_linker() {
  local active
  if have rustup && active="$(cd "$DTEL_ROOT" && rustc --print sysroot)/lib/rustlib/$1/bin/rust-lld" && [[ -x "$active" ]]; then
    echo "$active"
  else
    command -v lld || echo /usr/bin/lld
  fi
}

wasm_cargo() { if have rustup; then echo "rustup run $1 cargo"; else echo "$WASM_DIR/bin/cargo"; fi; }

# Sets WASM_BUILD_TOOLCHAIN (empty: the active toolchain) or, without rustup, WASM_PATH.
wasm_target() {
  step "WebAssembly target $WASM_TARGET"
  WASM_BUILD_TOOLCHAIN='' WASM_PATH=''
  local libdir
  libdir="$(cd "$DTEL_ROOT" && rustc --print sysroot)/lib/rustlib/$WASM_TARGET/lib"
  if compgen -G "$libdir/libcore-*.rlib" >/dev/null; then
    info "the active toolchain has it"
    return 0
  fi
  local cargo
  cargo="$(wasm_cargo "$WASM_TOOLCHAIN")"
  # shellcheck disable=SC2086 # a command in words
  if { [[ -x "$WASM_DIR/bin/rustc" ]] && wasm_without_rustup_path $cargo; } ||
    { debian_wasm_toolchain && wasm_without_rustup_path $cargo; }; then
    if have rustup; then WASM_BUILD_TOOLCHAIN="$WASM_TOOLCHAIN"; else WASM_PATH="$WASM_DIR/bin"; fi
    info "Debian's compiler with a private sysroot: $WASM_DIR"
    return 0
  fi
  if have rustup && (cd "$DTEL_ROOT" && rustup target add "$WASM_TARGET"); then
    info "added to the active toolchain"
    return 0
  fi
  die "no compiler for $WASM_TARGET: neither Debian's rustc-web >= $RUST_MIN nor rustup can be reached (log: $DTEL_CACHE/wasm-check.log)"
}

# Without rustup the cargo of the private toolchain must also find its rustc first.
wasm_without_rustup_path() {
  if have rustup; then wasm_works "$@"; else PATH="$WASM_DIR/bin:$PATH" wasm_works "$@"; fi
}

# --- Tools of the tests ------------------------------------------------------------------------

node_major() { have node && node --version | sed 's/^v\([0-9]*\).*/\1/' || echo 0; }

node_js() {
  step "Node.js >= 18 and the packages of the browsers' and the voter's tests"
  if (($(node_major) < 18)) || ! have npm; then
    apt_try nodejs npm || true
    (($(node_major) >= 18)) && have npm || die "Node.js >= 18 with npm is needed for the browsers' and the voter's tests; this machine has $(node --version 2>/dev/null || echo none)"
  fi
  local name dir
  for name in browser voter; do
    dir="$DTEL_ROOT/tests/$name"
    if ! cmp -s "$dir/package-lock.json" "$dir/node_modules/.dtel-lock"; then
      info "npm ci in tests/$name"
      (cd "$dir" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || die "npm ci failed in tests/$name"
      cp "$dir/package-lock.json" "$dir/node_modules/.dtel-lock"
    fi
  done
}

# A Chromium that runs headless. Ubuntu's package of that name is a snap and does not work in containers.
browser() {
  step "Chromium"
  CHROMIUM="${CHROMIUM:-}"
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome; do
    if have "$name" && "$name" --version >/dev/null 2>&1; then
      CHROMIUM="$(command -v "$name")"
      info "$CHROMIUM"
      return 0
    fi
  done
  if apt_try chromium && have chromium && chromium --version >/dev/null 2>&1; then
    CHROMIUM="$(command -v chromium)"
    info "$CHROMIUM"
    return 0
  fi
  CHROMIUM=''
  info "none can be installed here (Ubuntu's package needs snapd): the browser test will fail."
  info "Install one that runs headless, and set CHROMIUM to its path."
}

# A relay for clients that may only relay. Debian starts it as a service; nothing here needs that.
relay() {
  step "coturn"
  local had=''
  have turnserver && had=1
  if ! have turnserver && ! { apt_try coturn && have turnserver; }; then
    info "it cannot be installed here: the test of relayed clients will fail"
    return 0
  fi
  if [[ -z "$had" ]] && ((EUID == 0)) && have systemctl && [[ -d /run/systemd/system ]]; then
    systemctl disable --now coturn >/dev/null 2>&1 || true
  fi
  info "$(command -v turnserver)"
}

# A WebRTC stack that is neither the daemon's nor a browser's, in an environment of its own outside of the checkout.
foreign_peer() {
  step "aiortc"
  local lock="$DTEL_ROOT/tests/foreign/requirements.txt" dir="$DTEL_CACHE/foreign"
  if cmp -s "$lock" "$dir/.dtel-lock"; then
    info "$dir"
    return 0
  fi
  apt_try python3-venv || true
  rm -rf "$dir"
  if ! { python3 -m venv "$dir" &&
    "$dir/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r "$lock"; }; then
    info "it cannot be installed here: the test of the foreign participants will fail"
    return 0
  fi
  cp "$lock" "$dir/.dtel-lock"
  info "$dir"
}

test_runner() {
  step "cargo-nextest"
  if ! have cargo-nextest; then
    info "cargo install cargo-nextest $NEXTEST_VERSION (a few minutes)"
    cargo install --locked --version "$NEXTEST_VERSION" cargo-nextest ||
      die "cargo-nextest cannot be installed; see https://nexte.st for a binary"
  fi
  info "$(cargo-nextest nextest --version | head -n1)"
}

# --- The result --------------------------------------------------------------------------------

write_env() {
  local tmp="$DTEL_ENV.$$"
  {
    echo "# Written by scripts/setup.sh; sourced by run.sh and test.sh."
    echo "export CARGO_TARGET_DIR=\"\${CARGO_TARGET_DIR:-$DTEL_CACHE/target}\""
    [[ -z "$WASM_BUILD_TOOLCHAIN" ]] || echo "export WASM_BUILD_TOOLCHAIN=$WASM_BUILD_TOOLCHAIN"
    [[ ! -d "$HOME/.cargo/bin" ]] || echo "case \":\$PATH:\" in *\":$HOME/.cargo/bin:\"*) ;; *) export PATH=\"$HOME/.cargo/bin:\$PATH\" ;; esac"
    [[ -z "$WASM_PATH" ]] || echo "export PATH=\"$WASM_PATH:\$PATH\""
    if [[ -n "${CHROMIUM:-}" ]]; then
      echo "export CHROMIUM=\"$CHROMIUM\""
    elif [[ -r "$DTEL_ENV" ]]; then
      grep '^export CHROMIUM=' "$DTEL_ENV" || true
    fi
  } >"$tmp"
  mv "$tmp" "$DTEL_ENV"
}

system_packages
rust_toolchain
wasm_target
write_env
if [[ "$WHAT" == all ]]; then
  browser
  node_js
  relay
  foreign_peer
  test_runner
  write_env
fi
step "Set-up is complete"
