//! Lists from CSV: `account,amount` a line, the amount in decimal DTEL.

use super::{account, tell, Progress};
use crate::amount::parse_dtel;
use anyhow::{bail, Context, Result};
use dtel_primitives::{airdrop::MAX_LEAVES, AccountId, Balance};
use std::{
	collections::{hash_map::Entry, HashMap},
	io::BufRead,
};

/// Most bytes of a line.
const MAX_LINE: u64 = 1_024;
/// Most wrong lines that are shown.
const SHOWN: usize = 20;

/// Reads a list. Every line that is wrong is named with its number, up to 20 of them; one is enough to refuse all.
///
/// A first line `account,amount` is a heading; empty lines, and those that begin with `#`, are passed over. Fields may
/// stand in double quotes.
pub fn read(mut input: impl BufRead, progress: Progress<'_>) -> Result<Vec<(AccountId, Balance)>> {
	let mut entries: Vec<(AccountId, Balance)> = Vec::new();
	let mut lines_of = HashMap::<AccountId, u32>::new();
	let (mut wrong, mut more, mut sum) = (Vec::new(), 0usize, Some(0 as Balance));
	let (mut line, mut number) = (Vec::new(), 0u32);
	while read_line(&mut input, &mut line)? {
		number = number.saturating_add(1);
		let entry = match parse(&line, number) {
			Ok(None) => continue,
			Ok(Some(entry)) => fresh(entry, number, &mut lines_of),
			Err(error) => Err(error),
		};
		match entry {
			Ok((who, amount)) => {
				sum = sum.and_then(|sum| sum.checked_add(amount));
				entries.push((who, amount));
				tell(progress, "read", entries.len());
			}
			Err(error) if wrong.len() < SHOWN => wrong.push(format!("line {number}: {error:#}")),
			Err(_) => more = more.saturating_add(1),
		}
		if entries.len() > MAX_LEAVES as usize {
			bail!("line {number}: more than {MAX_LEAVES} entries; make several airdrops");
		}
	}
	if !wrong.is_empty() {
		let more = if more > 0 { format!("\nand {more} more") } else { String::new() };
		bail!("the list is wrong:\n{}{more}", wrong.join("\n"));
	}
	sum.context("the sum of all amounts is more than can exist")?;
	Ok(entries)
}

/// The next line without its end; of one that is too long only so much that this is seen.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool> {
	line.clear();
	std::io::Read::take(&mut *input, MAX_LINE.saturating_add(1)).read_until(b'\n', line)?;
	if line.len() as u64 > MAX_LINE && line.last() != Some(&b'\n') {
		let mut rest = Vec::new();
		loop {
			rest.clear();
			let part = std::io::Read::take(&mut *input, 1 << 16).read_until(b'\n', &mut rest)?;
			if part == 0 || rest.last() == Some(&b'\n') {
				return Ok(true);
			}
		}
	}
	Ok(!line.is_empty())
}

fn parse(line: &[u8], number: u32) -> Result<Option<(AccountId, Balance)>> {
	if line.len() as u64 > MAX_LINE {
		bail!("longer than {MAX_LINE} bytes");
	}
	let text = std::str::from_utf8(line).ok().context("no text in UTF-8")?;
	// What some spreadsheets put before all text.
	let text = if number == 1 { text.trim_start_matches('\u{feff}') } else { text }.trim();
	if text.is_empty() || text.starts_with('#') {
		return Ok(None);
	}
	let mut fields = text.split(',').map(unquoted);
	let (Some(who), Some(amount), None) = (fields.next(), fields.next(), fields.next()) else {
		bail!(
			"two fields are wanted, account and amount, and here are {}",
			text.split(',').count()
		);
	};
	if number == 1 && amount.eq_ignore_ascii_case("amount") {
		return Ok(None);
	}
	let who = account(who)?;
	let amount = parse_dtel(amount).with_context(|| format!("{amount:?} is no amount"))?;
	if amount == 0 {
		bail!("the amount is zero");
	}
	Ok(Some((who, amount)))
}

fn unquoted(field: &str) -> &str {
	let field = field.trim();
	let inner = field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
	inner.unwrap_or(field).trim()
}

/// The entry, if its account has none yet: the chain would pay both, but nobody means two.
fn fresh(
	(who, amount): (AccountId, Balance),
	number: u32,
	lines_of: &mut HashMap<AccountId, u32>,
) -> Result<(AccountId, Balance)> {
	match lines_of.entry(who.clone()) {
		Entry::Occupied(first) => bail!("{who} stands in line {} already", first.get()),
		Entry::Vacant(place) => place.insert(number),
	};
	Ok((who, amount))
}
