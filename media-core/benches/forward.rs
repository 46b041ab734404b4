//! Cost of forwarding one packet: SRTP in, rewriting, SRTP out, to 1 and to 10 subscribers.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{criterion_group, criterion_main, BatchSize, Criterion, Throughput};
use dtel_media_core::sfu::{Input, Output};

#[path = "../tests/common/mod.rs"]
mod common;

/// Datagrams of a publisher's audio that an SFU with so many subscribers has not seen yet.
fn prepare(subscribers: usize) -> (common::World, Vec<(Instant, Vec<u8>)>, std::net::SocketAddr) {
	let mut world = common::World::new(1, common::Link::default());
	let publisher = world.join(true, false, None);
	for _ in 0..subscribers {
		world.join(false, false, None);
	}
	world.run_for(Duration::from_secs(2));
	let packets = world.capture(publisher, 500);
	(world, packets, "198.51.100.1:5000".parse().expect("address"))
}

fn forward(c: &mut Criterion) {
	let mut group = c.benchmark_group("forward");
	group.sample_size(10);
	for subscribers in [1usize, 10] {
		group.throughput(Throughput::Elements((500 * subscribers) as u64));
		group.bench_function(format!("1 to {subscribers}, 500 packets"), |b| {
			b.iter_batched(
				|| prepare(subscribers),
				|(mut world, packets, source)| {
					let destination = common::SFU_SOCKET.parse().expect("address");
					for (at, contents) in &packets {
						world
							.sfu
							.handle_input(*at, Input::Datagram { source, destination, contents });
						loop {
							match world.sfu.poll_output() {
								Output::Timeout(_) => break,
								other => drop(black_box(other)),
							}
						}
					}
					world
				},
				BatchSize::PerIteration,
			);
		});
	}
	group.finish();
}

criterion_group!(benches, forward);
criterion_main!(benches);
