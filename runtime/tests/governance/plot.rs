//! `docs/tracks.svg` and `docs/tracks.md`, made from the tracks themselves.
//!
//! `DTEL_PLOT_TRACKS=1 cargo test -p dtel-runtime --test governance plot` writes them; without it they are compared.

use dtel_primitives::{Balance, DTEL};
use dtel_runtime::governance::tracks::{Plan, TRACKS};
use pallet_referenda::Curve;
use plotters::{
	coord::Shift,
	prelude::*,
	style::text_anchor::{HPos, Pos, VPos},
};
use sp_runtime::Perbill;
use std::{fmt::Write, path::PathBuf};

const SIZE: (u32, u32) = (1_200, 1_440);
const HEAD: i32 = 84;
const GRID: (usize, usize) = (5, 3);
const INK: RGBColor = RGBColor(40, 40, 40);
const FAINT: RGBColor = RGBColor(110, 110, 110);
const LINES: RGBColor = RGBColor(228, 228, 228);
/// Colours that are told apart with colour-blind eyes, too (Okabe and Ito, 2008).
const APPROVAL: RGBColor = RGBColor(0, 114, 178);
const SUPPORT: RGBColor = RGBColor(213, 94, 0);
/// Points of a curve.
const STEPS: u32 = 84;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Failed<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

fn text(size: i32, colour: RGBColor, h: HPos, v: VPos) -> TextStyle<'static> {
	("sans-serif", size).into_font().color(&colour).pos(Pos::new(h, v))
}

fn percent(curve: &Curve, x: Perbill) -> f64 {
	f64::from(curve.threshold(x).deconstruct()) / 1e7
}

fn days(plan: &Plan) -> u32 {
	plan.decision / 24
}

fn svg() -> String {
	let mut drawn = String::new();
	{
		let root = SVGBackend::with_string(&mut drawn, SIZE).into_drawing_area();
		draw(&root).expect("draws");
		root.present().expect("draws");
	}
	drawn
}

fn draw<'a>(root: &Area<'a>) -> Result<(), Failed<'a>> {
	root.fill(&WHITE)?;
	let (head, rest) = root.split_vertically(HEAD);
	let left = |size, colour| text(size, colour, HPos::Left, VPos::Center);
	head.draw(&Text::new("What a referendum needs to pass, by track", (24, 26), left(25, INK)))?;
	let legend = [
		(APPROVAL, "approval: ayes of all votes, weighed by conviction"),
		(SUPPORT, "support: tokens that voted aye or abstained, of all that can vote"),
	];
	for ((colour, what), x) in legend.into_iter().zip([24, 420]) {
		head.draw(&PathElement::new(vec![(x, 60), (x + 28, 60)], colour.stroke_width(3)))?;
		head.draw(&Text::new(what, (x + 36, 60), left(16, INK)))?;
	}
	for (area, plan) in rest.split_evenly(GRID).iter().zip(&TRACKS) {
		panel(area, plan)?;
	}
	Ok(())
}

fn panel<'a>(area: &Area<'a>, plan: &Plan) -> Result<(), Failed<'a>> {
	let days = days(plan);
	area.draw(&Text::new(plan.name, (58, 16), text(18, INK, HPos::Left, VPos::Center)))?;
	let (width, _) = area.dim_in_pixel();
	let deposit = format!("deposit {} DTEL", grouped(plan.deposit));
	area.draw(&Text::new(
		deposit,
		(width as i32 - 24, 16),
		text(14, FAINT, HPos::Right, VPos::Center),
	))?;
	let most = f64::from(days);
	let mut chart = ChartBuilder::on(area)
		.margin_top(32)
		.margin_right(24)
		.margin_left(58)
		.margin_bottom(44)
		.build_cartesian_2d(0.0..most, 0.0..100.0)?;
	for level in [0, 25, 50, 75, 100] {
		let y = f64::from(level);
		let colour = if level == 0 { FAINT } else { LINES };
		chart.draw_series([PathElement::new(vec![(0.0, y), (most, y)], colour)])?;
		let at = chart.backend_coord(&(0.0, y));
		let style = text(13, INK, HPos::Right, VPos::Center);
		put(area, &format!("{level} %"), (at.0 - 6, at.1), style)?;
	}
	let between = if days <= 7 { 1 } else { days as usize / 7 };
	for day in (0..=days).step_by(between) {
		let x = f64::from(day);
		let colour = if day == 0 { FAINT } else { LINES };
		chart.draw_series([PathElement::new(vec![(x, 0.0), (x, 100.0)], colour)])?;
		let at = chart.backend_coord(&(x, 0.0));
		put(area, &day.to_string(), (at.0, at.1 + 6), text(13, INK, HPos::Center, VPos::Top))?;
	}
	let middle = chart.backend_coord(&(most / 2.0, 0.0));
	let under = text(13, FAINT, HPos::Center, VPos::Top);
	put(area, "days since it is being decided", (middle.0, middle.1 + 22), under)?;
	for (curve, colour) in [(&plan.support, SUPPORT), (&plan.approval, APPROVAL)] {
		let points = (0..=STEPS).map(|step| {
			let x = Perbill::from_rational(step, STEPS);
			(f64::from(step) * most / f64::from(STEPS), percent(curve, x))
		});
		chart
			.draw_series([PathElement::new(points.collect::<Vec<_>>(), colour.stroke_width(3))])?;
	}
	// Where it ends, for what the eye cannot read.
	let end = percent(&plan.support, Perbill::one());
	let at = chart.backend_coord(&(most, end));
	let above = text(13, SUPPORT, HPos::Right, VPos::Bottom);
	put(area, &part(end), (at.0 - 2, at.1 - 11), above)
}

/// Puts text at a place of the whole picture.
fn put<'a>(
	area: &Area<'a>,
	what: &str,
	(x, y): (i32, i32),
	style: TextStyle<'_>,
) -> Result<(), Failed<'a>> {
	let (left, top) = area.get_base_pixel();
	area.draw(&Text::new(what.to_owned(), (x - left, y - top), style))
}

/// Of planck, the DTEL, in groups of three digits.
fn grouped(amount: Balance) -> String {
	let digits = (amount / DTEL).to_string();
	let mut text = String::new();
	for (place, digit) in digits.chars().enumerate() {
		if place > 0 && (digits.len() - place).is_multiple_of(3) {
			text.push(',');
		}
		text.push(digit);
	}
	text
}

fn hours(hours: u32) -> String {
	if hours.is_multiple_of(24) {
		format!("{} d", hours / 24)
	} else {
		format!("{hours} h")
	}
}

/// With one digit after the point where there is one to tell.
fn part(percent: f64) -> String {
	let rounded = (percent * 10.0).round() / 10.0;
	if rounded.fract() == 0.0 {
		format!("{rounded:.0} %")
	} else {
		format!("{rounded:.1} %")
	}
}

fn markdown() -> String {
	let mut text = String::from(
		"# Tracks of referenda\n\n\
		Made from `runtime/src/governance/tracks.rs` by a test (`runtime/tests/governance/plot.rs`), which fails when this is no\n\
		longer so. Hours are hours of governance: 600 blocks in production, one block on a chain for development.\n\n\
		![What a referendum needs to pass, by track](tracks.svg)\n\n\
		| track | no. | at a time | deposit, DTEL | prepare | decide | confirm | enact | approval | support |\n\
		|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
	);
	for plan in &TRACKS {
		let ends = |curve: &Curve| {
			let end = |x| part(percent(curve, x));
			format!("{} to {}", end(Perbill::zero()), end(Perbill::one()))
		};
		writeln!(
			text,
			"| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
			plan.name,
			plan.id,
			plan.deciding,
			grouped(plan.deposit),
			hours(plan.prepare),
			hours(plan.decision),
			hours(plan.confirm),
			hours(plan.enactment),
			ends(&plan.approval),
			ends(&plan.support),
		)
		.expect("a string");
	}
	text
}

#[test]
fn docs_show_the_tracks_as_they_are() {
	let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs");
	for (name, made) in [("tracks.svg", svg()), ("tracks.md", markdown())] {
		let path = docs.join(name);
		if std::env::var_os("DTEL_PLOT_TRACKS").is_some_and(|value| value == "1") {
			std::fs::write(&path, &made).expect("writes");
		}
		let stands = std::fs::read_to_string(&path).unwrap_or_default();
		assert!(stands == made, "docs/{name} is not what the tracks are: see this file's head");
	}
}
