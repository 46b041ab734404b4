//! Layers by bandwidth, for each subscriber over all its videos.

use std::time::{Duration, Instant};

use str0m::bwe::Bitrate;

use super::track::UPGRADE_REST;
use super::types::{Event, ParticipantId};
use super::Sfu;
use crate::allocate::{allocate, Demand};
use crate::{MediaKind, TransportKind};

/// Part of the bandwidth estimate that media may take, percent.
const ESTIMATE_PART: u64 = 90;
/// Layers over the budget are kept for so long: estimates dip when a machine is busy.
const SHORT_PATIENCE: Duration = Duration::from_secs(1);
/// A video for which nothing fits goes on with its lowest layer for so long.
const PAUSE_PATIENCE: Duration = Duration::from_secs(3);
/// LiveKit's `TrackSource::ScreenShare`.
const SCREEN_SHARE: i32 = 3;

impl Sfu {
	/// Chooses the layers that a subscriber gets.
	pub(super) fn choose_layers(&mut self, id: ParticipantId) {
		let now = self.now;
		let Some(participant) = self.participants.get_mut(id) else { return };
		let estimate = participant.estimate;
		let short_since = participant.short_since;
		// The subscriptions leave the participant while tracks of others are looked at.
		let mut down = std::mem::take(&mut participant.down);
		let mut keys: Vec<u64> =
			down.iter().filter(|(_, d)| !d.disabled && d.tx.is_some()).map(|(k, _)| *k).collect();
		keys.sort_unstable();
		let (mut audio, mut desired, mut next) = (0u64, 0u64, 0u64);
		let mut videos: Vec<(u64, Demand)> = Vec::new();
		for key in keys {
			let Some(d) = down.get(&key) else { continue };
			let Some(source) = self.participants.get(d.source) else { continue };
			let Some(track) = source.up.iter().find(|t| t.key == key && !t.muted) else {
				continue;
			};
			let rungs = track.ladder(now);
			if d.kind == MediaKind::Audio {
				let rate = rungs.first().copied().flatten().unwrap_or(0);
				(audio, desired, next) = (audio + rate, desired + rate, next + rate);
			} else if rungs.iter().any(Option::is_some) {
				let demand = Demand {
					most: d.max_layer.unwrap_or(usize::MAX),
					current: d.current.filter(|c| rungs.get(*c).is_some_and(Option::is_some)),
					screen: track.binding.source == SCREEN_SHARE,
					may_rise: d.rest_until.is_none_or(|until| now >= until),
					paused: d.paused,
					rungs,
				};
				desired += dearest(&demand);
				videos.push((key, demand));
			}
		}
		let budget = estimate.map(|e| (e * ESTIMATE_PART / 100).saturating_sub(audio));
		let present: u64 = videos
			.iter()
			.filter(|(_, d)| !d.paused)
			.filter_map(|(_, d)| d.current.filter(|c| *c <= d.most).and_then(|c| rate(d, c)))
			.sum();
		let short_since = match budget {
			Some(budget) if present > budget => Some(short_since.unwrap_or(now)),
			_ => None,
		};
		let waits = |since: Option<Instant>, patience| {
			since.is_some_and(|since: Instant| now.saturating_duration_since(since) < patience)
		};
		let demands: Vec<Demand> = videos.iter().map(|(_, d)| d.clone()).collect();
		let patient = waits(short_since, SHORT_PATIENCE);
		let chosen = allocate(budget.unwrap_or(u64::MAX), &demands);
		let mut events = Vec::new();
		for ((key, demand), mut rung) in videos.iter().zip(chosen) {
			let Some(d) = down.get_mut(key) else { continue };
			if patient && !demand.paused {
				// What is wanted no more goes even now.
				rung = demand.current.filter(|c| *c <= demand.most).or(rung);
			}
			let lowest = demand.rungs.iter().position(Option::is_some);
			if rung.is_some() {
				d.starved_since = None;
			} else if !demand.paused {
				let since = *d.starved_since.get_or_insert(now);
				if !self.config.pause_video || waits(Some(since), PAUSE_PATIENCE) {
					rung = lowest;
				}
			}
			let paused = rung.is_none();
			if std::mem::replace(&mut d.paused, paused) != paused {
				d.detach();
				(d.current, d.starved_since) = (None, None);
				d.rest_until = paused.then_some(now + UPGRADE_REST);
				let track_sid = d.track_sid.clone();
				events.push(Event::StreamState { participant: id, track_sid, paused });
			}
			d.target = rung.or(lowest);
			// What the next step up takes, or what is taken now if there is none.
			let above = rung.map_or(lowest, |r| Some(r + 1));
			let above = above.filter(|a| *a <= demand.most).and_then(|a| rate(demand, a));
			next += above.unwrap_or(u64::MAX).min(dearest(demand));
		}
		let Some(participant) = self.participants.get_mut(id) else { return };
		participant.down = down;
		participant.short_since = short_since;
		if participant.downward().connected && desired > 0 {
			// Padding towards the next layers lets the estimate grow until they fit; none is needed
			// when everything wanted is sent.
			let short = budget.is_some_and(|b| b.saturating_add(audio) < desired);
			let minimum = if next < desired || short { round_up(next * 4 / 3) } else { 0 };
			// Probes of the path go up to what is desired, and an estimate is never above what was
			// probed: ask for more than is sent now, or the estimate would fall with it.
			let desired = round_up(desired * 3 / 2).max(self.config.initial_bitrate);
			let rates = (minimum, desired);
			if std::mem::replace(&mut participant.asked_rates, rates) != rates {
				let _ = participant.downward_mut().guard(|t| {
					t.rtc.bwe().set_bitrate(Bitrate::bps(rates.0), Bitrate::bps(rates.1));
					Ok::<_, std::convert::Infallible>(())
				});
				self.touch((id, TransportKind::Subscriber));
			}
		}
		for event in events {
			self.event(event);
		}
	}
}

fn rate(demand: &Demand, rung: usize) -> Option<u64> {
	demand.rungs.get(rung).copied().flatten()
}

/// Bits per second of the dearest layer that a subscriber may get.
fn dearest(demand: &Demand) -> u64 {
	demand.rungs.iter().take(demand.most.saturating_add(1)).flatten().copied().max().unwrap_or(0)
}

/// To the next step of 250 kbit/s.
fn round_up(rate: u64) -> u64 {
	rate.div_ceil(250_000) * 250_000
}
