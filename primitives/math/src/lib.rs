//! # Arithmetic over money and scores
//!
//! Every formula by which the chain pays, takes or judges, and nothing else: no storage, no FRAME,
//! no panics. Rounding stands in a function's name; whatever can overflow says so.
//!
//! | module | what it computes |
//! |---|---|
//! | [`globe`] | distances between places, and how long light takes |
//! | [`money`] | releases, shares and slashes of balances |
//! | [`points`] | what a node earns in an era |
//! | [`pool`] | who bears which slash and who earned what, in stake that many hold together |
//! | [`robust`] | quorums, capped weights and weighted medians |
//! | [`score`] | from medians to the score of a node |
//! | [`vesting`] | what of a grant is free at a block |

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]
#![cfg_attr(
	not(test),
	deny(
		clippy::arithmetic_side_effects,
		clippy::unwrap_used,
		clippy::expect_used,
		clippy::panic,
		clippy::indexing_slicing
	)
)]

extern crate alloc;

pub mod globe;
pub mod money;
pub mod points;
pub mod pool;
pub mod robust;
pub mod score;
pub mod vesting;

/// Why a result cannot be had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MathError {
	/// It does not fit its type.
	Overflow,
	/// A share of nothing was asked for.
	DivisionByZero,
	/// A part is larger than its whole.
	PartExceedsWhole,
}
