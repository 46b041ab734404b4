#![doc = include_str!("../README.md")]
#![cfg_attr(
	not(test),
	deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod api;
pub mod bench;
pub mod bot;
pub mod chain;
pub mod cli;
pub mod config;
#[cfg(test)]
mod corpora;
pub mod daemon;
pub mod engine;
pub mod http;
pub mod keys;
pub mod metrics;
pub mod net;
pub mod own;
pub mod prober;
pub mod report;
pub mod rtc_client;
pub mod signal;
pub mod token;
pub mod webhooks;
