use super::*;
use std::{collections::BTreeMap, time::Duration};

const LOOPBACK: [&str; 2] = ["127.0.0.1:0", "[::1]:0"];

fn socket(address: &str, offload: bool) -> Socket {
	Socket::bind(address.parse().expect("an address"), offload).expect("bound")
}

/// Sends it all and reads what comes at `to` until it is as much.
async fn pass(from: &Socket, to: &Socket, outgoing: &mut Outgoing, count: usize) -> Vec<Vec<u8>> {
	let mut received = Received::of([to]);
	let mut seen = Vec::new();
	let all = async {
		while seen.len() < count {
			while !outgoing.is_empty() {
				std::future::poll_fn(|cx| from.poll_writable(cx)).await.expect("writable");
				outgoing.flush(from);
			}
			to.readable().await.expect("readable");
			match to.receive(&mut received) {
				Ok(()) => {}
				Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
				Err(error) => panic!("{error}"),
			}
			for (source, datagram) in received.datagrams() {
				assert_eq!(source, from.local_addr());
				seen.push(datagram.to_vec());
			}
		}
	};
	tokio::time::timeout(Duration::from_secs(30), all).await.expect("all of it");
	seen
}

/// Lengths as media have them: frames of equal packets and a shorter one, small and large ones between.
fn lengths(n: usize) -> usize {
	match n % 9 {
		0..=4 => 1_100,
		5 => 300,
		6 => 90,
		7 => 1_400,
		_ => 90,
	}
}

fn datagram(n: usize) -> Vec<u8> {
	let mut contents = vec![0u8; lengths(n)];
	contents[..4].copy_from_slice(&(n as u32).to_be_bytes());
	contents
}

#[tokio::test]
async fn datagrams_arrive_whole_and_in_order() {
	for address in LOOPBACK {
		for offload in [true, false] {
			let (from, to) = (socket(address, offload), socket(address, true));
			let mut outgoing = Outgoing::new(256);
			let mut sent = 0u64;
			for _ in 0..20 {
				(0..100).for_each(|n| outgoing.push(to.local_addr(), datagram(n)));
				let seen = pass(&from, &to, &mut outgoing, 100).await;
				assert_eq!(seen, (0..100).map(datagram).collect::<Vec<_>>());
				sent += 100;
			}
			let counts = outgoing.counts();
			assert_eq!((counts.datagrams, counts.dropped), (sent, 0));
			if from.segments() > 1 {
				assert!(counts.calls < sent / 2 && counts.together > sent / 2, "{counts:?}");
			} else {
				assert_eq!((counts.calls >= sent, counts.together), (true, 0), "{counts:?}");
			}
		}
	}
}

#[tokio::test]
async fn destinations_are_kept_apart() {
	let from = socket("127.0.0.1:0", true);
	let to: Vec<_> = (0..3).map(|_| socket("127.0.0.1:0", true)).collect();
	let mut outgoing = Outgoing::new(1_000);
	let mut expected = BTreeMap::<usize, Vec<Vec<u8>>>::new();
	for n in 0..90 {
		outgoing.push(to[n % 3].local_addr(), datagram(n));
		expected.entry(n % 3).or_default().push(datagram(n));
	}
	for (index, to) in to.iter().enumerate() {
		let seen = pass(&from, to, &mut outgoing, 30).await;
		assert_eq!(seen, expected[&index]);
	}
}

#[tokio::test]
async fn what_has_no_place_is_dropped_and_counted() {
	let (from, to) = (socket("127.0.0.1:0", true), socket("127.0.0.1:0", true));
	let mut outgoing = Outgoing::new(10);
	(0..25).for_each(|n| outgoing.push(to.local_addr(), datagram(n)));
	assert!(outgoing.is_full());
	assert_eq!(outgoing.counts().dropped, 15);
	let seen = pass(&from, &to, &mut outgoing, 10).await;
	assert_eq!(seen, (0..10).map(datagram).collect::<Vec<_>>());
	assert!(outgoing.is_empty());

	// What cannot be sent holds nothing up: an address of the other family, and too long a datagram.
	outgoing.push("[::1]:9".parse().expect("an address"), vec![1; 100]);
	outgoing.push("[::1]:9".parse().expect("an address"), vec![1; 100]);
	outgoing.push(to.local_addr(), vec![1; 70_000]);
	outgoing.push(to.local_addr(), datagram(3));
	assert_eq!(pass(&from, &to, &mut outgoing, 1).await, [datagram(3)]);
	assert_eq!(outgoing.counts().dropped, 15 + 3);
}
