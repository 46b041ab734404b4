//! Every call under every kind of origin.

use crate::{mock::*, Call, Error};
use dtel_traits::OffenceKind::Unavailable;
use frame_support::assert_noop;
use sp_runtime::{traits::Dispatchable, DispatchError};

/// Who calls.
#[derive(Clone, Copy, Debug)]
enum Who {
	Nobody,
	Stranger,
	Owner,
	Root,
}

impl Who {
	const ALL: [Self; 4] = [Self::Nobody, Self::Stranger, Self::Owner, Self::Root];

	fn origin(self) -> RuntimeOrigin {
		match self {
			Self::Nobody => RuntimeOrigin::none(),
			Self::Stranger => RuntimeOrigin::signed(12),
			Self::Owner => RuntimeOrigin::signed(11),
			Self::Root => RuntimeOrigin::root(),
		}
	}
}

/// What a call may answer.
type Answer = Result<(), DispatchError>;

/// Sees each of the four in turn call in a state that `prepare` makes, with penalty 0 of node 1, whose operator
/// is the owner; validator 11 equivocated, too.
fn expect(call: fn() -> Call<Test>, prepare: fn(), answers: [Answer; 4]) {
	for (who, answer) in Who::ALL.into_iter().zip(answers) {
		ExtBuilder.build_and_execute(|| {
			assert_eq!(report(Unavailable, 0, 1), 0);
			equivocate(0, 11, 1, 30);
			prepare();
			let dispatch = RuntimeCall::Penalties(call()).dispatch(who.origin());
			let result = dispatch.map(|_| ()).map_err(|error| error.error);
			assert_eq!(result, answer, "{who:?}: {:?}", call());
		});
		// The same again for what must not leave a trace.
		ExtBuilder.build_and_execute(|| {
			report(Unavailable, 0, 1);
			equivocate(0, 11, 1, 30);
			prepare();
			let dispatch = || {
				let result = RuntimeCall::Penalties(call()).dispatch(who.origin());
				result.map(|_| ()).map_err(|error| error.error)
			};
			match answer {
				Ok(()) => dispatch().unwrap(),
				Err(error) => {
					assert_noop!(dispatch(), error);
				}
			}
		});
	}
}

const BAD: Answer = Err(DispatchError::BadOrigin);

fn error(error: Error<Test>) -> Answer {
	Err(error.into())
}

#[test]
fn every_call_answers_every_origin_as_it_should() {
	let over = || go_to_era(60);
	let nothing = || ();
	let appealed = || appeal(11, 0).unwrap();
	let due = || go_to_era(4);
	expect(|| Call::unjail { node: 1 }, over, [BAD, error(Error::NotOwner), Ok(()), BAD]);
	expect(|| Call::unjail_validator {}, over, [BAD, error(Error::NotJailed), Ok(()), BAD]);
	expect(|| Call::appeal { penalty: 0 }, nothing, [BAD, error(Error::NotOffender), Ok(()), BAD]);
	expect(|| Call::uphold { penalty: 0 }, appealed, [BAD, BAD, BAD, Ok(())]);
	expect(|| Call::cancel { penalty: 0 }, nothing, [BAD, BAD, BAD, Ok(())]);
	expect(|| Call::cancel { penalty: 0 }, appealed, [BAD, BAD, BAD, Ok(())]);
	expect(|| Call::execute { penalty: 0 }, due, [BAD, Ok(()), Ok(()), BAD]);
}

#[test]
fn the_matrix_has_every_call() {
	use frame_support::traits::GetCallName;
	let known = ["unjail", "unjail_validator", "appeal", "uphold", "cancel", "execute"];
	assert_eq!(Call::<Test>::get_call_names(), known);
}
