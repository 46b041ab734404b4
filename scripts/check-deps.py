#!/usr/bin/env python3
"""Fails when a crate of this workspace depends on one it must not know (docs: STYLE, "Direction of dependencies").

    core <- math, traits <- pallets <- runtime <- node

A pallet may use another pallet only in dev-dependencies; the worker, media-core and the command line never
depend on a pallet, the runtime or the node.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What the library and the binaries of a group may depend on inside the workspace.
ALLOWED = {
    "core": set(),
    "math": {"core"},
    "traits": {"core", "math"},
    "pallet": {"core", "math", "traits"},
    "runtime": {"core", "math", "traits", "pallet"},
    "rehearsal": {"runtime"},
    "node": {"core", "math", "traits", "runtime"},
    "media-core": {"core"},
    "worker": {"core", "math", "media-core"},
    "cli": {"core", "math"},
    "tests": {"core", "math", "media-core", "worker", "cli"},
}

# What dev-dependencies may add.
DEV_ALSO = {
    "math": {"traits"},
    "pallet": {"pallet"},
    "runtime": set(),
    "node": set(),
    "tests": {"traits", "pallet", "runtime"},
}


def group(directory: str) -> str:
    """The group of a crate, by its folder."""
    if directory.startswith("pallets/"):
        return "pallet"
    if directory.startswith("primitives/"):
        return directory.removeprefix("primitives/")
    return {"node-worker": "worker", "runtime/rehearsal": "rehearsal"}.get(directory, directory)


def violations(packages: list[dict], root: Path) -> list[str]:
    """Every arrow that points the wrong way, in words."""
    groups = {}
    for package in packages:
        directory = Path(package["manifest_path"]).parent.relative_to(root).as_posix()
        groups[package["name"]] = group(directory)
    found = []
    for package in packages:
        name = package["name"]
        source = groups[name]
        if source not in ALLOWED:
            found.append(f"{name}: folder of group '{source}' is unknown to this check; add its row")
            continue
        for dependency in package["dependencies"]:
            target = groups.get(dependency["name"])
            if target is None or dependency["name"] == name:
                continue
            kind = dependency["kind"] or "normal"
            allowed = ALLOWED[source] | (DEV_ALSO.get(source, set()) if kind == "dev" else set())
            if target not in allowed:
                found.append(f"{name} ({source}) -> {dependency['name']} ({target}), {kind} dependency")
    return found


def self_test() -> None:
    """The check must see a wrong arrow; a check that cannot fail is none."""

    def package(name: str, path: str, *dependencies: tuple[str, str | None]) -> dict:
        return {
            "name": name,
            "manifest_path": f"/r/{path}/Cargo.toml",
            "dependencies": [{"name": n, "kind": k} for n, k in dependencies],
        }

    wrong = [
        package("core", "primitives/core", ("math", None)),
        package("math", "primitives/math", ("core", None)),
        package("p-a", "pallets/a", ("p-b", None), ("p-b", "dev")),
        package("p-b", "pallets/b", ("core", None), ("math", "build")),
        package("worker", "node-worker", ("p-a", "dev")),
    ]
    seen = violations(wrong, Path("/r"))
    assert len(seen) == 3, seen


def main() -> int:
    self_test()
    metadata = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT, check=True, capture_output=True
        ).stdout
    )
    found = violations(metadata["packages"], ROOT)
    for line in found:
        print(f"wrong arrow: {line}", file=sys.stderr)
    if not found:
        print(f"{len(metadata['packages'])} crates, every arrow points the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
