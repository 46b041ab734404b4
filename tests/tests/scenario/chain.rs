//! A chain without a client: genesis from the development preset, blocks by the runtime's executive.

use codec::Encode;
use dtel_primitives::{
	attestor::AttestorPair,
	clock::{EraClock, Phase},
	node::{Capabilities, Region, SoftwareVersion},
	report::{commit_payload, EraReport, Measurement},
	AccountId, AttestorId, Balance, Hash, MediaKey, NodeId, Signature,
};
use dtel_runtime::{
	setup, AllPalletsWithSystem, Attestation, Executive, Header, Runtime, RuntimeCall,
	RuntimeEvent, RuntimeGenesisConfig, SignedPayload, System, TxExtension, UncheckedExtrinsic,
};
use frame_support::{
	storage::{with_transaction, TransactionOutcome},
	traits::Get,
};
use frame_system::offchain::CreateAuthorizedTransaction;
use sp_core::{ed25519, sr25519, Pair};
use sp_io::TestExternalities;
use sp_runtime::{
	generic::{Digest, DigestItem, Era},
	traits::{Header as _, IdentifyAccount},
	transaction_validity::{
		InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError,
	},
	BuildStorage, DispatchError, MultiSigner,
};

/// An operator of one node.
#[derive(Clone, Copy, Debug)]
pub struct Op {
	index: u32,
}

/// Five of them; their nodes are registered in this order.
pub const OPERATORS: [Op; 5] =
	[Op { index: 0 }, Op { index: 1 }, Op { index: 2 }, Op { index: 3 }, Op { index: 4 }];

impl Op {
	fn pair(&self) -> sr25519::Pair {
		sr25519::Pair::from_string(&format!("//Op{}", self.index + 1), None).expect("a valid seed")
	}

	fn attestor(&self) -> AttestorPair {
		AttestorPair::from_string(&format!("//Op{}//attestor", self.index + 1), None)
			.expect("a valid seed")
	}

	fn media(&self) -> MediaKey {
		ed25519::Pair::from_string(&format!("//Op{}//media", self.index + 1), None)
			.expect("a valid seed")
			.public()
	}

	/// The identifier that its node gets.
	pub fn node(&self) -> NodeId {
		self.index
	}

	/// Its account.
	pub fn account(&self) -> AccountId {
		MultiSigner::from(self.pair().public()).into_account()
	}

	/// The call that registers its node.
	pub fn register(&self) -> RuntimeCall {
		self.register_with(7_880 + self.index, self.attestor().public(), self.media())
	}

	/// The call that registers another node.
	pub fn register_another(&self) -> RuntimeCall {
		let attestor = AttestorPair::from_string("//another//attestor", None).expect("a seed");
		let media = ed25519::Pair::from_string("//another//media", None).expect("a seed");
		self.register_with(9_999, attestor.public(), media.public())
	}

	fn register_with(&self, port: u32, attestor: AttestorId, media: MediaKey) -> RuntimeCall {
		RuntimeCall::Registry(pallet_dtel_registry::Call::register {
			declaration: pallet_dtel_registry::Declaration {
				domain: format!("127.0.0.1:{port}").into_bytes().try_into().expect("short"),
				region: Region { country: *b"DE", lat: 525, lon: 134 },
				capabilities: Capabilities::SFU,
				declared_kbps: 100_000,
				version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("a version"),
				did: None,
			},
			attestor,
			media,
		})
	}

	/// A request to sign a call; the nonce is known when it is submitted.
	pub fn sign(&self, call: RuntimeCall) -> Tx {
		self.sign_with_tip(call, 0)
	}

	/// The same with a tip.
	pub fn sign_with_tip(&self, call: RuntimeCall, tip: Balance) -> Tx {
		Tx::Signed(*self, call, tip)
	}
}

/// A transaction to be.
#[derive(Clone, Debug)]
pub enum Tx {
	/// To be signed with the account's next nonce, and a tip.
	Signed(Op, RuntimeCall, Balance),
	/// Authorised by what it holds.
	Authorized(RuntimeCall),
}

/// The chain.
pub struct Chain {
	ext: TestExternalities,
	parent: Hash,
	number: u32,
	pending: Vec<Tx>,
	events: Vec<RuntimeEvent>,
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
	/// A chain at genesis.
	pub fn new() -> Self {
		let preset = dtel_runtime::genesis_presets::get_preset(&"development".into())
			.expect("the preset exists");
		let mut genesis =
			serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
		merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
		let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
		let mut ext = TestExternalities::new(genesis.build_storage().expect("builds"));
		// The client stores the genesis hash; without one, any fixed value does.
		let parent = Hash::repeat_byte(0x42);
		ext.execute_with(|| frame_system::BlockHash::<Runtime>::insert(0, parent));
		Self { ext, parent, number: 0, pending: Vec::new(), events: Vec::new() }
	}

	/// Reads the state after the last block.
	pub fn view<R>(&mut self, read: impl FnOnce() -> R) -> R {
		self.ext.execute_with(read)
	}

	fn clock(&mut self) -> EraClock {
		self.view(setup::Clock::<Runtime>::get)
	}

	/// The era of the last block.
	pub fn era(&mut self) -> u32 {
		let number = self.number;
		self.clock().era_of(number)
	}

	/// Everything that happened since genesis.
	pub fn events(&self) -> &[RuntimeEvent] {
		&self.events
	}

	/// Queues a transaction for the next block, in which it has to be valid.
	pub fn submit(&mut self, tx: Tx) {
		self.pending.push(tx);
	}

	/// Builds a block with everything that was submitted. What finds no room waits for the next one, as in a
	/// pool: the first block of a session has room for nothing.
	pub fn block(&mut self) {
		let txs = core::mem::take(&mut self.pending);
		self.open();
		for tx in txs {
			match self.apply(tx.clone()) {
				Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources)) => {
					self.pending.push(tx)
				}
				applied => assert!(applied.is_ok(), "not included: {applied:?} of {tx:?}"),
			}
		}
		self.close();
	}

	/// Builds blocks until everything that was submitted is in one.
	pub fn settle_pending(&mut self) {
		while !self.pending.is_empty() {
			self.block();
		}
	}

	/// Builds a block with one transaction, or the next that has room, and says what became of it.
	pub fn try_apply(
		&mut self,
		tx: Tx,
	) -> Result<Result<(), DispatchError>, TransactionValidityError> {
		loop {
			self.open();
			let applied = self.apply(tx.clone());
			self.close();
			match applied {
				Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources)) => {}
				applied => return applied,
			}
		}
	}

	/// Builds a block that is filled with as many of `filler` as find room, and then takes one more transaction.
	pub fn try_apply_to_full(
		&mut self,
		filler: &Tx,
		tx: Tx,
	) -> Result<Result<(), DispatchError>, TransactionValidityError> {
		loop {
			self.open();
			let mut fillers = 0;
			let full = loop {
				match self.apply(filler.clone()) {
					Ok(included) => assert_eq!(included, Ok(())),
					Err(error) => break error,
				}
				fillers += 1;
			};
			assert_eq!(full, InvalidTransaction::ExhaustsResources.into());
			// The first block of a session has room for nothing.
			let applied = (fillers > 0).then(|| self.apply(tx.clone()));
			self.close();
			if let Some(applied) = applied {
				return applied;
			}
		}
	}

	/// Builds a block with as many of `filler` as are taken, whatever becomes of them, and then takes one more
	/// transaction.
	pub fn try_apply_after(
		&mut self,
		filler: &Tx,
		tx: Tx,
	) -> (u32, Result<Result<(), DispatchError>, TransactionValidityError>) {
		loop {
			self.open();
			let mut fillers = 0;
			while self.apply(filler.clone()).is_ok() {
				fillers += 1;
			}
			let applied = self.apply(tx.clone());
			self.close();
			// The first block of a session has room for nothing.
			if fillers > 0 || applied != Err(InvalidTransaction::ExhaustsResources.into()) {
				return (fillers, applied);
			}
		}
	}

	/// Builds a block to which all of these are offered, and which takes none of them. Says why not, each time.
	pub fn refuse(&mut self, junk: Vec<Tx>) -> Vec<TransactionValidityError> {
		self.open();
		let refused = self.ext.execute_with(|| {
			let before = (System::block_weight(), System::block_size(), System::extrinsic_count());
			let refused = junk
				.into_iter()
				.map(|tx| {
					// A block's author drops what a refused transaction has written.
					with_transaction(|| {
						let applied = Executive::apply_extrinsic(extrinsic(tx));
						TransactionOutcome::Rollback(Ok::<_, DispatchError>(applied))
					})
					.expect("nothing else fails")
					.expect_err("refused")
				})
				.collect();
			let after = (System::block_weight(), System::block_size(), System::extrinsic_count());
			assert_eq!(before, after, "it takes no room");
			refused
		});
		self.close();
		refused
	}

	/// What the transaction pool thinks of a transaction.
	pub fn validate(&mut self, tx: Tx) -> TransactionValidity {
		let parent = self.parent;
		self.ext.execute_with(|| {
			// The pool asks on a copy of the state.
			with_transaction(|| {
				let valid = Executive::validate_transaction(
					TransactionSource::Local,
					extrinsic(tx),
					parent,
				);
				TransactionOutcome::Rollback(Ok::<_, DispatchError>(valid))
			})
			.expect("nothing else fails")
		})
	}

	/// Builds blocks up to the first of an era.
	pub fn run_to_era(&mut self, era: u32) {
		let target = self.clock().first_block(era);
		while self.number < target {
			self.block();
		}
	}

	/// Builds blocks until the next one is in a phase of the running era.
	pub fn run_to_phase(&mut self, phase: Phase) {
		let clock = self.clock();
		while clock.moment(self.number + 1).phase != phase {
			self.block();
		}
	}

	/// Runs every pallet's `try_state`.
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
		self.events.extend(events);
	}

	fn apply(&mut self, tx: Tx) -> Result<Result<(), DispatchError>, TransactionValidityError> {
		self.ext.execute_with(|| Executive::apply_extrinsic(extrinsic(tx)))
	}

	fn report(
		&mut self,
		op: &Op,
		see: impl Fn(NodeId) -> Measurement,
	) -> Option<(EraReport, Hash)> {
		let node = op.node();
		let era = self.era();
		self.view(|| {
			let (_, mut targets, ..) = Attestation::duty(node)?;
			targets.sort_unstable();
			let measurements = targets.into_iter().map(see).collect::<Vec<_>>();
			let report = EraReport {
				era,
				verifier: node,
				measurements: measurements.try_into().expect("few targets"),
				own: None,
			};
			Some((report, System::block_hash(0)))
		})
	}

	/// The commitment of an operator to what it `see`s; nothing when it is no member.
	pub fn commit(&mut self, op: &Op, see: impl Fn(NodeId) -> Measurement) -> Option<Tx> {
		let (report, genesis) = self.report(op, see)?;
		let commitment = report.commitment(&genesis, &salt(op));
		let payload = commit_payload(&genesis, report.era, report.verifier, &commitment);
		Some(Tx::Authorized(RuntimeCall::Attestation(pallet_dtel_attestation::Call::commit {
			era: report.era,
			verifier: report.verifier,
			commitment,
			signature: op.attestor().sign(&payload),
		})))
	}

	/// The reveal of the same.
	pub fn reveal(&mut self, op: &Op, see: impl Fn(NodeId) -> Measurement) -> Option<Tx> {
		let (report, genesis) = self.report(op, see)?;
		let payload = report.reveal_payload(&genesis, &salt(op));
		Some(Tx::Authorized(RuntimeCall::Attestation(pallet_dtel_attestation::Call::reveal {
			report,
			salt: salt(op),
			signature: op.attestor().sign(&payload),
		})))
	}
}

fn salt(op: &Op) -> [u8; 32] {
	[op.node() as u8 + 1; 32]
}

fn extrinsic(tx: Tx) -> UncheckedExtrinsic {
	match tx {
		Tx::Signed(op, call, tip) => signed(op, call, tip),
		Tx::Authorized(call) => {
			<Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(
				call,
			)
		}
	}
}

fn signed(op: Op, call: RuntimeCall, tip: Balance) -> UncheckedExtrinsic {
	let who = op.account();
	let nonce = System::account_nonce(&who);
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
		pallet_transaction_payment::ChargeTransactionPayment::from(tip),
		frame_system::WeightReclaim::new(),
	);
	let payload = SignedPayload::new(call, extension).expect("the extension is complete");
	let signature = payload.using_encoded(|bytes| op.pair().sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, who.into(), Signature::from(signature), extension)
}
