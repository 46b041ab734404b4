#![doc = include_str!("../README.md")]

pub mod client;
pub mod files;
pub mod net;
pub mod opus;
pub mod probe;
pub mod quality;
pub mod sfu;
pub mod stats;
mod transport;
pub mod vp8;

pub use net::{MediaKind, Transmit, TransportKind};
