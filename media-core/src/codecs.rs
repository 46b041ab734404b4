//! What forwarding has to know of codecs: where keyframes begin, and which layer a packet belongs to.
//!
//! Everything here reads arbitrary bytes and is total: `Option`, no panic, work bounded by the input. Nothing is
//! decoded. VP8's and Opus' own framing is in [`vp8`](crate::vp8) and [`opus`](crate::opus).

pub mod av1;
pub mod bits;
pub mod dependency;
pub mod h264;
pub mod red;
pub mod vp9;
