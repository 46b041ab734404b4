//! Where an address is, by a local GeoIP file (MaxMind's MMDB format, with `location.latitude` and
//! `location.longitude` as in GeoLite2-City and DB-IP's city database).

use anyhow::{Context, Result};
use maxminddb::{geoip2, Reader};
use std::{net::IpAddr, path::Path};

/// A place in tenths of a degree, north and east.
pub type Place = (i16, i16);

/// A GeoIP file in memory.
pub struct GeoIp(Reader<Vec<u8>>);

impl GeoIp {
	/// Reads a file.
	pub fn open(path: &Path) -> Result<Self> {
		let context = || format!("cannot read the GeoIP file {}", path.display());
		Reader::open_readfile(path).map(Self).with_context(context)
	}

	/// Where an address is, if that is known.
	pub fn place(&self, ip: IpAddr) -> Option<Place> {
		let found = self.0.lookup(ip.to_canonical()).ok()?;
		let city: geoip2::City = found.decode().ok()??;
		place(city.location.latitude?, city.location.longitude?)
	}
}

/// A place on the globe.
pub fn place(latitude: f64, longitude: f64) -> Option<Place> {
	let on_globe = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
	// The bounds keep the tenths within i16.
	let tenths = |degrees: f64| (degrees * 10.0).round() as i16;
	on_globe.then(|| (tenths(latitude), tenths(longitude)))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn places_are_on_the_globe() {
		assert_eq!(place(52.52, 13.405), Some((525, 134)));
		assert_eq!(place(-90.0, 180.0), Some((-900, 1800)));
		assert_eq!(place(90.1, 0.0), None);
		assert_eq!(place(0.0, -180.5), None);
		assert_eq!(place(f64::NAN, 0.0), None);
	}

	#[test]
	fn files_that_are_none_are_refused() {
		let file = std::env::temp_dir().join(crate::keys::random_id("dtel-geo-").expect("random"));
		std::fs::write(&file, b"no database").expect("written");
		assert!(GeoIp::open(&file).is_err());
		assert!(GeoIp::open(Path::new("/nonexistent.mmdb")).is_err());
	}
}
