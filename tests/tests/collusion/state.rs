//! The state in memory, without a trie. Nobody here asks for the root of the state, which every block would compute; without one a run takes
//! half the time.

use sp_core::storage::{ChildInfo, StateVersion, Storage, TrackedStorageKey};
use sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults};
use sp_state_machine::BasicExternalities;
use std::any::{Any, TypeId};

/// The state.
pub struct State(BasicExternalities);

impl State {
	/// With this in it.
	pub fn new(storage: Storage) -> Self {
		Self(BasicExternalities::new(storage))
	}

	/// Runs something in it.
	pub fn execute_with<R>(&mut self, run: impl FnOnce() -> R) -> R {
		sp_externalities::set_and_run_with_externalities(self, run)
	}

	/// Forgets which keys there were once.
	pub fn purge(&mut self) {
		let Self(inner) = std::mem::replace(self, Self::new(Storage::default()));
		*self = Self::new(inner.into_storages());
	}
}

const NO_CHILD: &str = "no pallet of this runtime has a child trie";

impl Externalities for State {
	fn set_offchain_storage(&mut self, key: &[u8], value: Option<&[u8]>) {
		self.0.set_offchain_storage(key, value)
	}
	fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.0.storage(key)
	}
	fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.0.storage_hash(key)
	}
	fn child_storage_hash(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
		unreachable!("{NO_CHILD}")
	}
	fn child_storage(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
		unreachable!("{NO_CHILD}")
	}
	fn exists_storage(&mut self, key: &[u8]) -> bool {
		self.0.exists_storage(key)
	}
	fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.0.next_storage_key(key)
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
		self.0.clear_prefix(prefix, limit, cursor)
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
		self.0.place_storage(key, value)
	}
	fn place_child_storage(&mut self, _: &ChildInfo, _: Vec<u8>, _: Option<Vec<u8>>) {
		unreachable!("{NO_CHILD}")
	}
	fn storage_root(&mut self, _: StateVersion) -> Vec<u8> {
		vec![0; 32]
	}
	fn child_storage_root(&mut self, _: &ChildInfo, _: StateVersion) -> Vec<u8> {
		unreachable!("{NO_CHILD}")
	}
	fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
		self.0.storage_append(key, value)
	}
	fn storage_start_transaction(&mut self) {
		self.0.storage_start_transaction()
	}
	fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
		self.0.storage_rollback_transaction()
	}
	fn storage_commit_transaction(&mut self) -> Result<(), ()> {
		self.0.storage_commit_transaction()
	}
	fn wipe(&mut self) {
		self.0.wipe()
	}
	fn commit(&mut self) {
		self.0.commit()
	}
	fn read_write_count(&self) -> (u32, u32, u32, u32) {
		self.0.read_write_count()
	}
	fn reset_read_write_count(&mut self) {
		self.0.reset_read_write_count()
	}
	fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
		self.0.get_whitelist()
	}
	fn set_whitelist(&mut self, new: Vec<TrackedStorageKey>) {
		self.0.set_whitelist(new)
	}
	fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
		self.0.get_read_and_written_keys()
	}
}

impl ExtensionStore for State {
	fn extension_by_type_id(&mut self, id: TypeId) -> Option<&mut dyn Any> {
		self.0.extension_by_type_id(id)
	}
	fn register_extension_with_type_id(
		&mut self,
		id: TypeId,
		extension: Box<dyn Extension>,
	) -> Result<(), Error> {
		self.0.register_extension_with_type_id(id, extension)
	}
	fn deregister_extension_by_type_id(&mut self, id: TypeId) -> Result<(), Error> {
		self.0.deregister_extension_by_type_id(id)
	}
}
