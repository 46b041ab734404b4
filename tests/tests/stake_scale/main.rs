//! Nothing that is done with stake costs more because there is more of it: the same reads and writes in a chain of ten
//! operators with ten delegations each as in a large one. `cargo bench --bench stake_scale` does the same with ten thousand
//! operators and a million delegations; its figures are in `docs/benchmarks.md`.

mod counting;
mod measure;
mod world;

use counting::count;
use measure::{all, differences, measure, table};
use world::{Size, World};

const LARGE: Size = Size { operators: 1_000, delegations: 50_000, crowd: 5_000 };

#[test]
fn nothing_costs_more_when_there_are_more_operators_and_delegations() {
	let small = (Size::TEN, all(Size::TEN, |_| {}));
	let large = (LARGE, all(LARGE, |_| {}));
	println!("{}", table(&small.1, &large.1));
	let found = differences(&small, &large);
	assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_cost_that_grows_is_noticed() {
	let count_members = |delegations| {
		let size = Size { delegations, ..Size::TEN };
		let mut world = World::new(size, |_| {});
		let iterate = || pallet_dtel_staking::Members::<dtel_runtime::Runtime>::iter().count();
		let (members, cost) = measure(&mut world, "all members", iterate);
		assert_eq!(members as u32, size.operators + delegations);
		(size, vec![cost])
	};
	let (small, large) = (count_members(100), count_members(200));
	assert_eq!(differences(&small, &large).len(), 1);
}

#[test]
fn keys_are_counted_once_and_calls_each_time() {
	use sp_io::storage::{clear, exists, get, set};
	let mut ext = sp_io::TestExternalities::default();
	let ((), seen) = ext.execute_with(|| {
		count(|| {
			get(b"a");
			get(b"a");
			exists(b"b");
			set(b"b", b"1");
			get(b"b");
			// Written before it is read: the database is not asked.
			set(b"c", b"1");
			get(b"c");
			clear(b"c");
		})
	});
	assert_eq!((seen.reads, seen.writes), (2, 2));
	assert_eq!((seen.all_reads, seen.all_writes), (5, 3));
}

#[test]
fn what_was_measured_is_undone() {
	let mut world = World::new(Size::TEN, |_| {});
	world.commit();
	let root = *world.ext.backend.root();
	let (_, cost) = measure(&mut world, "a write", || sp_io::storage::set(b"key", b"value"));
	assert_eq!((cost.accesses.reads, cost.accesses.writes), (0, 1));
	world.commit();
	assert_eq!(*world.ext.backend.root(), root);
}

#[test]
fn the_chain_that_is_measured_is_sound() {
	use frame_support::traits::{TryState, TryStateSelect::All};
	let mut world = World::new(Size::TEN, |_| {});
	world.go_to_era(2);
	world.score(2, &|_| {});
	world.go_to_era(3);
	let number = world.clock().first_block(3) + 1;
	world.ext.execute_with(|| {
		assert_eq!(<dtel_runtime::Registry as TryState<u32>>::try_state(number, All), Ok(()));
		assert_eq!(<dtel_runtime::Staking as TryState<u32>>::try_state(number, All), Ok(()));
		assert_eq!(<dtel_runtime::Rewards as TryState<u32>>::try_state(number, All), Ok(()));
		assert_eq!(<dtel_runtime::Penalties as TryState<u32>>::try_state(number, All), Ok(()));
	});
}
