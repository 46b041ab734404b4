//! What is allocated while packets are forwarded, and by whom: an allocator that notes who asked.
//!
//! This crate allocates nothing for a packet. `str0m` does, for it and for feedback; how often is printed and bounded, so that a version that
//! does it more often is seen.

#![allow(unsafe_code)] // a global allocator is one

mod common;

use common::{Link, World};
use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

struct Counting;

thread_local! {
	static COUNTING: Cell<bool> = const { Cell::new(false) };
	static NOTES: RefCell<Vec<Backtrace>> = const { RefCell::new(Vec::new()) };
}

fn note() {
	// What noting itself allocates does not count.
	if COUNTING.try_with(|c| c.replace(false)).unwrap_or(false) {
		let trace = Backtrace::force_capture();
		NOTES.with(|notes| notes.borrow_mut().push(trace));
		COUNTING.with(|c| c.set(true));
	}
}

// SAFETY: everything is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
	unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
		note();
		unsafe { System.alloc(layout) }
	}

	unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
		note();
		unsafe { System.alloc_zeroed(layout) }
	}

	unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
		note();
		unsafe { System.realloc(at, layout, size) }
	}

	unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
		unsafe { System.dealloc(at, layout) }
	}
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Crates that allocate for whoever calls them.
const LIBRARY: [&str; 6] = ["std", "core", "alloc", "hashbrown", "__rustc", "rustc_std"];

/// Functions of a trace, the innermost first.
fn functions(trace: &Backtrace) -> Vec<String> {
	let text = trace.to_string();
	let named = text.lines().filter_map(|line| {
		let (number, name) = line.trim_start().split_once(": ")?;
		number.parse::<usize>().ok().map(|_| name.trim().to_owned())
	});
	named.collect()
}

/// Crate of a function.
fn owner(function: &str) -> Option<&str> {
	let path = function.trim_start_matches(['<', '&', '*', '(', '[']);
	let path = path.strip_prefix("mut ").or(path.strip_prefix("dyn ")).unwrap_or(path);
	let (name, _) = path.split_once("::")?;
	let name = name.split('[').next()?;
	let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
	(is_name && !LIBRARY.contains(&name) && !function.contains("Counting")).then_some(name)
}

/// Parts of `str0m` that work by the clock or on feedback, not for each packet.
const ASIDE: [&str; 5] = ["rtcp", "bwe", "feedback", "handle_timeout", "visit_stats"];

/// Who allocated, where, and whether that was for something else than a packet.
fn blame(trace: &Backtrace) -> (String, String, bool) {
	let functions = functions(trace);
	let mut found = functions.iter().filter(|f| !f.contains("note"));
	let site = found.find_map(|f| Some((owner(f)?.to_owned(), f.clone())));
	let (owner, site) = site.unwrap_or(("unknown".into(), functions.join(" < ")));
	let aside = |f: &String| match owner.as_str() {
		"str0m" => ASIDE.iter().any(|part| f.contains(part)),
		_ => f.ends_with("::tick"),
	};
	let aside = functions.iter().any(aside);
	(owner, site, aside)
}

fn count(on: bool) {
	COUNTING.with(|c| c.set(on));
}

/// Forwards for a second in a call that has been up for some; packets forwarded and received, and who allocated.
fn forwarded(video: bool, subscribers: usize) -> (u64, u64, Vec<(String, String, bool)>) {
	let mut world = World::new(7, Link { delay: Duration::from_millis(5), ..Link::default() });
	world.join(true, video, None);
	for _ in 0..subscribers {
		world.join(false, false, None);
	}
	// Queues and histories have their size by then.
	world.run_for(Duration::from_secs(6));
	let before = world.sfu.totals();
	world.around = count;
	world.run_for(Duration::from_millis(1_000));
	world.around = |_| {};
	let after = world.sfu.totals();
	let traces = NOTES.with(|notes| std::mem::take(&mut *notes.borrow_mut()));
	let blamed = traces.iter().map(blame).collect();
	(after.rtp_forwarded - before.rtp_forwarded, after.rtp_in - before.rtp_in, blamed)
}

fn check(what: &str, video: bool, subscribers: usize, packets: u64, most: f64) {
	let (forwarded, received, blamed) = forwarded(video, subscribers);
	assert!(forwarded >= packets, "{what}: {forwarded} packets forwarded");
	let mut sites: BTreeMap<(String, String), usize> = BTreeMap::new();
	let (mut ours, mut others, mut housekeeping, mut feedback) = (Vec::new(), 0, 0, 0);
	for (owner, site, aside) in blamed {
		if owner == "dtel_media_core" || owner == "unknown" || owner == "allocations" {
			match aside {
				true => housekeeping += 1,
				false => ours.push(site.clone()),
			}
		} else if aside {
			feedback += 1;
		} else {
			others += 1;
		}
		*sites.entry((owner, site)).or_default() += 1;
	}
	// Of `str0m` all of them: which are for a packet shows only where the compiler left its functions apart.
	let each = (others + feedback) as f64 / (forwarded + received) as f64;
	println!(
		"{what}: {received} packets in, {forwarded} out; allocations: ours {} for packets and {housekeeping} in five ticks, {others} of str0m for packets and {feedback} for the rest ({each:.2} each)",
		ours.len()
	);
	for ((owner, site), count) in sites {
		println!("  {count:>6} {owner}: {site}");
	}
	assert!(ours.is_empty(), "{what}: {ours:#?}");
	assert!(each > 0.0 && each <= most, "{what}: {each} allocations a packet");
}

#[test]
fn forwarding_audio_allocates_nothing_of_ours() {
	check("audio to 10", false, 10, 400, 4.5);
}

#[test]
fn forwarding_video_allocates_nothing_of_ours() {
	check("audio and video to 10", true, 10, 800, 3.2);
}

#[test]
fn an_allocation_of_ours_would_be_seen() {
	count(true);
	let parsed = dtel_media_core::codecs::red::renumber(&[0x6f, 1, 2], 111, 109);
	count(false);
	let traces = NOTES.with(|notes| std::mem::take(&mut *notes.borrow_mut()));
	assert!(parsed.is_some());
	let owners: Vec<String> = traces.iter().map(|t| blame(t).0).collect();
	assert_eq!(owners, ["dtel_media_core"], "{traces:#?}");
}
