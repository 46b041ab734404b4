//! What the SFU says of its own service, beside what happened.

mod common;

use std::time::Duration;

use common::{Link, World};
use dtel_media_core::probe::ProbeConfig;
use dtel_media_core::service::Service;

fn ms(n: u64) -> Duration {
	Duration::from_millis(n)
}

fn secs(n: u64) -> Duration {
	Duration::from_secs(n)
}

#[test]
fn a_clean_call_shows_as_one() {
	let mut w = World::new(1, Link { delay: ms(10), ..Link::default() });
	assert_eq!(w.sfu.service(), Service::default());
	w.join(true, true, None);
	w.run_for(secs(3));
	// Media comes, and nobody is there to say how it is received.
	let alone = w.sfu.service();
	assert_eq!((alone.participants, alone.present, alone.bytes_down), (1, 1, 0));
	assert!(alone.bytes_up > 0);
	assert_eq!(alone.figures(secs(3)), None);
	let b = w.join(true, true, None);
	w.run_for(secs(6));
	let f = w.sfu.service().figures(secs(9)).unwrap();
	println!("{f:?}");
	assert_eq!((f.participants, f.loss_bp), (2, 0));
	assert!((19_000..22_000).contains(&f.rtt_us) && f.jitter_us < 1_000, "{f:?}");
	assert!(f.mos_centi >= 435 && f.up_kbps > 700 && f.down_kbps > 500, "{f:?}");
	// The next era begins: who stays counts, who comes back, too.
	let base = w.sfu.service();
	w.sfu.leave(w.now, w.nodes[b].id).unwrap();
	w.join(true, true, None);
	w.run_for(secs(4));
	let f = w.sfu.service().since(&base).figures(secs(4)).unwrap();
	assert_eq!((f.participants, f.loss_bp, w.sfu.service().present), (3, 0, 2));
}

#[test]
fn what_the_receivers_say_is_what_a_probe_finds() {
	let link = Link { loss_percent: 8, jitter: ms(80), ..Link::default() };
	let config = ProbeConfig { window: secs(40), ..ProbeConfig::default() };
	let (mut w, r) = (3..8)
		.map(|seed| {
			let mut w = World::probe(seed, link, config);
			let r = w.run_probe();
			(w, r)
		})
		.find(|(_, r)| r.up)
		.expect("one of five calls comes up");
	let f = w.sfu.service().figures(w.now - w.start).unwrap();
	println!("{f:?}\n{r:?}");
	// Every sixth packet, not every twelfth: gaps before the SFU are gaps behind it.
	assert!(f.loss_bp.abs_diff(r.loss_bp) < 200, "{f:?} {r:?}");
	// Some 35 round trips of two delays: 6 ms of standard deviation.
	assert!(f.rtt_us.abs_diff(r.rtt_median_us) < 25_000, "{f:?} {r:?}");
	assert!(f.jitter_us.abs_diff(r.jitter_us) < 10_000, "{f:?} {r:?}");
	// Less than the half point from which on a node is said to boast.
	assert!(f.mos_centi.abs_diff(r.mos_centi) < 50, "{f:?} {r:?}");
	// Nobody counts twice for a transport that comes and goes.
	w.run_for(secs(1));
	assert_eq!(w.sfu.service().participants, 2);
}

#[test]
fn who_is_left_out_does_not_count() {
	let mut w = World::new(4, Link { delay: ms(10), ..Link::default() });
	for _ in 0..2 {
		let who = w.join(true, true, None);
		w.sfu.leave_out(w.nodes[who].id).unwrap();
	}
	w.run_for(secs(4));
	assert!(w.frames(1, "TR_0_microphone") > 100 && w.sfu.totals().rtp_forwarded > 200);
	assert_eq!(w.sfu.service(), Service::default());
	let gone = w.nodes[0].id;
	w.sfu.leave(w.now, gone).unwrap();
	w.run_for(secs(1));
	assert_eq!(w.sfu.service(), Service::default());
	assert!(w.sfu.leave_out(gone).is_err());
}

#[test]
fn only_what_flows_is_weighed() {
	let mut w = World::new(5, Link { delay: ms(10), ..Link::default() });
	let a = w.join(true, false, None);
	w.join(false, false, None);
	w.run_for(secs(3));
	let sid = format!("TR_{a}_microphone");
	w.sfu.set_muted(w.now, w.nodes[a].id, &sid, true).unwrap();
	w.run_for(secs(3));
	let muted = w.sfu.service();
	w.run_for(secs(5));
	assert_eq!(w.sfu.service().since(&muted).figures(secs(5)), None);
	w.sfu.set_muted(w.now, w.nodes[a].id, &sid, false).unwrap();
	w.run_for(secs(3));
	let f = w.sfu.service().since(&muted).figures(secs(8)).unwrap();
	assert_eq!((f.participants, f.loss_bp), (2, 0), "{f:?}");
}
