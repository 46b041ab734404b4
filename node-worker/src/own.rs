//! What this node says of its own service to callers in an era.
//!
//! It is part of the era's report and speaks of the time from the era's begin (or from when this daemon first heard of
//! the era) until the report is signed. Its figures are those of [`Service`]: what callers' receivers reported, and the
//! media that came from and went to them.
//!
//! **Probes do not count.** A participant whose token a registered node signed is one ([`Access::probe`]): such a token
//! opens probe rooms only, and no other one opens those, so that whole rooms are calls or probes.
//!
//! [`Access::probe`]: crate::token::Access::probe

use crate::engine::{
	view::{TotalsView, View},
	EngineHandle,
};
use dtel_media_core::service::{Figures, Service};
use dtel_primitives::{
	report::{Measurement, SelfReport},
	BasisPoints, EraIndex,
};
use std::{
	sync::{Arc, Mutex, PoisonError},
	time::Instant,
};

/// What there was when the running era began.
#[derive(Default)]
pub struct EraBase(Mutex<Option<Base>>);

#[derive(Clone, Copy)]
struct Base {
	era: EraIndex,
	at: Instant,
	totals: TotalsView,
	service: Service,
}

/// What happened in the running era so far.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InEra {
	/// Counters.
	pub totals: TotalsView,
	/// What would be reported now; nothing if there was no call.
	pub own: Option<SelfReport>,
}

impl EraBase {
	/// An era begins.
	pub fn begin(&self, era: EraIndex, now: Instant, view: &View) {
		let base = Base { era, at: now, totals: view.totals, service: view.service };
		*self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(base);
	}

	/// What happened in an era; nothing is known of one that does not run.
	pub fn since(&self, era: EraIndex, now: Instant, view: &View) -> Option<InEra> {
		let base = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
		let base = base.filter(|base| base.era == era)?;
		let length = now.saturating_duration_since(base.at);
		let figures = view.service.since(&base.service).figures(length);
		Some(InEra {
			totals: view.totals.since(&base.totals),
			own: figures.as_ref().map(self_report),
		})
	}
}

/// Asks the engine for what this node says of itself.
pub struct Own {
	/// The engine.
	pub engine: EngineHandle,
	/// What there was when the era began.
	pub base: Arc<EraBase>,
}

impl Own {
	/// What there is to be said of an era now. Never what would make a report invalid: others are waiting for its
	/// measurements.
	pub async fn report(&self, era: EraIndex) -> Option<SelfReport> {
		let view = self.engine.view().await.ok()?;
		let own = self.base.since(era, Instant::now(), &view)?.own;
		own.filter(|own| own.validate().is_ok())
	}
}

fn self_report(figures: &Figures) -> SelfReport {
	let longest = Measurement::MAX_MILLIS.saturating_mul(1_000);
	let kbps =
		|n: u64| u32::try_from(n).map_or(Measurement::MAX_KBPS, |n| n.min(Measurement::MAX_KBPS));
	SelfReport {
		participants: u32::try_from(figures.participants).unwrap_or(u32::MAX).max(1),
		loss: BasisPoints::saturating(figures.loss_bp.into()),
		jitter_us: figures.jitter_us.min(longest),
		rtt_us: figures.rtt_us.min(longest),
		mos_centi: figures.mos_centi.clamp(100, 500),
		up_kbps: kbps(figures.up_kbps),
		down_kbps: kbps(figures.down_kbps),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_primitives::report::{EraReport, Measurements};
	use std::time::Duration;

	fn view(service: Service) -> View {
		let totals = TotalsView { rtp_in: service.participants, ..Default::default() };
		View { rooms: Vec::new(), totals, service, latency: Default::default(), draining: false }
	}

	fn figures() -> Figures {
		Figures {
			participants: 3,
			loss_bp: 120,
			jitter_us: 900,
			rtt_us: 30_000,
			mos_centi: 431,
			up_kbps: 700,
			down_kbps: 650,
		}
	}

	#[test]
	fn nothing_is_said_of_an_era_without_calls_or_that_does_not_run() {
		let (base, start) = (EraBase::default(), Instant::now());
		let quiet = view(Service::default());
		assert_eq!(base.since(3, start, &quiet), None);
		base.begin(3, start, &quiet);
		let now = start + Duration::from_secs(5);
		let somebody = view(Service { participants: 2, bytes_up: 10, ..Service::default() });
		let in_era = base.since(3, now, &somebody).expect("runs");
		assert_eq!((in_era.totals.rtp_in, in_era.own), (2, None));
		// A late question does not begin another era.
		assert_eq!(base.since(2, now, &somebody), None);
		assert_eq!(base.since(4, now, &somebody), None);
		assert_eq!(base.since(3, now, &somebody).map(|i| i.totals.rtp_in), Some(2));
		base.begin(4, now, &somebody);
		assert_eq!(base.since(4, now, &somebody).map(|i| i.totals.rtp_in), Some(0));
		assert_eq!(base.since(3, now, &somebody), None);
	}

	#[test]
	fn figures_keep_their_values_and_their_ranges() {
		let own = self_report(&figures());
		assert_eq!((own.participants, own.loss.parts(), own.jitter_us), (3, 120, 900));
		assert_eq!(
			(own.rtt_us, own.mos_centi, own.up_kbps, own.down_kbps),
			(30_000, 431, 700, 650)
		);
		let mad = Figures {
			participants: u64::MAX,
			loss_bp: u16::MAX,
			jitter_us: u32::MAX,
			rtt_us: u32::MAX,
			mos_centi: u16::MAX,
			up_kbps: u64::MAX,
			down_kbps: u64::MAX,
		};
		let none = Figures { participants: 0, mos_centi: 0, ..figures() };
		for figures in [figures(), mad, none] {
			let own = Some(self_report(&figures));
			let report =
				EraReport { era: 1, verifier: 2, measurements: Measurements::default(), own };
			assert_eq!(report.validate(), Ok(()), "{own:?}");
		}
	}
}
