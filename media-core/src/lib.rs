#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod allocate;
pub mod client;
pub mod codecs;
pub mod dynacast;
pub mod files;
pub mod net;
pub mod opus;
pub mod probe;
pub mod quality;
pub mod service;
pub mod sfu;
pub mod speakers;
pub mod srtp;
pub mod stats;
pub mod svc;
mod transport;
pub mod vp8;

pub use net::{MediaKind, Protocol, Transmit, TransportKind};
