#!/usr/bin/env bash
# The main job, end to end: a dev chain, five operators' daemons, calls, measurements, pay and jail.
#
#   scripts/run.sh [--eras N] [--json FILE] [--keep] [--no-impairment] [--restart-node] …   (--help for all)
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

"$DTEL_ROOT/scripts/setup.sh" run
load_env
build_release
step "dtel-run $*"
exec "$CARGO_TARGET_DIR/release/dtel-run" "$@"
