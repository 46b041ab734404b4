//! Tests by call; helpers that they share.

mod commit;
mod compare;
mod double_reveal;
mod hooks;
mod invariants;
mod junk;
mod offchain;
mod prune;
mod reveal;
mod settle;
mod snapshot;
mod tripwires;
mod try_state;

use crate::{mock::*, Call};
use codec::Encode;
use dtel_primitives::{
	clock::Phase,
	report::{commit_payload, EraReport, Measurement, ReleaseVersion, SignedReveal},
	BasisPoints, EraIndex, Hash, NodeId,
};
use frame_support::dispatch::{DispatchResultWithPostInfo, GetDispatchInfo};
use sp_core::Pair;
use sp_runtime::{
	traits::{Applyable, Checkable},
	transaction_validity::{TransactionSource, TransactionValidity, TransactionValidityError},
	DispatchError,
};

pub const SALT: [u8; 32] = [7; 32];

/// A measurement of a healthy node.
pub fn good(target: NodeId) -> Measurement {
	Measurement {
		target,
		calls_tried: 2,
		calls_up: 2,
		setup_ms: 150,
		loss: BasisPoints::ZERO,
		jitter_us: 400,
		rtt_min_us: 1_800,
		rtt_us: 2_000,
		rtt_p95_us: 2_500,
		mos_centi: 441,
		video: BasisPoints::ONE,
		up_kbps: 2_000,
		down_kbps: 1_900,
		version: ReleaseVersion::parse("0.1.0"),
	}
}

/// The verifier's report of its targets, each measured by `measure`.
pub fn report_with(
	era: EraIndex,
	verifier: NodeId,
	measure: impl Fn(NodeId) -> Measurement,
) -> EraReport {
	let targets = Attestation::targets(era, verifier).expect("a member");
	let measurements = targets.into_iter().map(measure).collect::<Vec<_>>();
	EraReport { era, verifier, measurements: measurements.try_into().unwrap(), own: None }
}

pub fn report(era: EraIndex, verifier: NodeId) -> EraReport {
	report_with(era, verifier, good)
}

pub fn genesis() -> Hash {
	Attestation::genesis_hash()
}

pub fn commit_call(report: &EraReport) -> Call<Test> {
	let commitment = report.commitment(&genesis(), &SALT);
	commit_to(report.era, report.verifier, commitment)
}

pub fn commit_to(era: EraIndex, verifier: NodeId, commitment: Hash) -> Call<Test> {
	let payload = commit_payload(&genesis(), era, verifier, &commitment);
	let signature = attestor(verifier).sign(&payload).into();
	Call::commit { era, verifier, commitment, signature }
}

/// A report as its verifier reveals it.
pub fn signed_reveal(report: &EraReport) -> SignedReveal {
	let payload = report.reveal_payload(&genesis(), &SALT);
	let signature = attestor(report.verifier).sign(&payload).into();
	SignedReveal { report: report.clone(), salt: SALT, signature }
}

pub fn reveal_call(report: &EraReport) -> Call<Test> {
	let SignedReveal { report, salt, signature } = signed_reveal(report);
	Call::reveal { report, salt, signature }
}

fn transaction(call: Call<Test>) -> UncheckedExtrinsic {
	UncheckedExtrinsic::new_transaction(
		RuntimeCall::Attestation(call),
		(frame_system::AuthorizeCall::new(),),
	)
}

/// What a pool says of a call as a general transaction.
pub fn validate(call: Call<Test>) -> TransactionValidity {
	let xt = transaction(call);
	let (info, len) = (xt.get_dispatch_info(), xt.encode().len());
	let checked = Checkable::check(xt, &frame_system::ChainContext::<Test>::default())?;
	checked.validate::<Test>(TransactionSource::External, &info, len)
}

/// Includes a call as a general transaction.
pub fn apply(call: Call<Test>) -> Result<DispatchResultWithPostInfo, TransactionValidityError> {
	include(transaction(call))
}

pub fn include(
	xt: UncheckedExtrinsic,
) -> Result<DispatchResultWithPostInfo, TransactionValidityError> {
	let (info, len) = (xt.get_dispatch_info(), xt.encode().len());
	let checked = Checkable::check(xt, &frame_system::ChainContext::<Test>::default())?;
	checked.apply::<Test>(&info, len)
}

/// Includes a call that is expected to succeed.
#[track_caller]
pub fn assert_included(call: Call<Test>) {
	apply(call).expect("valid").expect("dispatched");
}

/// A call dispatched with the origin that authorisation gives, without authorisation: what a race
/// between validation and dispatch would meet.
pub fn dispatch(call: Call<Test>) -> Result<(), DispatchError> {
	use sp_runtime::traits::Dispatchable;
	RuntimeCall::Attestation(call)
		.dispatch(frame_system::RawOrigin::Authorized.into())
		.map(|_| ())
		.map_err(|e| e.error)
}

/// `n` nodes of as many operators with equal stake, all members of era 2 and later.
pub fn network(n: u32) {
	for node in 0..n {
		World::node(node, u64::from(node) + 100, 1_000);
	}
}

/// Runs a whole era in which `reports` are committed and revealed, up to its last block.
pub fn run_era(era: EraIndex, reports: impl Fn(NodeId) -> Option<EraReport>) {
	roll_to_phase(era, Phase::Commit);
	let members: Vec<_> = (0..Attestation::members(era))
		.filter_map(|index| Attestation::member(era, index))
		.map(|member| member.node)
		.collect();
	let reports: Vec<_> = members.into_iter().filter_map(reports).collect();
	for report in &reports {
		assert_included(commit_call(report));
	}
	roll_to_phase(era, Phase::Reveal);
	for report in &reports {
		assert_included(reveal_call(report));
	}
	roll_to_end(era);
}

/// Events of this pallet since the last call.
pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::events()
		.into_iter()
		.filter_map(|e| match e.event {
			RuntimeEvent::Attestation(event) => Some(event),
			_ => None,
		})
		.collect();
	System::reset_events();
	events
}
