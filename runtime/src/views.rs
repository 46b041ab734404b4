//! The views that the runtime API returns, put together from what the pallets know.

use crate::*;
use alloc::collections::BTreeSet;
use dtel_primitives::{
	api::{Duty, EraSummary, EraView, NodeEraView, Target, MAX_PAGE},
	node::{ClientView, NearNode, NearNodes, NodePage, NodeView},
	offence::{PenaltyId, PenaltyPage, PenaltyView},
	validator::{ValidatorView, ValidatorsView},
	EraIndex, MediaKey, NodeId, NodeIndex,
};
use dtel_traits::{Jail, NodeRegistry, Offender, StakeLedger};
use frame_support::traits::Get;

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
	let near = |(apart, id, node): &(pallet_dtel_registry::geo::Apart, _, _)| NearNode {
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
		released: pay.as_ref().map_or(0, |pay| pay.released),
		points: pay.as_ref().map_or(0, |pay| pay.points),
		paid: pay.as_ref().map_or(0, |pay| pay.paid),
	})
}

pub fn era_nodes(era: EraIndex, start: NodeIndex, limit: u32) -> Vec<NodeEraView> {
	let end = start.saturating_add(limit.min(MAX_PAGE)).min(Attestation::members(era));
	(start..end)
		.filter_map(|index| {
			let member = Attestation::member(era, index)?;
			let pay = Rewards::node_pay(era, member.node);
			Some(NodeEraView {
				node: member.node,
				outcome: Attestation::outcome(member.node, era),
				points: pay.as_ref().map_or(0, |pay| pay.points),
				paid: pay.as_ref().and_then(|pay| pay.paid),
				payable: pay.as_ref().and_then(|pay| pay.payable),
				jailed_since: Penalties::jailed_since(member.node).filter(|since| *since <= era),
				owner: member.owner,
				stake: member.stake,
			})
		})
		.collect()
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
		floor: configs::consensus::ValidatorFloor::get(),
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
