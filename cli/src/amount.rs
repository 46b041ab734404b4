//! Amounts of DTEL: decimal text ↔ planck, without a rounding anywhere.

use dtel_primitives::{Balance, DTEL};
use std::fmt;

/// Decimals of a DTEL.
pub const DECIMALS: usize = 18;

/// Why a text is no amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AmountError {
	/// Neither digits nor a decimal point, or no digit at all.
	NotANumber,
	/// More than 18 digits after the point: less than a planck.
	TooFine,
	/// More than 2^128 − 1 planck.
	TooLarge,
}

impl fmt::Display for AmountError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::NotANumber => "an amount is written in decimal DTEL, such as 1000 or 0.5",
			Self::TooFine => "a DTEL has 18 decimals, not more",
			Self::TooLarge => "more DTEL than can exist",
		})
	}
}

impl std::error::Error for AmountError {}

/// Planck of a text in decimal DTEL: `1000`, `0.5`, `.5`, `1_000_000.25`.
pub fn parse_dtel(text: &str) -> Result<Balance, AmountError> {
	let plain: String = text.trim().chars().filter(|c| *c != '_').collect();
	let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
	let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
	if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
		return Err(AmountError::NotANumber);
	}
	if fraction.len() > DECIMALS {
		return Err(AmountError::TooFine);
	}
	let number = |part: &str| match part {
		"" => Ok(0),
		_ => part.parse::<Balance>().map_err(|_| AmountError::TooLarge),
	};
	let whole = number(whole)?.checked_mul(DTEL).ok_or(AmountError::TooLarge)?;
	whole.checked_add(number(&format!("{fraction:0<DECIMALS$}"))?).ok_or(AmountError::TooLarge)
}

/// Basis points of a text in percent with at most two decimals: `5`, `0.25`, `100`.
pub fn parse_percent(text: &str) -> Result<u16, String> {
	let error = || format!("{text}: a percentage from 0 to 100 with at most two decimals");
	let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
	let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
	if !digits(whole) || !digits(fraction) || whole.is_empty() || fraction.len() > 2 {
		return Err(error());
	}
	let points = format!("{whole}{fraction:0<2}").parse::<u16>().map_err(|_| error())?;
	(points <= 10_000).then_some(points).ok_or_else(error)
}

/// Shows planck as decimal DTEL, exactly: `{}` without trailing zeros, `{:.2}` cut (never rounded
/// up) after two decimals; thousands are set apart with `{:#}`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Dtel(pub Balance);

impl fmt::Display for Dtel {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let mut whole = (self.0 / DTEL).to_string();
		if f.alternate() {
			let digits: Vec<char> = whole.chars().collect();
			let groups: Vec<String> = digits.rchunks(3).rev().map(|g| g.iter().collect()).collect();
			whole = groups.join(",");
		}
		let fraction = format!("{:018}", self.0 % DTEL);
		let shown = match f.precision() {
			Some(places) => fraction.get(..places.min(DECIMALS)).unwrap_or_default(),
			None => fraction.trim_end_matches('0'),
		};
		let text = if shown.is_empty() { whole } else { format!("{whole}.{shown}") };
		match f.width() {
			Some(width) => write!(f, "{text:>width$}"),
			None => f.write_str(&text),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn amounts_are_exact() {
		assert_eq!(parse_dtel("1000.5"), Ok(1000 * DTEL + DTEL / 2));
		assert_eq!(parse_dtel(".000000000000000001"), Ok(1));
		assert_eq!(parse_dtel(" 1_000. "), Ok(1000 * DTEL));
		assert_eq!(parse_dtel("340282366920938463463.374607431768211455"), Ok(u128::MAX));
	}

	#[test]
	fn other_texts_are_refused() {
		for text in ["", ".", "-1", "1,5", "1e3", "0x10", "1.2.3", "DTEL"] {
			assert_eq!(parse_dtel(text), Err(AmountError::NotANumber), "{text:?}");
		}
		assert_eq!(parse_dtel("0.0000000000000000001"), Err(AmountError::TooFine));
		assert_eq!(
			parse_dtel("340282366920938463463.374607431768211456"),
			Err(AmountError::TooLarge)
		);
		assert_eq!(parse_dtel(&"9".repeat(60)), Err(AmountError::TooLarge));
	}

	#[test]
	fn display_cuts_and_groups() {
		let amount = Dtel(1_234_567 * DTEL + 999 * DTEL / 1000);
		assert_eq!(amount.to_string(), "1234567.999");
		assert_eq!(format!("{amount:.2}"), "1234567.99");
		assert_eq!(format!("{amount:#.0}"), "1,234,567");
		assert_eq!(format!("{:>8.2}", Dtel(DTEL)), "    1.00");
	}

	proptest! {
		#[test]
		fn what_is_shown_parses_back(planck in any::<u128>()) {
			prop_assert_eq!(parse_dtel(&Dtel(planck).to_string()), Ok(planck));
		}

		#[test]
		fn any_text_is_total(text in "\\PC*") {
			let _ = parse_dtel(&text);
		}

		#[test]
		fn cutting_never_shows_more(planck in any::<u128>(), places in 0usize..=18) {
			let shown = parse_dtel(&format!("{:.places$}", Dtel(planck))).unwrap();
			prop_assert!(shown <= planck);
			prop_assert!(planck - shown < 10u128.pow(18 - places as u32));
		}
	}

	#[test]
	fn percentages_are_exact_or_refused() {
		for (text, points) in [("0", 0), ("5", 500), ("0.25", 25), ("7.5", 750), ("100", 10_000)] {
			assert_eq!(parse_percent(text), Ok(points));
		}
		for text in ["", ".5", "-1", "1.234", "100.01", "5%", "99999999"] {
			assert!(parse_percent(text).is_err(), "{text}");
		}
	}
}
