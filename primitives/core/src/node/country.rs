//! Codes of countries: ISO 3166-1 alpha-2.

/// Second letters of the codes that are officially assigned, for first letters from A to Z: 249 in
/// all. Reserved (`EU`, `UK`) and user-assigned codes (`AA`, `QM`, `XA`, `ZZ`) are not among them.
const ASSIGNED: [&[u8]; 26] = [
	b"DEFGILMOQRSTUWXZ",
	b"ABDEFGHIJLMNOQRSTVWYZ",
	b"ACDFGHIKLMNORUVWXYZ",
	b"EJKMOZ",
	b"CEGHRST",
	b"IJKMOR",
	b"ABDEFGHILMNPQRSTUWY",
	b"KMNRTU",
	b"DELMNOQRST",
	b"EMOP",
	b"EGHIMNPRWYZ",
	b"ABCIKRSTUVY",
	b"ACDEFGHKLMNOPQRSTUVWXYZ",
	b"ACEFGILOPRUZ",
	b"M",
	b"AEFGHKLMNRSTWY",
	b"A",
	b"EOSUW",
	b"ABCDEGHIJKLMNORSTVXYZ",
	b"CDFGHJKLMNORTVWZ",
	b"AGMSYZ",
	b"ACEGINU",
	b"FS",
	b"",
	b"ET",
	b"AMW",
];

/// Whether a code is officially assigned, in capitals.
pub fn is_assigned(code: [u8; 2]) -> bool {
	let [first, second] = code;
	let row = first.checked_sub(b'A').and_then(|row| ASSIGNED.get(usize::from(row)));
	row.is_some_and(|row| row.contains(&second))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_assigned_codes_are_249() {
		let all = || (0..=u8::MAX).flat_map(|a| (0..=u8::MAX).map(move |b| [a, b]));
		assert_eq!(all().filter(|code| is_assigned(*code)).count(), 249);
		assert!(ASSIGNED.iter().all(|row| row.is_sorted_by(|a, b| a < b)), "a code stands twice");
	}

	#[test]
	fn countries_are_known_from_first_to_last() {
		for code in [b"AD", b"DE", b"GB", b"US", b"SG", b"SS", b"CW", b"BQ", b"TL", b"ZW"] {
			assert!(is_assigned(*code), "{code:?}");
		}
	}

	#[test]
	fn reserved_withdrawn_user_assigned_and_malformed_codes_are_refused() {
		for code in [
			b"EU",
			b"UK",
			b"SU",
			b"AN",
			b"YU",
			b"TP",
			b"ZR",
			b"CS",
			b"AA",
			b"QM",
			b"XK",
			b"XX",
			b"ZZ",
			b"de",
			b"De",
			b"D1",
			b"  ",
			&[0, 0],
			&[0xff, 0xff],
			b"A[",
			b"[A",
			b"@A",
		] {
			assert!(!is_assigned(*code), "{code:?}");
		}
	}
}
