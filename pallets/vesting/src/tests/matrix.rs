//! Every call under every kind of origin.

use super::*;
use frame_support::traits::GetCallName;
use sp_runtime::traits::Dispatchable;

type Answer = Result<(), DispatchError>;

const BAD: Answer = Err(DispatchError::BadOrigin);

/// Sees nobody, a stranger, the holder Carol, the revoker Bob and root in turn call, at block 130. Carol has grants 0 and 1 that Bob can revoke, 2 and 3
/// that nobody can, and owes something that could be paid.
fn expect(call: Call<Test>, answers: [Answer; 5]) {
	let origins =
		[RuntimeOrigin::none(), signed(ANYBODY), signed(CAROL), signed(BOB), RuntimeOrigin::root()];
	for (origin, answer) in origins.into_iter().zip(answers) {
		ExtBuilder::new().build_and_execute(|| {
			for revoker in [Some(BOB), Some(BOB), None, None, Some(BOB)] {
				grant(CAROL, 1_000, TERMS, revoker);
			}
			hold(CAROL, 5_000).unwrap();
			dispatch(BOB, Call::revoke { who: CAROL, id: 4 }).unwrap();
			release(CAROL, 5_000);
			go_to(130);
			let act = || {
				let done = RuntimeCall::Vesting(call.clone()).dispatch(origin.clone());
				done.map(|_| ()).map_err(|error| error.error)
			};
			match answer {
				Ok(()) => assert_eq!(act(), Ok(()), "{origin:?}: {call:?}"),
				Err(error) => {
					assert_noop!(act(), error);
				}
			}
		});
	}
}

#[test]
fn every_call_answers_every_origin_as_it_should() {
	let error = |error: Error<Test>| -> Answer { Err(error.into()) };
	let (who, id, other) = (CAROL, 0, 1);
	let revoker = || error(Error::NotRevoker);
	expect(Call::claim { who }, [BAD, Ok(()), Ok(()), Ok(()), BAD]);
	expect(Call::collect { who }, [BAD, Ok(()), Ok(()), Ok(()), BAD]);
	let (to, amount, terms) = (NEW, 100, TERMS);
	let transfer = Call::vested_transfer { to, amount, terms, revoker: None };
	expect(transfer, [BAD, Ok(()), Err(TokenError::Frozen.into()), Ok(()), BAD]);
	expect(Call::revoke { who, id }, [BAD, revoker(), revoker(), Ok(()), BAD]);
	expect(Call::waive { who, id }, [BAD, revoker(), revoker(), Ok(()), BAD]);
	expect(Call::merge { who, id, other }, [BAD, revoker(), revoker(), Ok(()), BAD]);
	let holder = || error(Error::NotHolder);
	expect(Call::merge { who, id: 2, other: 3 }, [BAD, holder(), Ok(()), holder(), BAD]);
	let force = Call::force_vested_transfer { from: ALICE, to, amount, terms, revoker: None };
	expect(force, [BAD, BAD, BAD, BAD, Ok(())]);
	expect(Call::force_revoke { who, id: 2 }, [BAD, BAD, BAD, BAD, Ok(())]);
	expect(Call::force_lift { who, id }, [BAD, BAD, BAD, BAD, Ok(())]);
}

#[test]
fn the_matrix_has_every_call() {
	let known = [
		"claim",
		"vested_transfer",
		"force_vested_transfer",
		"revoke",
		"force_revoke",
		"waive",
		"merge",
		"collect",
		"force_lift",
	];
	assert_eq!(Call::<Test>::get_call_names(), known);
}
