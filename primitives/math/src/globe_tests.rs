use super::*;
use proptest::prelude::*;

/// The same on the same sphere with floats, stable at all distances.
fn metres(a: Point, b: Point) -> f64 {
	let radians = |tenths: i16| (f64::from(tenths) / 10.0).to_radians();
	let (f1, f2, gap) = (radians(a.lat), radians(b.lat), radians(b.lon) - radians(a.lon));
	let x =
		(f2 - f1).mul_add(0.5, 0.0).sin().powi(2) + f1.cos() * f2.cos() * (gap / 2.0).sin().powi(2);
	let y = ((f1 + f2) / 2.0).sin().powi(2) + f1.cos() * f2.cos() * (gap / 2.0).cos().powi(2);
	2.0 * x.sqrt().atan2(y.sqrt()) * RADIUS_M as f64
}

fn at(lat: i16, lon: i16) -> Point {
	Point::new(lat, lon).unwrap()
}

fn point() -> impl Strategy<Value = Point> {
	// Poles, equator, date line and Greenwich more often than chance would give them.
	let lat = prop_oneof![4 => -900..=900i16, 1 => prop::sample::select(vec![-900, -899, 0, 900])];
	let lon =
		prop_oneof![4 => -1_800..=1_800i16, 1 => prop::sample::select(vec![-1_800, 0, 1_799])];
	(lat, lon).prop_map(|(lat, lon)| at(lat, lon))
}

fn all_cells() -> impl Iterator<Item = Cell> {
	(0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| Cell { row, column }))
}

#[test]
fn distances_between_cities_are_those_of_the_sphere() {
	let berlin = at(525, 134);
	for (place, km) in [
		(at(525, 134), 0),
		(at(526, 134), 11),
		(at(489, 24), 871),         // Paris
		(at(515, -1), 929),         // London
		(at(407, -740), 6_386),     // New York
		(at(357, 1_397), 8_917),    // Tokyo
		(at(-339, 1_512), 16_097),  // Sydney
		(at(-525, -1_666), 20_015), // the antipode: half of the circumference
	] {
		assert_eq!(berlin.apart(place).km(), km, "{place:?}");
		assert_eq!(place.apart(berlin), berlin.apart(place));
	}
}

#[test]
fn known_angles_are_exact_to_a_metre() {
	let quarter = std::f64::consts::FRAC_PI_2 * RADIUS_M as f64;
	for (a, b, right_angles) in [
		(at(0, 0), at(0, 900), 1.0),
		(at(0, 0), at(900, 123), 1.0),
		(at(900, 0), at(-900, 777), 2.0),
		(at(0, -900), at(0, 900), 2.0),
		(at(450, 0), at(450, 1_800), 1.0),
		(at(0, 0), at(0, 0), 0.0),
	] {
		let metres = f64::from(a.apart(b).metres());
		assert!((metres - right_angles * quarter).abs() <= 1.0, "{a:?} {b:?}: {metres}");
	}
}

/// A tenth of a degree is the least difference: it is seen everywhere, and so is being at the antipode.
#[test]
fn neighbours_are_told_apart() {
	for (lat, lon) in [(0, 0), (525, 134), (899, -5), (-900, 0), (0, 1_799)] {
		let here = at(lat, lon);
		let north = at(if lat == 900 { 899 } else { lat + 1 }, lon);
		assert!((11_100..11_140).contains(&here.apart(north).metres()), "{lat} {lon}");
		let antipode = at(-lat, if lon > 0 { lon - 1_800 } else { lon + 1_800 });
		assert!(here.apart(antipode) > north.apart(antipode), "{lat} {lon}");
	}
}

#[test]
fn both_names_of_the_date_line_and_all_of_a_pole_are_one() {
	assert_eq!(Point::new(100, 1_800), Point::new(100, -1_800));
	assert_eq!(at(100, 1_799).apart(at(100, -1_799)), at(100, -1).apart(at(100, 1)));
	for lon in [-1_800, -1, 0, 900, 1_799] {
		assert!(at(900, lon).apart(at(900, 77)).metres() <= 1);
		assert!(at(-900, lon).apart(at(-900, 77)).metres() <= 1);
	}
}

#[test]
fn only_places_on_the_globe_are_points() {
	for (lat, lon) in [(901, 0), (-901, 0), (0, 1_801), (0, -1_801), (i16::MIN, i16::MAX)] {
		assert_eq!(Point::new(lat, lon), None);
	}
	let wild = Region { country: *b"DE", lat: i16::MAX, lon: i16::MIN };
	assert_eq!(Point::of(wild), at(900, -1_800));
}

#[test]
fn cells_cover_the_globe() {
	let of = |lat, lon| {
		let cell = Cell::of(at(lat, lon));
		(cell.row, cell.column)
	};
	assert_eq!(of(-900, -1_800), (0, 0));
	assert_eq!(of(-801, -1_701), (0, 0));
	assert_eq!(of(-800, -1_700), (1, 1));
	assert_eq!(of(0, 0), (9, 18));
	assert_eq!(of(-1, -1), (8, 17));
	assert_eq!(of(899, 1_799), (17, 35));
	assert_eq!(of(900, 1_800), (17, 0), "180° east is 180° west");
	assert_eq!(all_cells().count(), 648);
	let mut walked: Vec<_> =
		Cell::by_distance(at(5, 5)).into_iter().map(|(_, cell)| cell).collect();
	walked.sort();
	assert_eq!(walked, all_cells().collect::<Vec<_>>());
}

#[test]
fn the_walk_begins_where_one_stands() {
	for place in [at(525, 134), at(900, 1_800), at(-900, 0), at(0, -1_800), at(0, 0)] {
		let (least, _) = Cell::by_distance(place)[0];
		assert_eq!(least.metres(), 0);
		let own = Cell::by_distance(place).into_iter().find(|(_, c)| *c == Cell::of(place));
		assert_eq!(own.unwrap().0.metres(), 0, "{place:?}");
	}
}

fn config() -> ProptestConfig {
	let config = match std::env::var_os("PROPTEST_CASES") {
		Some(_) => ProptestConfig::default(),
		None => ProptestConfig::with_cases(2_000),
	};
	ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(2_609), ..config }
}

proptest! {
	#![proptest_config(config())]

	/// The stated bound: 2 m. One of them is the cut to whole metres, so the test asks for less.
	#[test]
	fn distances_are_those_of_floats(a in point(), b in point()) {
		let (ours, floats) = (f64::from(a.apart(b).metres()), metres(a, b));
		prop_assert!((ours - floats).abs() <= 1.1, "{} instead of {}", ours, floats);
	}

	/// Apart from places that differ by less than the bound, the order is that of floats.
	#[test]
	fn order_is_that_of_floats(from in point(), a in point(), b in point()) {
		let (fa, fb) = (metres(from, a), metres(from, b));
		if (fa - fb).abs() > 0.1 {
			prop_assert_eq!(from.apart(a) < from.apart(b), fa < fb);
		}
	}

	/// No place of a cell is nearer than the cell, and one on its rim is about as near.
	#[test]
	fn cells_are_never_farther_than_what_is_in_them(
		from in point(), row in 0..ROWS, column in 0..COLUMNS, north in 0..=100i16, east in 0..=100i16,
	) {
		let cell = Cell { row, column };
		let walk = Cell::by_distance(from);
		let least = walk.iter().find(|(_, other)| *other == cell).unwrap().0;
		let (south, west) = (edge(row, -900), edge(column, -1_800));
		let inside = at(south + north, west + east);
		prop_assert!(least <= from.apart(inside), "{:?} {:?}", least, from.apart(inside));

		let rim = (0..=100).flat_map(|step| [(0, step), (100, step), (step, 0), (step, 100)]);
		let nearest = rim
			.map(|(north, east)| from.apart(at(south + north, west + east)).metres())
			.min()
			.unwrap();
		let own = Cell::of(from) == cell;
		// Rim points are 0.1° apart, so the nearest of them is not more than that too far.
		prop_assert!(own || nearest <= least.metres() + 11_200, "{} {}", nearest, least.metres());
	}

	#[test]
	fn walks_go_outwards(from in point()) {
		let walk = Cell::by_distance(from);
		prop_assert!(walk.is_sorted_by(|(a, _), (b, _)| a <= b));
	}
}

/// Light on the chord of the same sphere, computed with floats, less what declared places may be off.
#[test]
fn nothing_is_faster_than_light() {
	let least = |a: Point, b: Point| Direction::from(a).least_round_trip_us(b.into());
	// Berlin and Auckland; antipodes; neighbours; one place.
	assert_eq!(least(at(525, 134), at(525, 134)), 0);
	assert_eq!(least(at(900, 0), at(-900, 0)), 84_531 - 106);
	assert_eq!(least(at(0, 0), at(0, -1_800)), 84_531 - 106);
	assert_eq!(least(at(525, 134), at(526, 134)), 0);
	let mut pairs = vec![(at(525, 134), at(-369, 1_748)), (at(0, -900), at(0, 900))];
	for i in 0..2_000i32 {
		let (lat, lon) = ((i * 7_919 % 1_801 - 900) as i16, (i * 104_729 % 3_600 - 1_800) as i16);
		pairs.push((
			at(lat, lon),
			at((i * 31 % 1_801 - 900) as i16, (i * 57 % 3_600 - 1_800) as i16),
		));
	}
	for (a, b) in pairs {
		let angle = metres(a, b) / RADIUS_M as f64;
		let chord = 2.0 * (angle / 2.0).sin() * 6_335_439.0;
		let light = 2.0 * chord / 299.792_458 - 106.0;
		let found = f64::from(least(a, b));
		assert!((found - light.max(0.0)).abs() <= 1.5, "{a:?} {b:?}: {found} {light}");
	}
}
