//! One file a call or sink, one a concern.

mod appeal;
mod attacks;
mod cancel;
mod close;
mod common;
mod disputes;
mod equivocations;
mod escalation;
mod execute;
mod invariants;
mod jail;
mod matrix;
mod model;
mod pages;
mod quality;
mod queries;
mod report;
mod tripwires;
mod try_state;
mod unjail;
mod uphold;
mod validators;

use crate::{mock::Test, Event, Span};
use dtel_primitives::{EraIndex, NodeId};
use dtel_traits::{Occasion, OffenceKind, Offender, PenaltyId};
use sp_runtime::Perbill;

/// The occasion of what is done at most once an era.
const ONCE: Occasion = Occasion { set: 0, round: 0 };

/// The node as an offender.
fn node(node: NodeId) -> Offender<u64> {
	Offender::Node(node)
}

/// The span.
fn span(since: EraIndex, until: EraIndex) -> Option<Span> {
	Some(Span { since, until })
}

/// The event of a report by operator 11.
fn reported(
	penalty: PenaltyId,
	kind: OffenceKind,
	era: EraIndex,
	of: NodeId,
	fraction: Perbill,
	due: EraIndex,
) -> Event<Test> {
	Event::OffenceReported { penalty, kind, era, offender: node(of), owner: 11, fraction, due }
}
