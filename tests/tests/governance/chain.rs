//! A chain without a client: genesis from the development preset, blocks by the runtime's executive, every transaction
//! signed, charged and filtered as any other.

use codec::{Decode, Encode};
use dtel_primitives::{clock::Phase, AccountId, Hash, Signature};
use dtel_runtime::{
	setup, AllPalletsWithSystem, Executive, Header, Runtime, RuntimeCall, RuntimeEvent,
	RuntimeGenesisConfig, SignedPayload, System, TxExtension, UncheckedExtrinsic, VERSION,
};
use frame_support::traits::Get;
use frame_system::offchain::CreateAuthorizedTransaction;
use sp_core::{
	sr25519,
	traits::{ReadRuntimeVersion, ReadRuntimeVersionExt},
	Pair,
};
use sp_externalities::Externalities;
use sp_io::TestExternalities;
use sp_runtime::{
	generic::{Digest, DigestItem, Era},
	traits::{Header as _, IdentifyAccount},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	BuildStorage, DispatchError, MultiSigner,
};

/// Somebody, by the name that the preset has.
pub type Who = &'static str;

/// What became of a transaction.
pub type Applied = Result<Result<(), DispatchError>, TransactionValidityError>;

fn pair(who: Who) -> sr25519::Pair {
	sr25519::Pair::from_string(&format!("//{who}"), None).expect("a valid seed")
}

/// Somebody's account.
pub fn account(who: Who) -> AccountId {
	MultiSigner::from(pair(who).public()).into_account()
}

/// A transaction to be.
#[derive(Clone, Debug)]
pub enum Tx {
	/// To be signed with the account's next nonce.
	Signed(Who, RuntimeCall),
	/// Authorised by what it holds.
	Authorized(RuntimeCall),
	/// By nobody.
	Bare(RuntimeCall),
}

/// The chain.
pub struct Chain {
	ext: TestExternalities,
	parent: Hash,
	number: u32,
	events: Vec<(u32, RuntimeEvent)>,
}

/// Stands for the executor, which would run code to learn its version: this code is nothing but its version.
struct VersionOf;

/// Code of a runtime that is said to have this version.
pub fn code(spec_version: u32) -> Vec<u8> {
	sp_version::RuntimeVersion { spec_version, ..VERSION }.encode()
}

impl ReadRuntimeVersion for VersionOf {
	fn read_runtime_version(
		&self,
		code: &[u8],
		_: &mut dyn Externalities,
	) -> Result<Vec<u8>, String> {
		match sp_version::RuntimeVersion::decode(&mut &code[..]) {
			Ok(version) => Ok(version.encode()),
			Err(error) => Err(error.to_string()),
		}
	}
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

impl Chain {
	/// A chain after its first block.
	pub fn new() -> Self {
		let preset = dtel_runtime::genesis_presets::get_preset(&"development".into())
			.expect("the preset exists");
		let mut genesis =
			serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
		merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
		let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
		let mut ext = TestExternalities::new(genesis.build_storage().expect("builds"));
		ext.register_extension(ReadRuntimeVersionExt::new(VersionOf));
		// The client stores the genesis hash; without one, any fixed value does.
		let parent = Hash::repeat_byte(0x42);
		ext.execute_with(|| frame_system::BlockHash::<Runtime>::insert(0, parent));
		let mut chain = Self { ext, parent, number: 0, events: Vec::new() };
		chain.block();
		chain
	}

	/// Reads the state after the last block, or sets what no transaction can.
	pub fn view<R>(&mut self, read: impl FnOnce() -> R) -> R {
		self.ext.execute_with(read)
	}

	/// The number of the last block.
	pub fn number(&self) -> u32 {
		self.number
	}

	/// The era of the last block.
	pub fn era(&mut self) -> u32 {
		let number = self.number;
		self.view(setup::Clock::<Runtime>::get).era_of(number)
	}

	/// How many events there were; what comes later is [`Self::since`] it.
	pub fn mark(&self) -> usize {
		self.events.len()
	}

	/// What happened since a mark.
	pub fn since(&self, mark: usize) -> impl Iterator<Item = &RuntimeEvent> {
		self.events[mark..].iter().map(|(_, event)| event)
	}

	/// How often this happened since genesis.
	pub fn times(&self, event: impl Into<RuntimeEvent>) -> usize {
		let event = event.into();
		self.since(0).filter(|other| **other == event).count()
	}

	/// Asserts that this happened, once.
	#[track_caller]
	pub fn assert_once(&self, event: impl Into<RuntimeEvent>) {
		let event = event.into();
		assert_eq!(self.times(event.clone()), 1, "{event:?}");
	}

	/// Builds an empty block.
	pub fn block(&mut self) {
		self.open();
		self.close();
	}

	/// Builds so many empty blocks.
	pub fn blocks(&mut self, count: u32) {
		(0..count).for_each(|_| self.block());
	}

	/// Builds empty blocks up to this one.
	pub fn run_to(&mut self, number: u32) {
		while self.number < number {
			self.block();
		}
	}

	/// Builds blocks up to the first of an era.
	pub fn run_to_era(&mut self, era: u32) {
		let first = self.view(setup::Clock::<Runtime>::get).first_block(era);
		self.run_to(first);
	}

	/// Builds blocks until the next one is in a phase of the running era.
	pub fn run_to_phase(&mut self, phase: Phase) {
		let clock = self.view(setup::Clock::<Runtime>::get);
		while clock.moment(self.number + 1).phase != phase {
			self.block();
		}
	}

	/// Builds a block with all of these; what finds no room is in the next one, as from a pool: the first block of a
	/// session has room for nothing. Says what became of each.
	pub fn apply(&mut self, txs: Vec<Tx>) -> Vec<Applied> {
		let mut results = vec![None; txs.len()];
		for _ in 0..10 {
			self.open();
			for (tx, result) in
				txs.iter().zip(results.iter_mut()).filter(|(_, done)| done.is_none())
			{
				let applied =
					self.ext.execute_with(|| Executive::apply_extrinsic(extrinsic(tx.clone())));
				if applied != Err(InvalidTransaction::ExhaustsResources.into()) {
					*result = Some(applied);
				}
			}
			self.close();
			if results.iter().all(Option::is_some) {
				break;
			}
		}
		results.into_iter().map(|result| result.expect("room within ten blocks")).collect()
	}

	/// Builds a block to which so many of a call are offered, and says how many it takes. For the others it has no room.
	pub fn fill(&mut self, who: Who, call: &RuntimeCall, count: u32) -> u64 {
		self.open();
		let mut taken = 0;
		for _ in 0..count {
			let tx = Tx::Signed(who, call.clone());
			match self.ext.execute_with(|| Executive::apply_extrinsic(extrinsic(tx))) {
				Ok(_) => taken += 1,
				Err(error) => assert_eq!(error, InvalidTransaction::ExhaustsResources.into()),
			}
		}
		self.close();
		taken
	}

	/// What becomes of one transaction.
	pub fn apply_one(&mut self, tx: Tx) -> Applied {
		self.apply(vec![tx]).pop().expect("one")
	}

	/// Includes all of these, which all succeed.
	#[track_caller]
	pub fn send_all(&mut self, calls: Vec<(Who, RuntimeCall)>) {
		let txs: Vec<_> = calls.into_iter().map(|(who, call)| Tx::Signed(who, call)).collect();
		for (tx, applied) in txs.clone().into_iter().zip(self.apply(txs)) {
			assert_eq!(applied, Ok(Ok(())), "{tx:?}");
		}
	}

	/// Includes a call, which succeeds.
	#[track_caller]
	pub fn send(&mut self, who: Who, call: impl Into<RuntimeCall>) {
		self.send_all(vec![(who, call.into())]);
	}

	/// Includes a call, and says what became of it.
	#[track_caller]
	pub fn try_send(
		&mut self,
		who: Who,
		call: impl Into<RuntimeCall>,
	) -> Result<(), DispatchError> {
		self.apply_one(Tx::Signed(who, call.into())).expect("included")
	}

	/// Runs every pallet's `try_state`.
	#[track_caller]
	pub fn check(&mut self) {
		let number = self.number;
		let checked = self.ext.execute_with(|| {
			<AllPalletsWithSystem as frame_support::traits::TryState<u32>>::try_state(
				number,
				frame_support::traits::TryStateSelect::All,
			)
		});
		assert_eq!(checked, Ok(()));
	}

	fn open(&mut self) {
		self.number += 1;
		let (number, parent) = (self.number, self.parent);
		self.ext.execute_with(|| {
			let slot_ms = setup::SlotMillis::<Runtime>::get();
			let slot = 1_000_000 + u64::from(number);
			let pre = sp_consensus_babe::digests::PreDigest::SecondaryPlain(
				sp_consensus_babe::digests::SecondaryPlainPreDigest {
					authority_index: 0,
					slot: slot.into(),
				},
			);
			let digest = Digest {
				logs: vec![DigestItem::PreRuntime(sp_consensus_babe::BABE_ENGINE_ID, pre.encode())],
			};
			let header =
				Header::new(number, Default::default(), Default::default(), parent, digest);
			Executive::initialize_block(&header);
			let inherent =
				UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set {
					now: slot * slot_ms,
				}));
			Executive::apply_extrinsic(inherent).expect("valid").expect("the timestamp is set");
		});
	}

	fn close(&mut self) {
		let (header, events) = self.ext.execute_with(|| {
			let header = Executive::finalize_block();
			let events =
				System::events().into_iter().map(|record| record.event).collect::<Vec<_>>();
			(header, events)
		});
		self.parent = header.hash();
		let number = self.number;
		self.events.extend(events.into_iter().map(|event| (number, event)));
	}
}

fn extrinsic(tx: Tx) -> UncheckedExtrinsic {
	match tx {
		Tx::Signed(who, call) => signed(who, call),
		Tx::Bare(call) => UncheckedExtrinsic::new_bare(call),
		Tx::Authorized(call) => {
			<Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(
				call,
			)
		}
	}
}

fn signed(who: Who, call: RuntimeCall) -> UncheckedExtrinsic {
	let nonce = System::account_nonce(account(who));
	let extension: TxExtension = (
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		dtel_runtime::room::KeepRoom,
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		pallet_transaction_payment::ChargeTransactionPayment::from(0),
		frame_system::WeightReclaim::new(),
	);
	let payload = SignedPayload::new(call, extension).expect("the extension is complete");
	let signature = payload.using_encoded(|bytes| pair(who).sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, account(who).into(), Signature::from(signature), extension)
}
