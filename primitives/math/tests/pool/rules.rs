//! What must hold, each in a history of its own. All of them are compared with the model, too.

use super::*;
use dtel_math::pool::{MAX_ENTRIES, MAX_MARKS, MAX_PAST};
use std::cell::Cell;

const OPERATOR: usize = 0;
const CAROL: usize = 1;
const MALLORY: usize = 2;

fn play(ops: impl IntoIterator<Item = Op>) -> World {
	let mut world = World::new();
	world.play(ops);
	world
}

impl World {
	fn play(&mut self, ops: impl IntoIterator<Item = Op>) {
		for op in ops {
			self.run(&op);
			self.check();
		}
	}

	fn reaches(&mut self, era: u32) {
		while self.now < era {
			self.play([Op::NextEra]);
		}
	}

	/// What a touch of a member in the first pool pays and takes, in coins, rounded up: rewards are rounded down.
	fn touched(&mut self, member: usize) -> (u128, u128) {
		self.play([Op::Touch(0, member)]);
		(self.last.0.div_ceil(COIN), self.last.1 / COIN)
	}
}

/// Joined in era 1; era 3 is running, and nothing is credited.
fn three_in_a_pool() -> World {
	let joins = [(OPERATOR, 1_000), (CAROL, 9_000), (MALLORY, 10_000)];
	let mut world = play(joins.map(|(who, amount)| Op::Join(0, who, amount * COIN)));
	world.reaches(3);
	world
}

#[test]
fn what_was_earned_stays_when_others_are_settled_before_it_is_credited() {
	let mut world = three_in_a_pool();
	// A quarter of all, in era 3, noticed by the operator and Carol at once and by Mallory never.
	world.play([Op::Slash(0, 0, 3)]);
	assert_eq!((world.touched(OPERATOR), world.touched(CAROL)), ((0, 250), (0, 2_250)));
	world.play([Op::Credit(0, 1, 1_000 * COIN)]);
	assert_eq!(world.touched(OPERATOR), (50, 0));
	assert_eq!(world.touched(CAROL), (450, 0));
	assert_eq!(world.touched(MALLORY), (500, 2_500));
}

#[test]
fn the_era_of_a_touch_and_those_after_it_go_by_what_is_left() {
	let mut world = three_in_a_pool();
	world.play([Op::Slash(0, 0, 2), Op::Touch(0, MALLORY), Op::NextEra]);
	// Era 2 is over and goes by what was there; era 3 goes by 10,000 of others and 5,000 of hers.
	world.play([Op::Credit(0, 1, 1_000 * COIN)]);
	assert_eq!(world.touched(MALLORY), (500, 0));
	world.play([Op::Credit(0, 1, 1_500 * COIN)]);
	assert_eq!(world.touched(MALLORY), (500, 0));
	assert_eq!((world.touched(CAROL), world.touched(OPERATOR)), ((1_350, 4_500), (150, 500)));
}

#[test]
fn a_reward_is_paid_when_all_who_earned_it_lost_everything_since() {
	let mut world = three_in_a_pool();
	world.play([Op::Slash(0, 0, 0)]);
	let taken = [OPERATOR, CAROL, MALLORY].map(|who| world.touched(who));
	assert_eq!(taken, [(0, 1_000), (0, 9_000), (0, 10_000)]);
	assert_eq!(world.pools[0].book.units(3), 0);
	world.play([Op::Credit(0, 1, 1_000 * COIN), Op::Flush(0)]);
	let paid = [OPERATOR, CAROL, MALLORY].map(|who| world.touched(who));
	assert_eq!(paid, [(50, 0), (450, 0), (500, 0)]);
	assert!(world.pools[0].positions.is_empty() && world.pools[0].stored.is_empty());
}

#[test]
fn what_left_earned_with_all_of_it_too() {
	let mut world = three_in_a_pool();
	// Mallory leaves in era 4 and is slashed and settled after that: eras 2 and 3 are hers whole.
	world.reaches(4);
	world.play([Op::Leave(0, MALLORY, 255), Op::NextEra, Op::Slash(0, 2, 2)]);
	assert_eq!(world.touched(MALLORY), (0, 5_000));
	world.play([Op::Credit(0, 1, 1_000 * COIN), Op::Credit(0, 1, 1_000 * COIN)]);
	assert_eq!(world.touched(MALLORY), (1_000, 0));
	// She comes back in time and earns with what she has.
	world.play([Op::Rejoin(0, MALLORY, 255)]);
	assert_eq!(world.model.active(0, MALLORY), 5_000 * COIN);
	assert_eq!(world.pools[0].book.units(6), 15_000 * COIN);
}

#[test]
fn a_full_position_keeps_what_it_earned_and_can_leave() {
	let mut world = World::new();
	for n in 0..u128::from(MAX_ENTRIES) {
		world.play([Op::Join(0, CAROL, (4 + n) * 4 * COIN), Op::NextEra]);
	}
	assert_eq!(world.pools[0].positions[&CAROL].entries().len(), MAX_ENTRIES as usize);
	world.play([Op::Slash(0, 0, 3), Op::Touch(0, CAROL), Op::Leave(0, CAROL, 255)]);
	assert_eq!(world.model.active(0, CAROL), 0);
	for era in 2..world.now {
		let all = (0..u128::from(era - 1)).map(|n| (4 + n) * 4 * COIN).sum::<u128>();
		assert_eq!(world.pools[0].book.units(era), all);
	}
}

/// Then they are lowered for the past, too, as there is nowhere to note them; nothing is refused.
#[test]
fn nothing_is_refused_when_there_is_no_room_for_what_was_earned() {
	let mut world = World::new();
	for n in 0..u128::from(MAX_ENTRIES) {
		world.play([Op::Join(0, CAROL, (4 + n) << 60), Op::NextEra]);
	}
	world.roomy = false;
	for _ in MAX_ENTRIES..MAX_PAST + 4 {
		world.play([Op::Slash(0, 0, 3), Op::Touch(0, CAROL)]);
		assert!(world.last.1 > 0);
		world.play([Op::NextEra]);
	}
	world.play([Op::Leave(0, CAROL, 255)]);
	assert_eq!(world.model.active(0, CAROL), 0);
	while world.pools[0].book.credited() + 1 < world.now {
		world.play([Op::Credit(0, 1, COIN)]);
	}
	world.reaches(world.now + UNBONDING);
	world.play([Op::Flush(0), Op::Touch(0, CAROL), Op::Withdraw(0, CAROL)]);
	assert!(world.pools[0].positions.is_empty());
}

#[test]
fn stake_that_left_as_it_joined_answers_for_nothing() {
	let mut world = play([Op::Join(0, CAROL, 8 * COIN), Op::Leave(0, CAROL, 255), Op::NextEra]);
	world.play([Op::Join(0, CAROL, 4 * COIN), Op::Slash(0, 0, 0)]);
	assert_eq!(world.touched(CAROL), (0, 0));
	world.reaches(1 + UNBONDING);
	world.play([Op::Withdraw(0, CAROL)]);
	assert_eq!(world.pools[0].positions[&CAROL].total(), 4 * COIN);
}

#[test]
fn stake_that_was_moved_as_it_joined_answers_where_it_is_alone() {
	let mut world = play([Op::Join(0, CAROL, 8 * COIN), Op::Move(0, CAROL, 255), Op::NextEra]);
	world.play([Op::Slash(0, 0, 0), Op::Touch(1, CAROL)]);
	assert_eq!(world.last, (0, 0));
	world.play([Op::Slash(1, 0, 1), Op::Touch(1, CAROL)]);
	assert_eq!(world.last, (0, 6 * COIN));
}

#[test]
fn a_pool_answers_for_nothing_that_joined_as_it_closed() {
	let mut world = play([Op::Join(0, CAROL, 8 * COIN)]);
	world.reaches(25);
	world.play([Op::Join(0, CAROL, 4 * COIN), Op::Join(0, MALLORY, 4 * COIN), Op::Close(0)]);
	world.reaches(30);
	// Their dates are too old to be told apart, but for that.
	assert_eq!(world.window(), 26);
	world.play([Op::Touch(0, CAROL), Op::Slash(0, 4, 2)]);
	assert_eq!((world.touched(CAROL), world.touched(MALLORY)), ((0, 4), (0, 0)));
}

#[test]
fn slashes_of_a_source_are_read_once_in_a_touch() {
	let mut books = [Book::new(0), Book::new(0)];
	let mut position = Position::<u8>::new(&books[0]);
	let mut other = Position::<u8>::new(&books[1]);
	for now in 1..=3 {
		position.join(COIN, None, &mut books[0], now).unwrap();
	}
	for (part, source) in position.move_out(3 * COIN, &7, &mut books[0], 4).unwrap() {
		other.join(part, Some(source), &mut books[1], 4).unwrap();
	}
	let (reads, mut slashes) = (Cell::new(0), Slashes::default());
	slashes.slash(3, Perbill::from_percent(50)).unwrap();
	let mut around = Surroundings {
		book: &mut books[1],
		slashes: &Slashes::default(),
		closed: None,
		now: 4,
		window: 1,
		stored: &|_| None,
		slashes_of: &|pool| {
			assert_eq!(*pool, 7);
			reads.set(reads.get() + 1);
			slashes.clone()
		},
	};
	let touched = other.touch(&mut around).unwrap();
	assert_eq!((other.entries().len(), reads.get()), (3, 1));
	assert_eq!(touched.slashed, COIN);
}

/// Ninety eras with a boundary each, credited one after another and never flushed in between.
#[test]
fn crediting_needs_no_flush() {
	let mut book = Book::new(0);
	let mut position = Position::<u8>::new(&book);
	position.join(COIN, None, &mut book, 1).unwrap();
	for era in 2..=90 {
		book.refer(era).unwrap();
	}
	for era in 2..=90 {
		book.credit(era, COIN).unwrap();
		assert!(book.is_sound() && book.marks().len() <= 90);
	}
	// Calls for positions add two boundaries at most, and take a page away.
	for now in 91..200 {
		book.refer(now).unwrap();
		book.refer(now - 1).unwrap();
		book.flush(96);
		assert!(book.marks().len() < MAX_MARKS as usize - 2);
	}
	assert_eq!(book.index_at(95), Some(book.index()));
}
