//! Distances on the globe in whole numbers: the runtime has no floats.
//!
//! Places are compared by the haversine of the angle between them, which grows with the distance and
//! needs no inverse function (R. W. Sinnott, "Virtues of the Haversine", Sky & Telescope 68, 1984):
//!
//! ```text
//! hav θ = sin²(Δφ/2) + cos φ₁ · cos φ₂ · sin²(Δλ/2)
//! ```
//!
//! Numbers are fractions of 2⁻⁶⁰; sines are Taylor series of 13 terms. On a sphere of the mean radius
//! of the Earth a distance is exact to 2 m, whatever the places (tests compare it with floats). The Earth is
//! flatter than that sphere by a third of a percent, and declared places are exact to 0.1°, which is 11 km.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::node::{is_on_globe, Region};
use scale_info::TypeInfo;

/// Mean radius of the Earth in metres: R₁ of the IUGG.
const RADIUS_M: i128 = 6_371_009;

/// Side of a cell in tenths of a degree.
const SIDE: i16 = 100;
/// Rows of cells, from the south pole to the north pole.
const ROWS: u8 = 18;
/// Cells in a row, from 180° west eastwards.
const COLUMNS: u8 = 36;

/// How much nearer than computed a cell is taken to be: more than all rounding, less than a metre.
const MARGIN: i128 = 1 << 10;

/// There and back over two radii of the Earth at the speed of light in vacuum (299.792458 m/µs), with the least radius of curvature that the
/// ellipsoid has (6,335,439 m, northwards at the equator): on a sphere of it no two places are farther apart than they are.
const LIGHT_US: u64 = 84_531;
/// What two places can be nearer than declared, there and back: each is exact to 0.05° either way, which is 7.9 km at most.
const PLACE_SLACK_US: u64 = 106;
/// Binary places of a [`Direction`].
const DIRECTION_BITS: u32 = 30;

/// A number in fractions of 2⁻⁶⁰.
type Fixed = i128;
const BITS: u32 = 60;
const ONE: Fixed = 1 << BITS;
const PI: Fixed = 3_622_009_729_038_561_421;
const HALF_PI: Fixed = PI >> 1;

/// What each term of the sine's series is divided by to make the next: 2·3, 4·5, … 24·25.
const DIVISORS: [Fixed; 12] = [6, 20, 42, 72, 110, 156, 210, 272, 342, 420, 506, 600];
/// Steps of Newton's method after which an arc sine up to 45° is exact.
const NEWTON_STEPS: u32 = 5;

fn mul(a: Fixed, b: Fixed) -> Fixed {
	a.saturating_mul(b) >> BITS
}

fn square_root(value: Fixed) -> Fixed {
	let wide = value.max(0).unsigned_abs() << BITS;
	Fixed::try_from(wide.isqrt()).unwrap_or(ONE)
}

/// Sine of an angle in radians, from −π/2 to π/2.
fn sine(angle: Fixed) -> Fixed {
	let square = mul(angle, angle);
	let (mut term, mut sum) = (angle, angle);
	for divisor in DIVISORS {
		term = mul(term, square).saturating_neg().checked_div(divisor).unwrap_or(0);
		sum = sum.saturating_add(term);
	}
	sum
}

/// Arc sine of a number from 0 to sin 45°.
fn arc_sine(value: Fixed) -> Fixed {
	let mut angle = value;
	for _ in 0..NEWTON_STEPS {
		let missing = value.saturating_sub(sine(angle)) << BITS;
		let slope = sine(HALF_PI.saturating_sub(angle));
		angle = angle.saturating_add(missing.checked_div(slope).unwrap_or(0));
	}
	angle
}

/// Sine of an angle in twentieths of a degree, from −90° to 90°.
fn sin(twentieths: i32) -> Fixed {
	sine(PI.saturating_mul(twentieths.into()).checked_div(3_600).unwrap_or(0))
}

/// Cosine of an angle in twentieths of a degree, from −180° to 180°.
fn cos(twentieths: i32) -> Fixed {
	sin(1_800i32.saturating_sub(twentieths.saturating_abs()))
}

/// An angle in tenths of a degree, in twentieths.
fn twice(tenths: i16) -> i32 {
	i32::from(tenths).saturating_mul(2)
}

/// How far two longitudes are apart, the shorter way round, in tenths of a degree: 0 to 1800.
fn gap(a: i16, b: i16) -> i32 {
	let apart = i32::from(a).saturating_sub(i32::from(b)).saturating_abs();
	apart.min(3_600i32.saturating_sub(apart))
}

/// A place on the globe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
	/// Latitude in tenths of a degree, −900..=900.
	lat: i16,
	/// Longitude in tenths of a degree, −1800..1800: the date line has one name.
	lon: i16,
}

impl Point {
	/// The place at these coordinates in tenths of a degree, if they are on the globe.
	pub fn new(lat: i16, lon: i16) -> Option<Self> {
		let lon_of_one_name = if lon == 1_800 { -1_800 } else { lon };
		is_on_globe(lat, lon).then_some(Self { lat, lon: lon_of_one_name })
	}

	/// The place of a region, which is on the globe.
	pub fn of(region: Region) -> Self {
		let (lat, lon) = (region.lat.clamp(-900, 900), region.lon.clamp(-1_800, 1_800));
		Self::new(lat, lon).unwrap_or(Self { lat: 0, lon: 0 })
	}

	/// How far it is to another place.
	pub fn apart(self, other: Self) -> Apart {
		let north = sin(i32::from(self.lat).saturating_sub(i32::from(other.lat)));
		let east = sin(gap(self.lon, other.lon));
		let narrowing = mul(cos(twice(self.lat)), cos(twice(other.lat)));
		Apart::new(mul(north, north).saturating_add(mul(narrowing, mul(east, east))))
	}
}

/// A place as seen from the middle of the Earth: a vector of length one, in parts of 2⁻³⁰. Distances between many places are
/// cheap by it.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Direction([i32; 3]);

impl Direction {
	/// Microseconds that nothing can beat from the one place to the other and back: light on the straight line through the Earth,
	/// were both places as near to each other as they can be when they are declared to 0.1°.
	pub fn least_round_trip_us(self, other: Self) -> u32 {
		let apart = self.0.iter().zip(other.0).map(|(a, b)| {
			let difference = i64::from(*a).saturating_sub(b.into()).unsigned_abs();
			difference.saturating_mul(difference)
		});
		// At most two radii: less than 2^31.
		let chord = apart.fold(0, u64::saturating_add).isqrt();
		let straight = chord.saturating_mul(LIGHT_US) >> DIRECTION_BITS.saturating_add(1);
		u32::try_from(straight.saturating_sub(PLACE_SLACK_US)).unwrap_or(0)
	}
}

impl From<Point> for Direction {
	fn from(place: Point) -> Self {
		let (lat, lon) = (twice(place.lat), twice(place.lon));
		let narrow = |value: Fixed| (value >> BITS.saturating_sub(DIRECTION_BITS)) as i32;
		let sin_lon = match lon.saturating_abs() > 1_800 {
			// sin λ = sin (180° − λ)
			true => sin(lon.signum().saturating_mul(3_600).saturating_sub(lon)),
			false => sin(lon),
		};
		let x = mul(cos(lat), cos(lon));
		Self([narrow(x), narrow(mul(cos(lat), sin_lon)), narrow(sin(lat))])
	}
}

/// A distance, as the haversine of its angle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Apart(Fixed);

impl Apart {
	fn new(haversine: Fixed) -> Self {
		Self(haversine.clamp(0, ONE))
	}

	/// In metres, exact to 2 m on the sphere.
	pub fn metres(self) -> u32 {
		// hav θ = sin²(θ/2). Beyond 90° the rest to the antipode is computed: near 90° an arc sine
		// says nothing.
		let rest = ONE.saturating_sub(self.0);
		let half = match self.0 <= rest {
			true => arc_sine(square_root(self.0)),
			false => HALF_PI.saturating_sub(arc_sine(square_root(rest))),
		};
		let metres = half.saturating_mul(RADIUS_M.saturating_mul(2)) >> BITS;
		u32::try_from(metres).unwrap_or(0)
	}

	/// In km, rounded to the nearest.
	pub fn km(self) -> u32 {
		self.metres().saturating_add(500).checked_div(1_000).unwrap_or(0)
	}
}

/// A cell of 10 × 10 degrees.
#[derive(
	Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode, MaxEncodedLen, TypeInfo,
)]
pub struct Cell {
	row: u8,
	column: u8,
}

/// Which band of [`SIDE`] a coordinate lies in, counted from `from`.
fn band(coordinate: i16, from: i16) -> u8 {
	let bands = coordinate.saturating_sub(from).checked_div(SIDE).unwrap_or(0);
	u8::try_from(bands).unwrap_or(0)
}

/// The lower edge of a band.
fn edge(band: u8, from: i16) -> i16 {
	i16::from(band).saturating_mul(SIDE).saturating_add(from)
}

impl Cell {
	/// The cell in which a place lies. The poles belong to the outermost rows.
	pub fn of(place: Point) -> Self {
		let row = band(place.lat, -900).min(ROWS.saturating_sub(1));
		Self { row, column: band(place.lon, -1_800) }
	}

	/// Every cell with a bound that no place in it is nearer than, nearest first.
	pub fn by_distance(from: Point) -> Vec<(Apart, Self)> {
		let meridians: Vec<(u8, Fixed)> =
			(0..COLUMNS).map(|column| (column, cos(twice_gap(from, column)))).collect();
		let mut cells: Vec<_> = (0..ROWS)
			.flat_map(|row| {
				let arc = Arc::new(from, row);
				let least = move |&(column, cosine)| (arc.least(cosine), Self { row, column });
				meridians.iter().map(least)
			})
			.collect();
		cells.sort_unstable();
		cells
	}
}

/// From a place to the nearest meridian through a column, in twentieths of a degree.
fn twice_gap(from: Point, column: u8) -> i32 {
	let west = edge(column, -1_800);
	let east = west.saturating_add(SIDE);
	match (west..=east).contains(&from.lon) {
		true => 0,
		false => gap(from.lon, west).min(gap(from.lon, east)).saturating_mul(2),
	}
}

/// A place, and the latitudes of a row as seen from it.
///
/// Places in a row are the nearer the smaller the difference of longitude is, so the nearest of a cell lies
/// on the meridian of the cell that is nearest to `from`. Along that one, with Δλ between them,
///
/// ```text
/// cos θ = sin φ · sin φ' + cos φ · cos Δλ · cos φ' = a · sin φ' + b · cos φ'
/// ```
///
/// is a wave of height √(a² + b²): its maximum is its crest, if that is between the edges, or at one of them.
#[derive(Clone, Copy)]
struct Arc {
	sin_from: Fixed,
	cos_from: Fixed,
	south: (Fixed, Fixed),
	north: (Fixed, Fixed),
}

impl Arc {
	fn new(from: Point, row: u8) -> Self {
		let at = |lat: i16| (sin(twice(lat)), cos(twice(lat)));
		let south = edge(row, -900);
		let (sin_from, cos_from) = at(from.lat);
		Self { sin_from, cos_from, south: at(south), north: at(south.saturating_add(SIDE)) }
	}

	/// The distance to the nearest place of a meridian between the edges, less a margin.
	fn least(&self, cos_gap: Fixed) -> Apart {
		let (a, b) = (self.sin_from, mul(self.cos_from, cos_gap));
		let height = |(sin, cos)| mul(a, sin).saturating_add(mul(b, cos));
		let slope = |(sin, cos)| mul(a, cos).saturating_sub(mul(b, sin));
		let crest = slope(self.south) > 0 && slope(self.north) < 0;
		let cosine = match crest {
			true => square_root(mul(a, a).saturating_add(mul(b, b))),
			false => height(self.south).max(height(self.north)),
		};
		Apart::new((ONE.saturating_sub(cosine) >> 1).saturating_sub(MARGIN))
	}
}

#[cfg(test)]
#[path = "globe_tests.rs"]
mod tests;
