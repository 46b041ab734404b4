//! Call bots: two-party calls through a node, with tokens of a client's key, and what came of them.

use crate::{
	rtc_client::{Happening, Options, RtcClient},
	token::{mint, Grant},
};
use dtel_media_core::{client::Event, MediaKind, TransportKind};
use ed25519_dalek::SigningKey;
use serde::Serialize;
use std::{
	collections::HashMap,
	sync::{
		atomic::{AtomicU64, Ordering},
		Arc,
	},
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::{sync::watch, task::JoinSet};
use tracing::warn;

/// Between the beginnings of two calls.
const STAGGER: Duration = Duration::from_millis(50);
/// Time to join.
const JOIN_TIMEOUT: Duration = Duration::from_secs(10);

/// What to do.
#[derive(Clone, Debug)]
pub struct Bots {
	/// `ws://host:port` of the node.
	pub url: String,
	/// Name of the rooms; a call's number is added when there is more than one.
	pub room: String,
	/// Calls.
	pub pairs: usize,
	/// How long to talk.
	pub duration: Duration,
	/// The client's API key.
	pub key: SigningKey,
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
	/// Calls asked for.
	pub pairs: usize,
	/// Participants that were let in.
	pub joined: usize,
	/// Participants that received audio and video.
	pub received_both: usize,
	/// Participants that the node sent away, or that lost it.
	pub cut: usize,
	/// Packets received.
	pub packets: u64,
	/// Packets that should have been received.
	pub expected: u64,
	/// Packets that were not.
	pub lost: u64,
	/// Share of packets that were not.
	pub loss: f64,
	/// Opus packets received.
	pub audio_frames: u64,
	/// Video frames received.
	pub video_frames: u64,
	/// Bytes sent.
	pub bytes_out: u64,
	/// Bytes received.
	pub bytes_in: u64,
	/// Mean time from connecting to the first media, in milliseconds.
	pub setup_ms: u64,
	/// Longest such time.
	pub setup_ms_max: u64,
	/// Seconds that all of it took.
	pub seconds: f64,
}

impl Summary {
	/// Everybody heard and saw the other until the end.
	pub fn is_good(&self) -> bool {
		self.received_both == self.pairs.saturating_mul(2) && self.cut == 0
	}
}

/// One participant's part.
#[derive(Default)]
struct Part {
	joined: bool,
	cut: bool,
	packets: u64,
	expected: u64,
	lost: u64,
	audio: u64,
	video: u64,
	bytes_out: u64,
	bytes_in: u64,
	setup: Option<Duration>,
}

/// What all participants have seen so far.
#[derive(Default)]
struct Live {
	joined: AtomicU64,
	audio: AtomicU64,
	video: AtomicU64,
}

impl Bots {
	/// Makes the calls; `progress` gets a line every second. Ends early when `stop` becomes true.
	pub async fn run(self, mut stop: watch::Receiver<bool>, progress: impl Fn(String)) -> Summary {
		let began = Instant::now();
		let live = Arc::new(Live::default());
		let (end, ended) = watch::channel(false);
		let mut tasks = JoinSet::new();
		let mut every = tokio::time::interval(Duration::from_secs(1));
		for pair in 0..self.pairs {
			let room =
				if self.pairs == 1 { self.room.clone() } else { format!("{}-{pair}", self.room) };
			for side in ["a", "b"] {
				let options = self.options(&room, &format!("bot-{pair}-{side}"));
				tasks.spawn(participant(options, self.duration, Arc::clone(&live), ended.clone()));
			}
			tokio::time::sleep(STAGGER).await;
		}
		let mut parts = Vec::new();
		loop {
			tokio::select! {
				part = tasks.join_next() => match part {
					None => break,
					Some(Ok(part)) => parts.push(part),
					Some(Err(error)) => warn!(%error, "a bot broke"),
				},
				_ = every.tick() => progress(format!(
					"{:>4.0} s  joined {}/{}  audio {}  video {}",
					began.elapsed().as_secs_f64(),
					live.joined.load(Ordering::Relaxed),
					self.pairs.saturating_mul(2),
					live.audio.load(Ordering::Relaxed),
					live.video.load(Ordering::Relaxed),
				)),
				_ = stop.wait_for(|stop| *stop), if !*end.borrow() => {
					end.send_replace(true);
				},
			}
		}
		summary(self.pairs, &parts, began.elapsed())
	}

	fn options(&self, room: &str, identity: &str) -> Options {
		let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
		let grant = Grant { room, identity, can_publish: true, can_subscribe: true };
		Options {
			url: self.url.clone(),
			token: mint(&self.key, &grant, now, 600),
			audio: true,
			video: true,
			auto_subscribe: true,
			stamp: None,
			epoch: Instant::now(),
			timeout: JOIN_TIMEOUT,
		}
	}
}

async fn participant(
	options: Options,
	duration: Duration,
	live: Arc<Live>,
	mut end: watch::Receiver<bool>,
) -> Part {
	let began = Instant::now();
	let mut part = Part::default();
	let mut client = match RtcClient::join(options).await {
		Ok(client) => client,
		Err(error) => {
			warn!(%error, "bot could not join");
			return part;
		}
	};
	part.joined = true;
	live.joined.fetch_add(1, Ordering::Relaxed);
	let deadline = tokio::time::Instant::now() + duration;
	loop {
		let happening = tokio::select! {
			happening = client.next() => happening,
			() = tokio::time::sleep_until(deadline) => break,
			_ = end.wait_for(|end| *end) => break,
		};
		match happening {
			Happening::Media(Event::Frame { kind, .. }) => {
				part.setup.get_or_insert_with(|| began.elapsed());
				let (own, all) = match kind {
					MediaKind::Audio => (&mut part.audio, &live.audio),
					MediaKind::Video => (&mut part.video, &live.video),
				};
				*own = own.saturating_add(1);
				all.fetch_add(1, Ordering::Relaxed);
			}
			Happening::Media(Event::Failed(transport)) => {
				// The other half may leave first at the end of a call, which only the subscriber side notices.
				if transport == TransportKind::Publisher {
					warn!("bot lost its publisher transport");
					part.cut = true;
				}
			}
			Happening::Left(why) => {
				warn!(why, "bot was sent away");
				part.cut = true;
				break;
			}
			Happening::Media(_) | Happening::Update(_) | Happening::Told(_) => {}
		}
	}
	let stats = client.stats();
	part.bytes_in = stats.bytes_in;
	part.bytes_out = stats.bytes_out;
	let mut streams = HashMap::new();
	for (sid, stream) in &stats.received {
		streams.insert(sid, stream);
	}
	for stream in streams.values() {
		part.packets = part.packets.saturating_add(stream.packets);
		part.expected = part.expected.saturating_add(stream.expected);
		part.lost = part.lost.saturating_add(stream.lost);
	}
	client.leave().await;
	part
}

fn summary(pairs: usize, parts: &[Part], took: Duration) -> Summary {
	let sum = |of: fn(&Part) -> u64| parts.iter().map(of).fold(0u64, u64::saturating_add);
	let count = |of: fn(&Part) -> bool| parts.iter().filter(|p| of(p)).count();
	let setups: Vec<u64> = parts
		.iter()
		.filter_map(|p| p.setup)
		.map(|s| u64::try_from(s.as_millis()).unwrap_or(u64::MAX))
		.collect();
	let (expected, lost) = (sum(|p| p.expected), sum(|p| p.lost));
	let mean = setups.iter().sum::<u64>().checked_div(u64::try_from(setups.len()).unwrap_or(0));
	Summary {
		pairs,
		joined: count(|p| p.joined),
		received_both: count(|p| p.audio > 0 && p.video > 0),
		cut: count(|p| p.cut),
		packets: sum(|p| p.packets),
		expected,
		lost,
		loss: if expected == 0 { 0.0 } else { lost as f64 / expected as f64 },
		audio_frames: sum(|p| p.audio),
		video_frames: sum(|p| p.video),
		bytes_out: sum(|p| p.bytes_out),
		bytes_in: sum(|p| p.bytes_in),
		setup_ms: mean.unwrap_or(0),
		setup_ms_max: setups.iter().copied().max().unwrap_or(0),
		seconds: took.as_secs_f64(),
	}
}
