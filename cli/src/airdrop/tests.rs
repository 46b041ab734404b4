use super::*;
use crate::{amount::parse_dtel, keys};
use dtel_primitives::DTEL;
use proptest::prelude::*;
use std::{cell::RefCell, io::Cursor};

const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const ALICE_HEX: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
const BOB: &str = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
const QUIET: Progress<'static> = &|_, _| ();

fn csv_of(text: &str) -> Result<Vec<(AccountId, Balance)>> {
	csv::read(Cursor::new(text), QUIET)
}

fn refused(text: &str) -> String {
	format!("{:#}", csv_of(text).unwrap_err())
}

fn someone(n: u32) -> AccountId {
	let mut bytes = [9; 32];
	bytes[..4].copy_from_slice(&n.to_le_bytes());
	AccountId::new(bytes)
}

fn list(leaves: u32) -> List {
	let entries = (0..leaves).map(|n| (someone(n), Balance::from(n) + 1)).collect();
	List::new(Hash::repeat_byte(7), "spring".into(), entries).unwrap()
}

fn written(list: &List) -> Vec<u8> {
	let mut bytes = Vec::new();
	file::write(&mut bytes, list, &list.tree(QUIET).unwrap(), QUIET).unwrap();
	bytes
}

#[test]
fn a_csv_is_read_in_its_order() {
	let (alice, bob) = (keys::account("//Alice").unwrap(), keys::account("//Bob").unwrap());
	let expected = vec![(alice, 3 * DTEL / 2), (bob, 1)];
	let least = "0.000000000000000001";
	for text in [
		format!("{ALICE},1.5\n{BOB},{least}\n"),
		format!("{ALICE_HEX},1.5\n{BOB},{least}"),
		format!("account,amount\n{ALICE},1.5\n{BOB},{least}"),
		format!("\u{feff}Address, Amount\r\n{ALICE} , 1.50\r\n\r\n# the rest\r\n\"{BOB}\",\"{least}\"\r\n"),
	] {
		assert_eq!(csv_of(&text).unwrap(), expected, "{text}");
	}
	assert_eq!(csv_of("").unwrap(), []);
}

#[test]
fn wrong_lines_are_named() {
	for (line, words) in [
		("alice,1", "no account"),
		("//Alice,1", "no account"),
		("0x1234,1", "32 bytes"),
		("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ,1", "no account"),
		(&format!("{ALICE},"), "no amount"),
		(&format!("{ALICE},-1"), "no amount"),
		(&format!("{ALICE},1e3"), "no amount"),
		(&format!("{ALICE},0.0000000000000000001"), "18 decimals"),
		(&format!("{ALICE},0.0"), "zero"),
		(&format!("{ALICE},1,000"), "here are 3"),
		(ALICE, "here are 1"),
		("account,amount", "no account"),
		(&"x".repeat(2_000), "longer than"),
	] {
		let words_found = refused(&format!("{BOB},1\n\n{line}\n{BOB},nothing\n"));
		assert!(words_found.contains("line 3: "), "{words_found}");
		assert!(words_found.contains("line 4: "), "{words_found}");
		assert!(words_found.contains(words), "{words_found}");
	}
	let error = csv::read(Cursor::new(b"\xff\xfe,1\n"), QUIET).unwrap_err().to_string();
	assert!(error.contains("line 1: no text"), "{error}");
}

#[test]
fn an_account_stands_once_in_whatever_notation() {
	let error = refused(&format!("{ALICE},1\n{BOB},1\n{ALICE_HEX},2\n"));
	assert!(error.contains("line 3: ") && error.contains("in line 1 already"), "{error}");
	// The same key under another network's prefix.
	let polkadot = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";
	let error = refused(&format!("{ALICE},1\n{polkadot},1\n"));
	assert!(error.contains("line 2: "), "{error}");
}

#[test]
fn only_some_of_many_wrong_lines_are_shown() {
	let error = refused(&"nobody,1\n".repeat(100));
	assert_eq!(error.lines().filter(|line| line.starts_with("line ")).count(), 20, "{error}");
	assert!(error.ends_with("and 80 more"), "{error}");
}

#[test]
fn sums_that_cannot_exist_are_refused() {
	let most = "340282366920938463463.374607431768211455";
	assert_eq!(parse_dtel(most), Ok(Balance::MAX));
	assert_eq!(csv_of(&format!("{ALICE},{most}")).unwrap().len(), 1);
	let error = refused(&format!("{ALICE},{most}\n{BOB},0.000000000000000001"));
	assert!(error.contains("more than can exist"), "{error}");
}

#[test]
fn lists_that_the_chain_cannot_have_are_refused() {
	let new = |label: &str, n| {
		let entries = (0..n).map(|n| (someone(n), 1)).collect();
		List::new(Hash::zero(), label.into(), entries)
	};
	assert!(new("", 1).is_ok());
	assert!(new(&"l".repeat(32), 1).is_ok());
	assert!(new(&"l".repeat(33), 1).is_err());
	assert!(new("", 0).is_err());
	assert!(new("", MAX_LEAVES + 1).is_err());
}

#[test]
fn a_file_is_read_as_it_was_written() {
	for leaves in [1, 2, 5, 33] {
		let list = list(leaves);
		let bytes = written(&list);
		let (read, tree) = file::read(Cursor::new(&bytes), QUIET).unwrap();
		assert_eq!(read, list);
		assert_eq!(tree, list.tree(QUIET).unwrap());
	}
}

/// Every byte counts: no change is taken for the list that it was, or it is not another list.
#[test]
fn a_file_that_was_changed_is_refused() {
	let (list, tree) = (list(3), list(3).tree(QUIET).unwrap());
	let bytes = written(&list);
	for at in 0..bytes.len() {
		for change in [1, 2, 0x20] {
			let mut other = bytes.clone();
			other[at] ^= change;
			if let Ok((read, root)) = file::read(Cursor::new(&other), QUIET) {
				assert_eq!((read, root), (list.clone(), tree.clone()), "byte {at}");
			}
		}
	}
	let text = String::from_utf8(bytes).unwrap();
	let mut lines: Vec<_> = text.lines().collect();
	lines.swap(1, 2);
	let error = file::read(Cursor::new(lines.join("\n")), QUIET).unwrap_err().to_string();
	assert!(error.contains("was changed"), "{error}");
	let cut = lines[..3].join("\n");
	assert!(file::read(Cursor::new(cut), QUIET).is_err());
	let old = text.replace("\"airdrop\":1", "\"airdrop\":2");
	assert!(file::read(Cursor::new(old), QUIET).unwrap_err().to_string().contains("version"));
}

#[test]
fn tickets_are_proven_and_forged_ones_are_not() {
	let list = list(6);
	let tree = list.tree(QUIET).unwrap();
	let ticket = Ticket::of(&list, &tree, 4).unwrap();
	let proven = ticket.check().unwrap();
	assert_eq!((&proven.account, proven.amount, proven.index), (&someone(4), 5, 4));
	assert_eq!((proven.root, proven.domain), (tree.root(), list.domain()));
	assert_eq!(Ticket::of(&list, &tree, 6), None);
	let text = serde_json::to_string(&ticket).unwrap();
	assert_eq!(serde_json::from_str::<Ticket>(&text).unwrap(), ticket);
	let forge = |change: &dyn Fn(&mut Ticket)| {
		let mut other = ticket.clone();
		change(&mut other);
		format!("{:#}", other.check().unwrap_err())
	};
	let root = "does not lead to the root";
	assert!(forge(&|t| t.amount = "6".into()).contains(root));
	assert!(forge(&|t| t.account = someone(5).to_string()).contains(root));
	assert!(forge(&|t| t.label = "autumn".into()).contains(root));
	assert!(forge(&|t| t.total = "22".into()).contains(root));
	assert!(forge(&|t| t.leaves = 7).contains(root));
	assert!(forge(&|t| t.genesis = format!("{:?}", Hash::zero())).contains(root));
	assert!(forge(&|t| t.index = 5).contains(root));
	assert!(forge(&|t| t.index = 6).contains("no such place"));
	assert!(forge(&|t| t.proof.truncate(2)).contains("each level"));
	assert!(forge(&|t| t.root = "0x12".into()).contains("32 bytes"));
	assert!(forge(&|t| t.amount = "1.5".into()).contains("planck"));
}

#[test]
fn every_ticket_is_written() {
	let list = list(9);
	let mut bytes = Vec::new();
	ticket::write_all(&mut bytes, &list, &list.tree(QUIET).unwrap(), QUIET).unwrap();
	let text = String::from_utf8(bytes).unwrap();
	let tickets: Vec<Ticket> =
		text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
	assert_eq!(tickets.len(), 9);
	for (ticket, index) in tickets.iter().zip(0..) {
		assert_eq!(ticket.check().unwrap().index, index);
		assert_eq!(list.find(&account(&ticket.account).unwrap()), Some(index));
	}
}

#[test]
fn progress_of_long_lists_is_told() {
	let told = RefCell::new(Vec::new());
	let count = STRIDE as u32 * 2 + 1;
	let text: String = (0..count)
		.map(|n| format!("0x{},1\n", hex::encode(<[u8; 32]>::from(someone(n)))))
		.collect();
	let progress = |what: &str, done| told.borrow_mut().push(format!("{what} {done}"));
	let entries = csv::read(Cursor::new(text), &progress).unwrap();
	assert_eq!(entries.len(), count as usize);
	let list = List::new(Hash::zero(), String::new(), entries).unwrap();
	list.tree(&progress).unwrap();
	assert_eq!(told.into_inner(), ["read 100000", "read 200000", "hashed 100000", "hashed 200000"]);
}

proptest! {
	#[test]
	fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
		let _ = csv::read(Cursor::new(&bytes), QUIET);
		let _ = file::read(Cursor::new(&bytes), QUIET);
	}

	#[test]
	fn what_is_read_is_what_was_meant(amounts in prop::collection::vec(1..u64::MAX, 1..40)) {
		let text: String = (0..).zip(&amounts)
			.map(|(n, amount)| format!("{},{}\n", someone(n), crate::Dtel(Balance::from(*amount))))
			.collect();
		let expected: Vec<_> = (0..).zip(&amounts)
			.map(|(n, amount)| (someone(n), Balance::from(*amount)))
			.collect();
		prop_assert_eq!(csv_of(&text).unwrap(), expected);
	}
}

/// The whole way through files, as the command line goes it.
#[tokio::test]
async fn the_command_line_builds_proves_and_verifies_without_a_node() {
	use crate::commands::{run, Cli};
	use clap::Parser;
	let dir = std::env::temp_dir().join(format!("dtel-claims-{}", std::process::id()));
	std::fs::create_dir_all(&dir).unwrap();
	let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
	let dtel = |line: String| async move {
		// No node listens there: whoever asks one fails.
		let all = format!("dtel --json --url ws://127.0.0.1:1 claims {line}");
		run(Cli::try_parse_from(all.split(' '))?).await
	};
	std::fs::write(path("list.csv"), format!("{ALICE},1\n{BOB},2\n")).unwrap();
	let (csv, tree, proofs) = (path("list.csv"), path("tree.jsonl"), path("proofs.jsonl"));
	let genesis = format!("{:?}", Hash::repeat_byte(7));
	let build = format!("build {csv} --label spring --out {tree} --proofs {proofs}");
	assert!(dtel(build.clone()).await.is_err(), "the genesis hash is the node's to say");
	let build = format!("{build} --genesis {genesis}");
	dtel(build.clone()).await.unwrap();
	assert!(dtel(build).await.is_err(), "files are not overwritten");
	dtel(format!("proof --file {tree} --account {BOB}")).await.unwrap();
	assert!(dtel(format!("proof --file {tree} --account //Dave")).await.is_err());
	dtel(format!("verify --file {tree} --csv {csv}")).await.unwrap();
	let tickets = std::fs::read_to_string(&proofs).unwrap();
	std::fs::write(path("bob.json"), tickets.lines().nth(1).unwrap()).unwrap();
	dtel(format!("verify --ticket {}", path("bob.json"))).await.unwrap();
	std::fs::write(path("other.csv"), format!("{ALICE},1\n{BOB},3\n")).unwrap();
	let other = format!("verify --file {tree} --csv {}", path("other.csv"));
	assert!(dtel(other).await.is_err());
	for line in ["verify", "submit --check", &format!("submit --file {tree}")] {
		assert!(dtel(line.to_owned()).await.is_err(), "{line}");
	}
	std::fs::remove_dir_all(&dir).unwrap();
}
