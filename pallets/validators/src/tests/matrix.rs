//! Every call under every kind of origin.

use crate::{mock::*, Call, Error};
use frame_support::assert_noop;
use sp_runtime::{traits::Dispatchable, DispatchError};

/// What a call may answer.
type Answer = Result<(), DispatchError>;

const BAD: Answer = Err(DispatchError::BadOrigin);

fn error(error: Error<Test>) -> Answer {
	Err(error.into())
}

/// Nobody, a stranger, the owner and root call in a state that `prepare` makes. The owner is operator 5.
fn expect(call: fn() -> Call<Test>, prepare: fn(), answers: [Answer; 4]) {
	let origins: [fn() -> RuntimeOrigin; 4] = [
		RuntimeOrigin::none,
		|| RuntimeOrigin::signed(77),
		|| RuntimeOrigin::signed(5),
		RuntimeOrigin::root,
	];
	for (origin, answer) in origins.into_iter().zip(answers) {
		ExtBuilder.build_and_execute(|| {
			prepare();
			let dispatch = || {
				let result = RuntimeCall::Validators(call()).dispatch(origin());
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

#[test]
fn every_call_answers_every_origin_as_it_should() {
	let nothing = || ();
	let candidate = || candidates([5]);
	let poor = || {
		candidates([5]);
		stake(5, 0);
	};
	expect(|| Call::validate {}, nothing, [BAD, error(Error::NoKeys), Ok(()), BAD]);
	expect(|| Call::resign {}, candidate, [BAD, error(Error::NotCandidate), Ok(()), BAD]);
	let still = || error(Error::StillEligible);
	expect(|| Call::remove { candidate: 5 }, candidate, [BAD, still(), still(), BAD]);
	expect(|| Call::remove { candidate: 5 }, poor, [BAD, Ok(()), Ok(()), BAD]);
}

#[test]
fn the_matrix_has_every_call() {
	use frame_support::traits::GetCallName;
	assert_eq!(Call::<Test>::get_call_names(), ["validate", "resign", "remove"]);
}
