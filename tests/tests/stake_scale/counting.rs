//! Externalities that count what passes through them, as the database of the benchmark command does.

use dtel_runtime::AllPalletsWithSystem;
use frame_support::traits::{StorageInfoTrait, WhitelistedStorageKeys};
use sp_core::storage::{ChildInfo, StateVersion, TrackedStorageKey};
use sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults};
use std::{
	any::{Any, TypeId},
	collections::{BTreeMap, BTreeSet},
};

/// How storage was used, but for the keys that are in memory in every block: its number, its events and the like.
#[derive(Clone, Default, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Accesses {
	/// Different keys that were read before anything was written to them.
	pub reads: u32,
	/// Different keys that were written.
	pub writes: u32,
	/// All reads, those of a key that was read or written before among them.
	pub all_reads: u32,
	/// All writes.
	pub all_writes: u32,
	/// Steps from a key to the next.
	pub steps: u32,
	/// By storage item: different keys that were read, and written.
	pub items: BTreeMap<String, (u32, u32)>,
}

/// Runs something and says how it used storage. Only within externalities.
pub fn count<R>(run: impl FnOnce() -> R) -> (R, Accesses) {
	sp_externalities::with_externalities(|inner| {
		let mut counting = Counting::new(inner);
		let result = sp_externalities::set_and_run_with_externalities(&mut counting, run);
		(result, counting.accesses())
	})
	.expect("within externalities")
}

struct Counting<'a> {
	inner: &'a mut dyn Externalities,
	ignored: BTreeSet<Vec<u8>>,
	read: BTreeSet<Vec<u8>>,
	written: BTreeSet<Vec<u8>>,
	totals: Accesses,
}

impl<'a> Counting<'a> {
	fn new(inner: &'a mut dyn Externalities) -> Self {
		let known = AllPalletsWithSystem::whitelisted_storage_keys();
		Self {
			inner,
			ignored: known.into_iter().map(|tracked| tracked.key).collect(),
			read: BTreeSet::new(),
			written: BTreeSet::new(),
			totals: Accesses::default(),
		}
	}

	fn reads(&mut self, key: &[u8]) {
		if self.ignored.contains(key) {
			return;
		}
		self.totals.all_reads += 1;
		if !self.written.contains(key) {
			self.read.insert(key.to_vec());
		}
	}

	fn writes(&mut self, key: &[u8]) {
		if self.ignored.contains(key) {
			return;
		}
		self.totals.all_writes += 1;
		self.written.insert(key.to_vec());
	}

	fn accesses(mut self) -> Accesses {
		let infos = AllPalletsWithSystem::storage_info();
		let item_of = |key: &[u8]| {
			let info = infos.iter().find(|info| key.starts_with(&info.prefix));
			let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
			match info {
				Some(info) => format!("{}.{}", name(&info.pallet_name), name(&info.storage_name)),
				None => String::from_utf8_lossy(key).into_owned(),
			}
		};
		for key in &self.read {
			self.totals.items.entry(item_of(key)).or_default().0 += 1;
		}
		for key in &self.written {
			self.totals.items.entry(item_of(key)).or_default().1 += 1;
		}
		self.totals.reads = self.read.len() as u32;
		self.totals.writes = self.written.len() as u32;
		self.totals
	}
}

const NO_CHILD: &str = "no pallet of this runtime has a child trie";

impl Externalities for Counting<'_> {
	fn set_offchain_storage(&mut self, key: &[u8], value: Option<&[u8]>) {
		self.inner.set_offchain_storage(key, value)
	}
	fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.reads(key);
		self.inner.storage(key)
	}
	fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.reads(key);
		self.inner.storage_hash(key)
	}
	fn child_storage_hash(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
		unreachable!("{NO_CHILD}")
	}
	fn child_storage(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
		unreachable!("{NO_CHILD}")
	}
	fn exists_storage(&mut self, key: &[u8]) -> bool {
		self.reads(key);
		self.inner.exists_storage(key)
	}
	fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.totals.steps += 1;
		self.inner.next_storage_key(key)
	}
	fn next_child_storage_key(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
		unreachable!("{NO_CHILD}")
	}
	fn kill_child_storage(
		&mut self,
		_: &ChildInfo,
		_: Option<u32>,
		_: Option<&[u8]>,
	) -> MultiRemovalResults {
		unreachable!("{NO_CHILD}")
	}
	fn clear_prefix(
		&mut self,
		prefix: &[u8],
		limit: Option<u32>,
		cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		let removed = self.inner.clear_prefix(prefix, limit, cursor);
		self.totals.steps += removed.loops;
		self.totals.all_writes += removed.unique;
		removed
	}
	fn clear_child_prefix(
		&mut self,
		_: &ChildInfo,
		_: &[u8],
		_: Option<u32>,
		_: Option<&[u8]>,
	) -> MultiRemovalResults {
		unreachable!("{NO_CHILD}")
	}
	fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
		self.writes(&key);
		self.inner.place_storage(key, value)
	}
	fn place_child_storage(&mut self, _: &ChildInfo, _: Vec<u8>, _: Option<Vec<u8>>) {
		unreachable!("{NO_CHILD}")
	}
	fn storage_root(&mut self, version: StateVersion) -> Vec<u8> {
		self.inner.storage_root(version)
	}
	fn child_storage_root(&mut self, _: &ChildInfo, _: StateVersion) -> Vec<u8> {
		unreachable!("{NO_CHILD}")
	}
	fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
		// What is appended to is read first.
		self.reads(&key);
		self.writes(&key);
		self.inner.storage_append(key, value)
	}
	fn storage_start_transaction(&mut self) {
		self.inner.storage_start_transaction()
	}
	fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
		self.inner.storage_rollback_transaction()
	}
	fn storage_commit_transaction(&mut self) -> Result<(), ()> {
		self.inner.storage_commit_transaction()
	}
	fn wipe(&mut self) {
		self.inner.wipe()
	}
	fn commit(&mut self) {
		self.inner.commit()
	}
	fn read_write_count(&self) -> (u32, u32, u32, u32) {
		self.inner.read_write_count()
	}
	fn reset_read_write_count(&mut self) {
		self.inner.reset_read_write_count()
	}
	fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
		self.inner.get_whitelist()
	}
	fn set_whitelist(&mut self, new: Vec<TrackedStorageKey>) {
		self.inner.set_whitelist(new)
	}
	fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
		self.inner.get_read_and_written_keys()
	}
}

impl ExtensionStore for Counting<'_> {
	fn extension_by_type_id(&mut self, id: TypeId) -> Option<&mut dyn Any> {
		self.inner.extension_by_type_id(id)
	}
	fn register_extension_with_type_id(
		&mut self,
		id: TypeId,
		extension: Box<dyn Extension>,
	) -> Result<(), Error> {
		self.inner.register_extension_with_type_id(id, extension)
	}
	fn deregister_extension_by_type_id(&mut self, id: TypeId) -> Result<(), Error> {
		self.inner.deregister_extension_by_type_id(id)
	}
}
