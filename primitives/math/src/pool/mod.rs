//! Stake of many held in one pool: who bears which slash, who has earned what.
//!
//! A pool is an operator's: its own stake and that of any number of delegators. Nothing here depends on how
//! many there are. Stake stays in its owners' accounts; a pool only keeps what is needed to say, whenever a
//! [`Position`] is touched, what became of it.
//!
//! **Slashes** answer for an era. Stake answers for the eras after the one in which it joined, up to the one
//! after that in which it left (members of an era are frozen in the era before, by what joined before that one). What left in the
//! era in which it joined was never counted, and answers for nothing. [`Slashes`] keeps one
//! [`Factor`] for each era that was ever slashed, and an entry is worth its amount times the factors of the
//! eras that it answers for. So stake that joined later, or left earlier, is spared exactly, and slashing
//! costs the same whoever is in the pool.
//!
//! **Rewards** are for an era, too, and are known some eras later. [`Book`] keeps how many units were active
//! throughout each era that is not yet credited, and an index: the sum over credited eras of reward per unit.
//! An entry earned the difference of the index between the first and the last era of its activity. The index
//! at such a boundary is kept (a [`Checkpoint`]) as long as an entry refers to it: the F1 scheme, by eras.
//! What a slash takes of an entry lowers its units from the era on in which that is noticed. For the eras before
//! that, which may be credited later, the position keeps what was lost by itself: nobody's touch moves what was
//! earned from one to another.
//!
//! Everything here changes values in memory, and may have changed some of them when it refuses: whoever keeps
//! them in storage writes them only when all went well.

mod book;
mod entry;
mod factor;
mod page;
mod past;
mod position;
mod slashes;
mod steps;
mod wide;

pub use book::{Book, Checkpoint, MAX_MARKS, MAX_STEPS};
pub use entry::{Entry, Source};
pub use factor::Factor;
pub use page::{Page, StoredCheckpoint, PAGE_ERAS};
pub use past::MAX_PAST;
pub use position::{Paid, Position, Surroundings, Touched, MAX_ENTRIES};
pub use slashes::{Slashes, EXPELLED_AT, MAX_SLASHED_ERAS};
pub use steps::Step;

/// Why a pool or a position refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PoolError {
	/// More than there is.
	Insufficient,
	/// More than a number can hold.
	Overflow,
	/// More entries than a list can hold.
	Full,
	/// The era was credited before, or a later one was.
	Credited,
	/// Nobody was active throughout the era.
	NobodyActive,
	/// Stake that answers for another pool already.
	Bound,
}
