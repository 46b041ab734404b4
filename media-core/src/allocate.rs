//! Who gets which layer when the bandwidth does not suffice for everything. Pure and deterministic.
//!
//! Audio is taken off the budget before. Then, as long as it fits:
//!
//! 1. every video gets its lowest layer, screen shares first, then the cheaper ones;
//! 2. screen shares are raised to what is wanted of them, one after the other;
//! 3. all others are raised together, layer by layer.
//!
//! A step that does not fit is left out, and with it the higher layers of that video; later, cheaper steps may still
//! fit. So the result, read in this order, is never worse for a larger budget. A video without any layer is paused.

/// What a subscriber wants of one video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
	/// Bits per second of each layer with all it needs, lowest first; `None`: nothing of it comes at present.
	pub rungs: Vec<Option<u64>>,
	/// Highest layer that is wanted.
	pub most: usize,
	/// Layer that is sent now.
	pub current: Option<usize>,
	/// Shows a screen.
	pub screen: bool,
	/// May go above the present layer. Otherwise it stepped down a moment ago.
	pub may_rise: bool,
	/// Was paused: going on counts as rising.
	pub paused: bool,
}

impl Demand {
	/// Layers that come and are wanted, lowest first; if none of the wanted ones comes, the lowest that does.
	fn ladder(&self) -> Vec<(usize, u64)> {
		let alive = self.rungs.iter().enumerate().filter_map(|(i, r)| Some((i, (*r)?)));
		let mut all: Vec<(usize, u64)> = alive.collect();
		let wanted = all.iter().filter(|(i, _)| *i <= self.most).count().max(1);
		all.truncate(wanted);
		all
	}

	/// Whether a layer is above what is sent now.
	fn is_rise(&self, rung: usize) -> bool {
		self.paused || self.current.is_some_and(|c| rung > c)
	}
}

/// Room to spare, in percent, that a rise needs: so that layers do not swing.
const RISE: u64 = 115;

/// The layer of each video, in the order of `demands`; `None`: paused, or nothing comes of it.
pub fn allocate(budget: u64, demands: &[Demand]) -> Vec<Option<usize>> {
	let ladders: Vec<Vec<(usize, u64)>> = demands.iter().map(Demand::ladder).collect();
	let lowest = |i: usize| ladders.get(i).and_then(|l| l.first()).map_or(0, |r| r.1);
	let screen = |i: usize| demands.get(i).is_some_and(|d| d.screen);
	let mut order: Vec<usize> = (0..demands.len()).collect();
	// Powers of two, so that rates that differ a little do not change places.
	order.sort_by_key(|i| (!screen(*i), lowest(*i).checked_ilog2(), *i));

	let mut state = Allocation { budget, used: 0, steps: vec![0; demands.len()], demands, ladders };
	for i in &order {
		state.raise(*i, 1);
	}
	for i in order.iter().filter(|i| screen(**i)) {
		for step in 2..=state.height(*i) {
			state.raise(*i, step);
		}
	}
	let highest = (0..demands.len()).map(|i| state.height(i)).max().unwrap_or(0);
	for step in 2..=highest {
		for i in order.iter().filter(|i| !screen(**i)) {
			state.raise(*i, step);
		}
	}
	(0..demands.len()).map(|i| state.rung(i).map(|r| r.0)).collect()
}

struct Allocation<'a> {
	budget: u64,
	used: u64,
	/// Steps of its ladder that each video has.
	steps: Vec<usize>,
	demands: &'a [Demand],
	ladders: Vec<Vec<(usize, u64)>>,
}

impl Allocation<'_> {
	fn height(&self, i: usize) -> usize {
		self.ladders.get(i).map_or(0, Vec::len)
	}

	fn rung(&self, i: usize) -> Option<(usize, u64)> {
		let step = self.steps.get(i)?.checked_sub(1)?;
		self.ladders.get(i)?.get(step).copied()
	}

	/// Takes a video to a step of its ladder, from the one below, if that fits.
	fn raise(&mut self, i: usize, step: usize) {
		let (Some(demand), Some(have)) = (self.demands.get(i), self.steps.get(i).copied()) else {
			return;
		};
		let Some((rung, rate)) = self.ladders.get(i).and_then(|l| l.get(step - 1)).copied() else {
			return;
		};
		if have + 1 != step {
			return;
		}
		let rise = demand.is_rise(rung);
		if rise && step > 1 && !demand.may_rise {
			return;
		}
		let without = self.used - self.rung(i).map_or(0, |r| r.1);
		let needed = if rise { rate.saturating_mul(RISE) / 100 } else { rate };
		if without.saturating_add(needed) > self.budget {
			return;
		}
		self.used = without.saturating_add(rate);
		if let Some(steps) = self.steps.get_mut(i) {
			*steps = step;
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn camera(rates: &[u64]) -> Demand {
		Demand {
			rungs: rates.iter().map(|r| Some(*r)).collect(),
			most: rates.len() - 1,
			current: None,
			screen: false,
			may_rise: true,
			paused: false,
		}
	}

	fn screen(rates: &[u64]) -> Demand {
		Demand { screen: true, ..camera(rates) }
	}

	#[test]
	fn everybody_gets_the_lowest_before_anybody_gets_more() {
		let three = vec![camera(&[100, 300, 900]); 3];
		assert_eq!(allocate(299, &three), [Some(0), Some(0), None]);
		assert_eq!(allocate(300, &three), [Some(0), Some(0), Some(0)]);
		assert_eq!(allocate(500, &three), [Some(1), Some(0), Some(0)]);
		assert_eq!(allocate(899, &three), [Some(1), Some(1), Some(0)]);
		assert_eq!(allocate(1_500, &three), [Some(2), Some(1), Some(1)]);
		assert_eq!(allocate(2_700, &three), [Some(2), Some(2), Some(2)]);
		assert_eq!(allocate(0, &three), [None, None, None]);
	}

	#[test]
	fn screen_comes_first() {
		let both = [camera(&[100, 300]), screen(&[200, 1_000])];
		assert_eq!(allocate(250, &both), [None, Some(0)]);
		assert_eq!(allocate(1_099, &both), [Some(1), Some(0)]);
		assert_eq!(allocate(1_100, &both), [Some(0), Some(1)]);
		// A screen that does not fit at all stops nobody.
		assert_eq!(allocate(150, &both), [Some(0), None]);
	}

	#[test]
	fn dear_one_does_not_keep_out_cheap_ones() {
		let some = [camera(&[2_000]), camera(&[100]), camera(&[100])];
		assert_eq!(allocate(1_000, &some), [None, Some(0), Some(0)]);
	}

	#[test]
	fn rising_needs_room_to_spare_and_rest() {
		let at = |current, may_rise| Demand { current, may_rise, ..camera(&[100, 300]) };
		assert_eq!(allocate(344, &[at(Some(0), true)]), [Some(0)]);
		assert_eq!(allocate(345, &[at(Some(0), true)]), [Some(1)]);
		assert_eq!(allocate(300, &[at(Some(1), true)]), [Some(1)]);
		assert_eq!(allocate(900, &[at(Some(0), false)]), [Some(0)]);
		let paused = Demand { paused: true, ..at(None, false) };
		assert_eq!(allocate(114, std::slice::from_ref(&paused)), [None]);
		assert_eq!(allocate(115, &[paused]), [Some(0)]);
	}

	#[test]
	fn dead_layers_are_left_out() {
		let mut one = camera(&[100, 300, 900]);
		one.rungs[0] = None;
		assert_eq!(allocate(10_000, &[Demand { most: 0, ..one.clone() }]), [Some(1)]);
		assert_eq!(allocate(10_000, &[one.clone()]), [Some(2)]);
		one.rungs = vec![None; 3];
		assert_eq!(allocate(10_000, &[one]), [None]);
	}

	fn demands() -> impl Strategy<Value = Vec<Demand>> {
		let rung = proptest::option::weighted(0.8, 1u64..5_000);
		let one = (
			proptest::collection::vec(rung, 1..4),
			0usize..4,
			proptest::option::of(0usize..4),
			any::<bool>(),
			any::<bool>(),
			any::<bool>(),
		)
			.prop_map(|(mut rungs, most, current, screen, may_rise, paused)| {
				// Rates that fall from one layer to the next come from no encoder.
				let mut least = 0;
				for rung in rungs.iter_mut().flatten() {
					least += *rung;
					*rung = least;
				}
				Demand { rungs, most, current, screen, may_rise, paused }
			});
		proptest::collection::vec(one, 0..8)
	}

	fn spent(demands: &[Demand], got: &[Option<usize>]) -> u64 {
		demands.iter().zip(got).filter_map(|(d, g)| g.and_then(|g| d.rungs[g])).sum()
	}

	/// Steps in the order in which they are tried, and whether each was taken.
	fn taken(demands: &[Demand], got: &[Option<usize>]) -> Vec<bool> {
		let mut order: Vec<usize> = (0..demands.len()).collect();
		order.sort_by_key(|i| {
			let lowest = demands[*i].ladder().first().map_or(0, |r| r.1);
			(!demands[*i].screen, lowest.checked_ilog2(), *i)
		});
		let has = |i: usize, step: usize| {
			let at = demands[i].ladder().iter().position(|r| Some(r.0) == got[i]);
			at.is_some_and(|at| at + 1 >= step)
		};
		let mut out: Vec<bool> = order.iter().map(|i| has(*i, 1)).collect();
		let (screens, others): (Vec<usize>, Vec<usize>) =
			order.into_iter().partition(|i| demands[*i].screen);
		for i in screens {
			out.extend((2..=4).map(|s| has(i, s)));
		}
		for s in 2..=4 {
			out.extend(others.iter().map(|i| has(*i, s)));
		}
		out
	}

	proptest! {
		#[test]
		fn is_never_above_the_budget_and_takes_what_fits(demands in demands(), budget in 0u64..20_000) {
			let got = allocate(budget, &demands);
			prop_assert_eq!(&got, &allocate(budget, &demands));
			let used = spent(&demands, &got);
			prop_assert!(used <= budget);
			for (d, g) in demands.iter().zip(&got) {
				if let Some(g) = g {
					prop_assert!(d.rungs[*g].is_some());
					prop_assert!(*g <= d.most || d.rungs[..*g].iter().all(Option::is_none));
				} else if let Some((_, rate)) = d.ladder().first() {
					// What is paused would not have fitted beside the rest.
					let needed = if d.paused || d.current.is_some_and(|c| d.ladder()[0].0 > c) { rate * RISE / 100 } else { *rate };
					prop_assert!(used + needed > budget);
				}
			}
		}

		#[test]
		fn is_never_worse_for_a_larger_budget(demands in demands(), budget in 0u64..20_000, more in 0u64..5_000) {
			let (a, b) = (allocate(budget, &demands), allocate(budget + more, &demands));
			prop_assert!(taken(&demands, &a) <= taken(&demands, &b));
		}

		#[test]
		fn lowest_layers_come_first(mut demands in demands(), budget in 0u64..20_000) {
			for d in &mut demands {
				d.screen = false;
				(d.current, d.paused) = (None, false);
			}
			let got = allocate(budget, &demands);
			let somebody_waits = demands.iter().zip(&got).filter(|(d, g)| g.is_none() && !d.ladder().is_empty());
			for (d, _) in somebody_waits {
				// It waits because the lowest layers of the others do not leave it enough.
				let others: u64 = demands.iter().zip(&got).filter(|(_, g)| g.is_some()).map(|(d, _)| d.ladder()[0].1).sum();
				prop_assert!(others + d.ladder()[0].1 > budget);
			}
		}
	}
}
