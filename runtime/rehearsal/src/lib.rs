//! # The runtime that upgrades are rehearsed with
//!
//! The runtime of this checkout with its feature `rehearsal`: a higher `spec_version`, and a real migration of what a chain has in
//! storage (`dtel_runtime::migrations`). `dtel-run upgrade` brings it onto a dev chain through a referendum.
//!
//! A crate of its own, so that its wasm has a name and a folder of its own beside the ordinary one:
//! `release/wbuild/dtel-rehearsal/dtel_rehearsal.compact.compressed.wasm`. Natively it is empty.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(target_arch = "wasm32")]
pub use dtel_runtime::*;
