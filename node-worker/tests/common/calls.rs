//! Calls that go on while something else happens, and what became of them.

use super::*;
use dtel_media_core::{client::Event, MediaKind, Protocol};
use std::collections::BTreeMap;
use tokio::{sync::oneshot, task::JoinHandle};

/// Waits until both participants have received so many more frames of each kind.
pub async fn flow(a: &mut RtcClient, b: &mut RtcClient, frames: u32) {
	let mut counts = BTreeMap::<(usize, MediaKind), u32>::new();
	drive("media in both directions", a, b, |who, happening| {
		if let Happening::Media(Event::Frame { kind, .. }) = happening {
			*counts.entry((who, *kind)).or_default() += 1;
		}
		counts.len() == 4 && counts.values().all(|n| *n >= frames)
	})
	.await;
}

/// Joins over a protocol.
pub async fn join(url: &str, room: &str, identity: &str, protocol: Protocol) -> RtcClient {
	let joined = RtcClient::join_over(options(url, room, identity), protocol).await;
	joined.expect("joins")
}

/// Two participants of a room who talk until they are asked how it was.
pub struct Call {
	ends: Vec<(oneshot::Sender<()>, JoinHandle<Part>)>,
}

/// What one participant received meanwhile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part {
	pub packets: u64,
	pub lost: u64,
	pub audio: u64,
	pub video: u64,
}

impl Call {
	/// Begins when media flow in both directions.
	pub async fn begin(url: &str, room: &str) -> Self {
		let mut a = join(url, room, "a", Protocol::Udp).await;
		let mut b = join(url, room, "b", Protocol::Udp).await;
		flow(&mut a, &mut b, 10).await;
		let ends = [a, b].into_iter().map(|client| {
			let (end, ended) = oneshot::channel();
			(end, tokio::spawn(talk(client, ended)))
		});
		Self { ends: ends.collect() }
	}

	/// Ends it; what each received. Panics if a participant was sent away or lost a connection.
	pub async fn end(self) -> Vec<Part> {
		let mut parts = Vec::new();
		for (end, task) in self.ends {
			end.send(()).expect("the call goes on");
			parts.push(within("the end of a call", task).await.expect("no panic"));
		}
		parts
	}
}

async fn talk(mut client: RtcClient, mut ended: oneshot::Receiver<()>) -> Part {
	let before = counts(&client);
	let mut part = Part::default();
	loop {
		let happening = tokio::select! {
			happening = client.next() => happening,
			_ = &mut ended => break,
		};
		match happening {
			Happening::Media(Event::Frame { kind: MediaKind::Audio, .. }) => part.audio += 1,
			Happening::Media(Event::Frame { kind: MediaKind::Video, .. }) => part.video += 1,
			Happening::Media(Event::Failed(transport)) => panic!("{transport:?} failed"),
			Happening::Left(why) => panic!("sent away: {why}"),
			_ => {}
		}
	}
	let after = counts(&client);
	(part.packets, part.lost) = (after.0 - before.0, after.1.saturating_sub(before.1));
	part
}

/// Packets received and lost.
fn counts(client: &RtcClient) -> (u64, u64) {
	let stats = client.stats();
	let streams: BTreeMap<_, _> = stats.received.iter().map(|(sid, s)| (sid, s)).collect();
	streams.values().fold((0, 0), |sum, s| (sum.0 + s.packets, sum.1 + s.lost))
}

/// Memory of this process that is resident, in bytes (`proc(5)`).
pub fn resident() -> u64 {
	let text = std::fs::read_to_string("/proc/self/statm").expect("proc");
	let pages: u64 = text.split(' ').nth(1).and_then(|n| n.parse().ok()).expect("a number");
	pages * 4_096
}
