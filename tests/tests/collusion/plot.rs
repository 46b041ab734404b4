//! A picture of the rows: what groups and others were paid more than for honest work.

use crate::{
	compare::{Row, Side, GOAL, GOAL_SHARE},
	run::Of,
	strategy::Strategy,
};
use plotters::prelude::*;

const SIZE: (u32, u32) = (1_000, 900);
/// What can be seen, in percent either way.
const MOST: f64 = 100.0;
const TICKS: [f64; 13] =
	[-100.0, -50.0, -20.0, -10.0, -5.0, -2.0, 0.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
const INK: RGBColor = RGBColor(40, 40, 40);
const GRID: RGBColor = RGBColor(225, 225, 225);
const BAND: RGBColor = RGBColor(223, 240, 223);
/// Colours that are told apart with colour-blind eyes, too (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 6] = [
	RGBColor(0, 114, 178),
	RGBColor(213, 94, 0),
	RGBColor(0, 158, 115),
	RGBColor(204, 121, 167),
	RGBColor(230, 159, 0),
	RGBColor(86, 180, 233),
];

/// Of points: smaller ones on larger ones, where lines coincide.
const SIZES: [i32; 6] = [7, 7, 7, 4, 6, 4];

/// Near to zero as it is, far from it by orders of magnitude.
fn scale(percent: f64) -> f64 {
	let percent = percent.clamp(-MOST, MOST);
	percent.signum() * (1.0 + percent.abs()).ln()
}

fn text(size: i32) -> TextStyle<'static> {
	("sans-serif", size).into_font().color(&INK)
}

/// Of the group and of the others, what is drawn.
type Figure = fn(&Side, &Side) -> f64;
type Failed<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

/// Draws it.
pub fn svg(rows: &[Row]) -> Result<String, String> {
	let mut drawn = String::new();
	{
		let root = SVGBackend::with_string(&mut drawn, SIZE).into_drawing_area();
		draw(&root, rows).map_err(|e| format!("{e:?}"))?;
		root.present().map_err(|e| format!("{e:?}"))?;
	}
	Ok(drawn)
}

fn draw<'a>(
	root: &DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
	rows: &[Row],
) -> Result<(), Failed<'a>> {
	root.fill(&WHITE)?;
	let Some(first) = rows.first() else { return Ok(()) };
	let setup = first.report.setup;
	let title =
		format!("Pay beside that of honest work: {} nodes, {} eras", setup.nodes, setup.eras);
	let (head, rest) = root.split_vertically(44);
	head.draw(&Text::new(title, (20, 12), text(22)))?;
	let (body, foot) = rest.split_vertically(SIZE.1 as i32 - 44 - 50);
	let panels = body.split_evenly((2, 2));
	let figures: [(&str, Figure); 2] = [
		("the group", |group, _| group.pay),
		("the worst paid honest node", |_, honest| honest.worst),
	];
	for (line, (whose, figure)) in figures.into_iter().enumerate() {
		for (column, of) in [Of::Nodes, Of::Stake].into_iter().enumerate() {
			let what = if of == Of::Nodes { "share of nodes" } else { "share of stake" };
			let caption = format!("{whose}, by {what}");
			let rows: Vec<_> = rows.iter().filter(|row| row.report.setup.of == of).collect();
			panel(&panels[line * 2 + column], &caption, &rows, figure)?;
		}
	}
	for (place, strategy) in (0i32..).zip(Strategy::DISHONEST) {
		let x = 60 + place * 150;
		let colour = COLOURS[place as usize];
		foot.draw(&PathElement::new(vec![(x, 20), (x + 30, 20)], colour.stroke_width(3)))?;
		foot.draw(&Circle::new((x + 15, 20), SIZES[place as usize], colour.filled()))?;
		foot.draw(&Text::new(strategy.name(), (x + 38, 12), text(17)))?;
	}
	Ok(())
}

fn panel<'a>(
	area: &DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
	caption: &str,
	rows: &[&Row],
	figure: Figure,
) -> Result<(), Failed<'a>> {
	let mut shares: Vec<u32> = rows.iter().map(|row| row.report.setup.share).collect();
	shares.sort_unstable();
	shares.dedup();
	let most = f64::from(shares.last().copied().unwrap_or(50)) + 4.0;
	let range = scale(-MOST) - 0.2..scale(MOST) + 0.2;
	let mut chart = ChartBuilder::on(area)
		.caption(caption, text(18))
		.margin(10)
		.margin_left(56)
		.margin_bottom(34)
		.build_cartesian_2d(4.0..most, range.clone())?;
	let (low, high) = (range.start, range.end);
	let goal = [(4.0, scale(-GOAL)), (f64::from(GOAL_SHARE) + 1.0, scale(GOAL))];
	chart.draw_series([Rectangle::new(goal, BAND.filled())])?;
	for tick in TICKS {
		let y = scale(tick);
		let colour = if tick == 0.0 { INK } else { GRID };
		chart.draw_series([PathElement::new(vec![(4.0, y), (most, y)], colour)])?;
		let (x, y) = chart.backend_coord(&(4.0, y));
		let label = if tick == 0.0 { "0 %".into() } else { format!("{tick:+} %") };
		let right = text(14).pos(plotters::style::text_anchor::Pos::new(
			plotters::style::text_anchor::HPos::Right,
			plotters::style::text_anchor::VPos::Center,
		));
		put(area, &label, (x - 6, y), right)?;
	}
	for share in &shares {
		let x = f64::from(*share);
		chart.draw_series([PathElement::new(vec![(x, low), (x, high)], GRID)])?;
		let (x, y) = chart.backend_coord(&(x, low));
		let under = text(14).pos(plotters::style::text_anchor::Pos::new(
			plotters::style::text_anchor::HPos::Center,
			plotters::style::text_anchor::VPos::Top,
		));
		put(area, &format!("{share} %"), (x, y + 6), under)?;
	}
	for ((strategy, colour), size) in Strategy::DISHONEST.into_iter().zip(COLOURS).zip(SIZES) {
		let points = rows.iter().filter(|row| row.report.setup.strategy == strategy);
		let mut points: Vec<_> = points
			.map(|row| (f64::from(row.report.setup.share), scale(figure(&row.group, &row.honest))))
			.collect();
		points.sort_by(|a, b| a.0.total_cmp(&b.0));
		chart.draw_series([PathElement::new(points.clone(), colour.stroke_width(2))])?;
		chart.draw_series(points.into_iter().map(|at| Circle::new(at, size, colour.filled())))?;
	}
	Ok(())
}

/// Puts text at a place of the whole picture.
fn put<'a>(
	area: &DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
	what: &str,
	(x, y): (i32, i32),
	style: TextStyle<'_>,
) -> Result<(), Failed<'a>> {
	let (left, top) = area.get_base_pixel();
	area.draw(&Text::new(what.to_owned(), (x - left, y - top), style))
}
