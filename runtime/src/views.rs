//! The views that the runtime API returns, put together from what the pallets know.

use crate::*;
use alloc::collections::BTreeSet;
use dtel_math::money::{part_floor, share_floor, yearly_rate_floor};
use dtel_primitives::{
	api::{Duty, EraSummary, EraView, NodeEraView, SampleView, Target, VerifierView, MAX_PAGE},
	node::{ClientView, NearNode, NearNodes, NodePage, NodeView},
	offence::{PenaltyId, PenaltyPage, PenaltyView},
	reward::{Apr, Expected, OperatorPay},
	validator::{ValidatorView, ValidatorsView},
	EraIndex, MediaKey, NodeId, NodeIndex,
};
use dtel_traits::{Jail, NodeRegistry, Offender, StakeLedger};
use frame_support::traits::Get;
use pallet_dtel_attestation::Pooled;

fn now() -> EraIndex {
	setup::Clock::<Runtime>::get().era_of(System::block_number())
}

pub fn era() -> EraView {
	let clock = setup::Clock::<Runtime>::get();
	let block = System::block_number();
	let moment = clock.moment(block);
	let (members, commits, reveals, settled) = Attestation::era_progress(moment.era);
	EraView {
		block,
		block_ms: setup::SlotMillis::<Runtime>::get(),
		clock,
		moment,
		members,
		commits,
		reveals,
		settled,
	}
}

fn node_view(id: NodeId, node: &pallet_dtel_registry::Node<AccountId>) -> NodeView {
	let era = now();
	let owned = Balance::from(<Registry as NodeRegistry<AccountId>>::owned_by(node.owner()));
	let stake = <Staking as StakeLedger<AccountId>>::active(node.owner(), era);
	NodeView {
		id,
		owner: node.owner().clone(),
		domain: node.domain().to_vec(),
		region: node.region(era),
		capabilities: node.capabilities(),
		declared_kbps: node.declared_kbps(),
		version: node.version().to_vec(),
		did: node.did().map(Into::into),
		attestor: node.attestor(era).clone(),
		media: *node.media(era),
		status: node.status(),
		active_since: node.active_since(),
		jailed_until: Penalties::jailed_until(id),
		stake: stake.checked_div(owned).unwrap_or(0),
	}
}

pub fn node(id: NodeId) -> Option<NodeView> {
	Registry::node(id).map(|node| node_view(id, &node))
}

pub fn node_by_media(media: MediaKey) -> Option<NodeView> {
	Registry::node_by_media(media).map(|(id, node)| node_view(id, &node))
}

pub fn nodes(start: NodeId, limit: u32) -> Vec<NodeView> {
	Registry::nodes(start, limit.min(MAX_PAGE))
		.into_iter()
		.map(|(id, node)| node_view(id, &node))
		.collect()
}

pub fn active_nodes(start: NodeId, limit: u32) -> NodePage {
	let (nodes, next) = Registry::active_nodes(start, limit);
	NodePage { nodes: nodes.iter().map(|(id, node)| node_view(*id, node)).collect(), next }
}

pub fn nodes_near(lat: i16, lon: i16, limit: u32) -> NearNodes {
	let nearest = Registry::nodes_near(lat, lon, limit);
	let near = |(apart, id, node): &(dtel_math::globe::Apart, _, _)| NearNode {
		km: apart.km(),
		node: node_view(*id, node),
	};
	NearNodes { nodes: nearest.nodes.iter().map(near).collect(), complete: nearest.complete }
}

pub fn duty(verifier: NodeId) -> Option<Duty> {
	let era = now();
	let (index, targets, committed, revealed) = Attestation::duty(verifier)?;
	let mut targets: Vec<Target> = targets
		.into_iter()
		.filter_map(|id| {
			let node = Registry::node(id)?;
			Some(Target { node: id, domain: node.domain().to_vec(), media: *node.media(era) })
		})
		.collect();
	targets.sort_by_key(|target| target.node);
	Some(Duty { era, verifier, index, targets, committed, revealed })
}

pub fn verifier(node: NodeId, era: EraIndex) -> Option<VerifierView> {
	let targets = Attestation::targets_of_node(era, node)?;
	let verifiers = Attestation::verifiers_of_node(era, node)?;
	let commitment = Attestation::commitment(era, node);
	let committed = commitment.is_some();
	let revealed = commitment.and_then(|commitment| commitment.revealed());
	Some(VerifierView {
		era,
		targets,
		verifiers,
		committed,
		revealed: revealed.is_some(),
		outliers: revealed.map_or(0, |revealed| revealed.outliers),
	})
}

pub fn evidence(node: NodeId) -> Vec<SampleView> {
	let pool = Attestation::pool(node);
	let view = |pooled: &Pooled| SampleView {
		era: pooled.era,
		verifier: pooled.sample.verifier,
		weight: pooled.sample.weight,
		measurement: pooled.sample.measurement,
	};
	pool.samples().iter().map(view).collect()
}

pub fn client(key: MediaKey) -> Option<ClientView> {
	let client = Registry::client(key)?;
	Some(ClientView {
		owner: client.owner().clone(),
		until: client.until(),
		limit: client.limit(),
		valid: Registry::is_client_valid(key),
	})
}

pub fn is_client_valid(key: MediaKey) -> bool {
	Registry::is_client_valid(key)
}

pub fn era_summary(era: EraIndex) -> Option<EraSummary> {
	let members = Attestation::members(era);
	let pay = Rewards::era_pay(era);
	if members == 0 && pay.is_none() {
		return None;
	}
	Some(EraSummary {
		era,
		members,
		settled: Attestation::is_settled(era),
		released: pay.map_or(0, |pay| pay.released.work),
		points: pay.map_or(0, |pay| pay.all.points),
		paid: pay.map_or(0, |pay| pay.paid.work),
		pay,
	})
}

pub fn era_nodes(era: EraIndex, start: NodeIndex, limit: u32) -> Vec<NodeEraView> {
	let end = start.saturating_add(limit.min(MAX_PAGE)).min(Attestation::members(era));
	(start..end)
		.filter_map(|index| {
			let member = Attestation::member(era, index)?;
			let outcome = Attestation::outcome(member.node, era);
			let points = outcome.map_or(0, |outcome| outcome.points.into());
			let pay = Rewards::operator_pay(era, member.owner.clone());
			// Of what the operator gets for work, the node's part by points.
			let part = |pay: &OperatorPay, work: Balance| {
				share_floor(work, points, pay.work.points).unwrap_or(0)
			};
			Some(NodeEraView {
				node: member.node,
				outcome,
				points,
				paid: pay.and_then(|pay| Some(part(&pay, pay.paid()?.work))),
				payable: pay.filter(|pay| pay.payable).map(|pay| part(&pay, pay.share.work)),
				jailed_since: Penalties::jailed_since(member.node).filter(|since| *since <= era),
				owner: member.owner,
				stake: member.stake,
			})
		})
		.collect()
}

pub fn earnings(operator: AccountId, start: EraIndex, limit: u32) -> Vec<OperatorPay> {
	Rewards::history(operator, start, limit.min(MAX_PAGE))
}

pub fn expected(operator: AccountId) -> Option<Expected> {
	Rewards::expected(operator)
}

pub fn expected_by(holder: AccountId, operator: AccountId) -> Option<Expected> {
	let expected = Rewards::expected(operator.clone())?;
	let pool = Staking::pool(operator.clone())?;
	let units = Staking::units_of(&holder, &operator, expected.era)?;
	let all = Staking::units(&operator, expected.era);
	if all == 0 {
		// Nobody can take it, the operator neither.
		return Some(Expected { amount: 0, ..expected });
	}
	let commission = part_floor(expected.amount, pool.rate);
	let shared = expected.amount.saturating_sub(commission);
	let own = if holder == operator { commission } else { 0 };
	let amount = share_floor(shared, units, all).unwrap_or(0).saturating_add(own);
	Some(Expected { amount, ..expected })
}

/// The last eras that a yearly rate is from, at most: a week of production's.
const APR_ERAS: EraIndex = 28;

pub fn apr(operator: AccountId) -> Option<Apr> {
	let pool = Staking::pool(operator.clone())?;
	let (last, _) = Rewards::earned(operator.clone(), 0)?;
	// Stake counts from the era after the one in which it was bonded.
	let first = last.saturating_sub(APR_ERAS - 1).max(pool.opened.saturating_add(1));
	let (last, earned) = Rewards::earned(operator.clone(), first)?;
	let shared = earned.saturating_sub(part_floor(earned, pool.rate));
	let eras = u64::from(last.saturating_sub(first)).saturating_add(1);
	let span = eras.saturating_mul(setup::EraMillis::<Runtime>::get());
	// What shares, whether or not the operator wants work at the moment.
	let stake = Staking::units(&operator, now());
	let apr = yearly_rate_floor(shared, stake, span);
	Some(Apr { first, last, earned, stake, rate: pool.rate, apr })
}

pub fn validators() -> ValidatorsView<AccountId> {
	let candidates: BTreeSet<AccountId> =
		Validators::candidates().into_iter().map(|(who, _)| who).collect();
	let founders: BTreeSet<AccountId> = setup::Founders::<Runtime>::get().into_iter().collect();
	let seated = Session::validators();
	let next: BTreeSet<AccountId> =
		Session::queued_keys().into_iter().map(|(who, _)| who).collect();
	let disabled: BTreeSet<AccountId> = Session::disabled_validators()
		.into_iter()
		.filter_map(|index| seated.get(index as usize).cloned())
		.collect();
	let seated: BTreeSet<AccountId> = seated.into_iter().collect();
	let everybody: BTreeSet<AccountId> =
		[&candidates, &founders, &seated, &next].into_iter().flatten().cloned().collect();
	let mut validators: Vec<ValidatorView<AccountId>> = everybody
		.into_iter()
		.map(|who| {
			let (standing, stake) = Validators::standing(who.clone());
			ValidatorView {
				stake,
				standing,
				candidate: candidates.contains(&who),
				founder: founders.contains(&who),
				struck: Validators::is_struck(&who),
				seated: seated.contains(&who),
				next: next.contains(&who),
				disabled: disabled.contains(&who),
				who,
			}
		})
		.collect();
	validators.sort_by_key(|validator| core::cmp::Reverse(validator.stake));
	ValidatorsView {
		wanted: setup::WantedValidators::<Runtime>::get(),
		minimum: setup::MinimumValidators::<Runtime>::get(),
		floor: governance::parameters::ValidatorFloor::get(),
		places: configs::consensus::MaxCandidates::get(),
		elected: pallet_dtel_validators::Elected::<Runtime>::get(),
		validators,
	}
}

type Penalty = pallet_dtel_penalties::Penalty<AccountId>;

fn penalty_views(penalties: Vec<(PenaltyId, Penalty)>) -> Vec<PenaltyView> {
	penalties.into_iter().map(|(id, penalty)| Penalties::view(id, &penalty)).collect()
}

fn penalty_page((penalties, next): (Vec<(PenaltyId, Penalty)>, Option<PenaltyId>)) -> PenaltyPage {
	PenaltyPage { penalties: penalty_views(penalties), next }
}

pub fn penalty(id: PenaltyId) -> Option<PenaltyView> {
	Penalties::penalty(id).map(|penalty| Penalties::view(id, &penalty))
}

pub fn open_penalties(after: Option<PenaltyId>, limit: u32) -> PenaltyPage {
	penalty_page(Penalties::open_penalties(after, limit))
}

pub fn penalties_of_owner(owner: AccountId, after: Option<PenaltyId>, limit: u32) -> PenaltyPage {
	penalty_page(Penalties::penalties_of(owner, after, limit))
}

pub fn penalties_of_node(node: NodeId, limit: u32) -> Vec<PenaltyView> {
	let limit = limit.min(MAX_PAGE);
	penalty_views(Penalties::offender_penalties(Offender::Node(node), limit))
}
