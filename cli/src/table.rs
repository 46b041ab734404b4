//! How figures are shown: one look for the command line and the end-to-end runs.

use comfy_table::{
	presets::UTF8_HORIZONTAL_ONLY, Cell, CellAlignment, ContentArrangement, Table, TableComponent,
};

/// A table with a heading; columns are as wide as their content, numbers stand to the right.
pub fn table<const N: usize>(
	heading: [&str; N],
	rows: impl IntoIterator<Item = [String; N]>,
) -> String {
	let mut table = Table::new();
	table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled);
	table.remove_style(TableComponent::HorizontalLines);
	table.remove_style(TableComponent::MiddleIntersections);
	table.remove_style(TableComponent::LeftBorderIntersections);
	table.remove_style(TableComponent::RightBorderIntersections);
	table.set_header(heading);
	for row in rows {
		table.add_row(row.into_iter().map(|text| {
			let alignment =
				if is_figure(&text) { CellAlignment::Right } else { CellAlignment::Left };
			Cell::new(text).set_alignment(alignment)
		}));
	}
	table.to_string()
}

/// Digits first, after a sign perhaps; or a dash for "none".
fn is_figure(text: &str) -> bool {
	let rest = text.trim_start_matches(['-', '+', '−']);
	rest.starts_with(|c: char| c.is_ascii_digit()) || text == "–"
}

/// Basis points as a percentage with two decimals.
pub fn percent(basis_points: u16) -> String {
	format!("{}.{:02}", basis_points / 100, basis_points % 100)
}

/// Microseconds as milliseconds with one decimal.
pub fn millis(micros: u32) -> String {
	format!("{}.{}", micros / 1000, micros % 1000 / 100)
}

/// Hundredths with two decimals.
pub fn hundredths(value: u16) -> String {
	percent(value)
}

/// kbit/s as Mbit/s with two decimals.
pub fn mbps(kbps: u32) -> String {
	format!("{}.{:02}", kbps / 1000, kbps % 1000 / 10)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn figures_stand_right_and_words_left() {
		let shown = table(
			["node", "score"],
			[["1".into(), "99.10".into()], ["impaired".into(), "5".into()]],
		);
		let lines: Vec<_> = shown.lines().map(str::trim_end).collect();
		assert_eq!(lines.len(), 6, "frame, heading, rule, two rows, frame\n{shown}");
		assert!(shown.contains("        1   99.10"), "{shown}");
		assert!(shown.contains(" impaired       5"), "{shown}");
	}

	#[test]
	fn units_are_cut_not_rounded() {
		assert_eq!(percent(9_999), "99.99");
		assert_eq!(percent(5), "0.05");
		assert_eq!(millis(40_190), "40.1");
		assert_eq!(hundredths(441), "4.41");
		assert_eq!(mbps(1_239), "1.23");
	}
}
