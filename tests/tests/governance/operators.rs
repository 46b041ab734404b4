//! Five operators with a node each, who measure each other: for penalties, and for what works in an emergency.

use crate::chain::{account, Chain, Tx, Who};
use dtel_primitives::{
	attestor::AttestorPair,
	clock::Phase,
	node::{Capabilities, Region, SoftwareVersion},
	offence::{OffenceKind, PenaltyId},
	report::{commit_payload, EraReport, Measurement},
	Balance, BasisPoints, NodeId, DTEL,
};
use dtel_runtime::{Attestation, Penalties, RuntimeCall, Staking, System};
use dtel_traits::{Jail, Offender, StakeLedger};
use pallet_dtel_penalties::State;
use sp_core::{ed25519, Pair};

/// The operators; their nodes have these indices as identifiers.
pub const OPERATORS: [Who; 5] = ["Op1", "Op2", "Op3", "Op4", "Op5"];
/// The first era in which they take part.
pub const FIRST: u32 = 2;
/// The node that vanishes.
pub const VANISHED: NodeId = 4;
/// What each operator bonds.
pub const BOND: Balance = 50_000 * DTEL;

fn attestor(op: Who) -> AttestorPair {
	AttestorPair::from_string(&format!("//{op}//attestor"), None).expect("a valid seed")
}

/// The call with which an operator bonds.
pub fn bond(amount: Balance) -> RuntimeCall {
	pallet_dtel_staking::Call::bond { amount, commission: Default::default() }.into()
}

/// The call that registers a node of somebody, under a number that nobody else has.
pub fn register(op: Who, number: u32) -> RuntimeCall {
	let media = ed25519::Pair::from_string(&format!("//{op}//media"), None).expect("a valid seed");
	RuntimeCall::Registry(pallet_dtel_registry::Call::register {
		declaration: pallet_dtel_registry::Declaration {
			domain: format!("127.0.0.1:{}", 7_880 + number).into_bytes().try_into().expect("short"),
			region: Region { country: *b"DE", lat: 525, lon: 134 },
			capabilities: Capabilities::SFU,
			declared_kbps: 100_000,
			version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("a version"),
			did: None,
		},
		attestor: attestor(op).public(),
		media: media.public(),
	})
}

fn seen(target: NodeId, dead: &[NodeId]) -> Measurement {
	if dead.contains(&target) {
		return Measurement::down(target, 2);
	}
	Measurement {
		target,
		calls_tried: 2,
		calls_up: 2,
		setup_ms: 90,
		loss: BasisPoints::ZERO,
		jitter_us: 400,
		rtt_min_us: 1_200,
		rtt_us: 1_500,
		rtt_p95_us: 2_100,
		mos_centi: 438,
		video: BasisPoints::ONE,
		up_kbps: 1_500,
		down_kbps: 1_450,
		version: Default::default(),
	}
}

impl Chain {
	/// Has all operators register and bond, and goes to the first era in which they take part.
	pub fn start_operators(&mut self) {
		for (number, op) in OPERATORS.into_iter().enumerate() {
			self.send_all(vec![(op, bond(BOND)), (op, register(op, number as u32))]);
		}
		self.run_to_era(FIRST);
		assert_eq!(self.view(|| Attestation::members(FIRST)), 5);
	}

	/// What the duty of a verifier is in this phase: to commit, or to reveal.
	fn duty(&mut self, node: NodeId, dead: &[NodeId], reveal: bool) -> Option<Tx> {
		let key = attestor(OPERATORS[node as usize]);
		let salt = [node as u8 + 1; 32];
		let era = self.era();
		let (mut targets, genesis) = self.view(|| {
			let (_, targets, ..) = Attestation::duty(node)?;
			Some((targets, System::block_hash(0)))
		})?;
		targets.sort_unstable();
		let seen = targets.into_iter().map(|target| seen(target, dead)).collect::<Vec<_>>();
		let measurements = seen.try_into().expect("few targets");
		let report = EraReport { era, verifier: node, measurements, own: None };
		let call = if reveal {
			let signature = key.sign(&report.reveal_payload(&genesis, &salt));
			pallet_dtel_attestation::Call::reveal { report, salt, signature }
		} else {
			let commitment = report.commitment(&genesis, &salt);
			let payload = commit_payload(&genesis, era, node, &commitment);
			let signature = key.sign(&payload);
			pallet_dtel_attestation::Call::commit { era, verifier: node, commitment, signature }
		};
		Some(Tx::Authorized(call.into()))
	}

	/// All but `silent` do their duty in the running era, and nobody reaches the `dead`; ends in the first block of the next. Says
	/// how many committed and revealed.
	pub fn measure(&mut self, silent: &[NodeId], dead: &[NodeId]) -> usize {
		let era = self.era();
		let mut done = 0;
		for (phase, reveal) in [(Phase::Commit, false), (Phase::Reveal, true)] {
			self.run_to_phase(phase);
			let awake = (0..OPERATORS.len() as NodeId).filter(|node| !silent.contains(node));
			let duties: Vec<_> = awake.collect();
			let duties =
				duties.into_iter().filter_map(|node| self.duty(node, dead, reveal)).collect();
			let applied = self.apply(duties);
			assert!(applied.iter().all(|applied| *applied == Ok(Ok(()))), "{applied:?}");
			done += applied.len();
		}
		self.run_to_era(era + 1);
		done
	}

	/// Three eras in which nobody reaches the fifth node, in the last of which it is silent as a verifier, too. It is jailed
	/// then, and two penalties wait.
	pub fn lose_the_fifth(&mut self) {
		self.start_operators();
		self.measure(&[], &[VANISHED]);
		self.measure(&[], &[VANISHED]);
		self.measure(&[VANISHED], &[VANISHED]);
		assert!(self.view(|| Penalties::is_jailed(VANISHED)));
	}

	/// The penalty of the fifth node for this.
	pub fn penalty(&mut self, kind: OffenceKind) -> (PenaltyId, State) {
		let all = self.view(|| Penalties::offender_penalties(Offender::Node(VANISHED), 100));
		let mut of = all.iter().filter(|(_, penalty)| penalty.kind() == kind);
		let (id, penalty) = of.next().expect("reported");
		assert!(of.next().is_none(), "once");
		(*id, penalty.state())
	}

	/// What an operator has at stake in this era.
	pub fn at_stake(&mut self, op: Who) -> Balance {
		let era = self.era();
		self.view(|| <Staking as StakeLedger<_>>::active(&account(op), era))
	}
}
