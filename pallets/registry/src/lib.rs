#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]
#![cfg_attr(
	not(test),
	deny(
		clippy::arithmetic_side_effects,
		clippy::expect_used,
		clippy::indexing_slicing,
		clippy::panic,
		clippy::unwrap_used
	)
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod clients;
mod declaration;
pub mod domain;
mod impls;
mod keys;
#[cfg(test)]
mod mock;
mod places;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use declaration::{Declaration, DidChange, NodeUpdate};
pub use pallet::*;
pub use places::{Nearest, MAX_LOOKED_AT};
pub use types::{Client, Domain, Node, NodeKey, Rotating};
pub use weights::WeightInfo;

// What FRAME's macros generate expects metadata to be there; nothing written below does.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use dtel_math::globe::Cell;
	use dtel_primitives::{
		clock::EraClock, node::NodeStatus, AttestorId, Balance, BlockNumber, EraIndex, MediaKey,
		NodeId,
	};
	use dtel_traits::{Eligibility, Jail, RetirementSink};
	use frame_support::{pallet_prelude::*, traits::fungible};
	use frame_system::pallet_prelude::*;

	/// The layout of this pallet's storage.
	pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime decides.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Where deposits are held.
		type Currency: fungible::MutateHold<
			Self::AccountId,
			Balance = Balance,
			Reason = Self::RuntimeHoldReason,
		>;

		/// Reasons for holds, this pallet's among them.
		type RuntimeHoldReason: From<HoldReason>;

		/// Blocks → eras.
		type Clock: Get<EraClock>;

		/// Who is jailed: a jailed node cannot be removed.
		type Jail: Jail<Self::AccountId>;

		/// Who may serve: nobody else is shown to those who look for a node.
		type Eligibility: Eligibility<Self::AccountId>;

		/// Who is told of nodes that retire.
		type Retirements: RetirementSink<Self::AccountId>;

		/// Deposit for a node, without its texts.
		#[pallet::constant]
		type NodeDeposit: Get<Balance>;

		/// Deposit for each byte of a node's domain, version and DID.
		#[pallet::constant]
		type ByteDeposit: Get<Balance>;

		/// Deposit for a client.
		#[pallet::constant]
		type ClientDeposit: Get<Balance>;

		/// The highest limit that a client may have.
		#[pallet::constant]
		type MaxClientLimit: Get<u32>;

		/// Most nodes that an account may own.
		#[pallet::constant]
		type MaxNodesPerOwner: Get<u32>;

		/// Whether `host:port`, IP addresses and single labels are accepted as domains. Only a
		/// development chain says yes.
		type DevDomains: Get<bool>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds funds.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Deposits for nodes.
		#[codec(index = 0)]
		Node,
		/// Deposits for clients.
		#[codec(index = 1)]
		Client,
	}

	/// The identifier that the next node gets. Absent: 0. Only grows, so that no identifier is used
	/// twice. Written by `register` (INV-1).
	#[pallet::storage]
	pub type NextNodeId<T: Config> = StorageValue<_, NodeId, ValueQuery>;

	/// Every node. Absent: never registered, or retired. Written by `impls`; its owner pays by a
	/// deposit (INV-6); as many as there are owners with deposits (INV-1, INV-7).
	#[pallet::storage]
	pub type Nodes<T: Config> = StorageMap<_, Identity, NodeKey, Node<T::AccountId>>;

	/// Which node has a domain. Absent: the domain is free. Written by `impls`, one for each node
	/// (INV-2).
	#[pallet::storage]
	pub type NodeOfDomain<T: Config> = StorageMap<_, Blake2_128Concat, Domain, NodeId>;

	/// Which node has an attestor key, as current one or as its successor. Absent: the key is free.
	/// Written by `keys`, at most two for each node (INV-3).
	#[pallet::storage]
	pub type NodeOfAttestor<T: Config> = StorageMap<_, Blake2_128Concat, AttestorId, NodeId>;

	/// Which node has a media key, as current one or as its successor. Absent: no node has it.
	/// Written by `keys`, at most two for each node (INV-4).
	#[pallet::storage]
	pub type NodeOfMedia<T: Config> = StorageMap<_, Blake2_128Concat, MediaKey, NodeId>;

	/// How many nodes an account owns. Absent: none. Written by `impls`, never raised above
	/// [`Config::MaxNodesPerOwner`] (INV-5).
	#[pallet::storage]
	pub type NodesOwned<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

	/// Which nodes are in a cell of the globe: where they are, and where they will be from the next era
	/// on. Absent: the node is elsewhere. Written by `places`, at most two cells for each node, whose
	/// owner pays for both (INV-9).
	#[pallet::storage]
	pub type NodesInCell<T: Config> = StorageDoubleMap<_, Identity, Cell, Identity, NodeKey, ()>;

	/// API keys of app developers. Absent: unknown, or revoked. Written by `clients`; its owner pays by
	/// a deposit (INV-6, INV-8).
	#[pallet::storage]
	pub type Clients<T: Config> = StorageMap<_, Blake2_128Concat, MediaKey, Client<T::AccountId>>;

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A node was registered.
		#[codec(index = 0)]
		NodeRegistered {
			/// The node.
			node: NodeId,
			/// Its operator.
			who: T::AccountId,
			/// What is held for it.
			deposit: Balance,
		},
		/// A node will sign with these keys.
		#[codec(index = 1)]
		KeysRotated {
			/// The node.
			node: NodeId,
			/// Key of its off-chain worker.
			attestor: AttestorId,
			/// Key of its media daemon.
			media: MediaKey,
			/// The first era in which they are valid.
			from: EraIndex,
		},
		/// A node begins to drain, or takes calls again.
		#[codec(index = 2)]
		StatusSet {
			/// The node.
			node: NodeId,
			/// Its status.
			status: NodeStatus,
			/// The era in which that was said.
			era: EraIndex,
		},
		/// A node was removed.
		#[codec(index = 3)]
		NodeRetired {
			/// The node.
			node: NodeId,
			/// Its operator.
			who: T::AccountId,
			/// What was released.
			deposit: Balance,
		},
		/// An API key was added.
		#[codec(index = 4)]
		ClientAdded {
			/// The key.
			key: MediaKey,
			/// Who pays for it.
			who: T::AccountId,
			/// The last block at which it is valid, or for ever.
			until: Option<BlockNumber>,
			/// How many participants may be connected at a node under it at a time.
			limit: u32,
			/// What is held for it.
			deposit: Balance,
		},
		/// An API key was revoked.
		#[codec(index = 5)]
		ClientRevoked {
			/// The key.
			key: MediaKey,
			/// Who paid for it.
			who: T::AccountId,
			/// What was released.
			deposit: Balance,
		},
		/// A node declares something else.
		#[codec(index = 6)]
		NodeUpdated {
			/// The node.
			node: NodeId,
			/// Its operator.
			who: T::AccountId,
			/// What is held for it now.
			deposit: Balance,
		},
		/// An API key has new terms.
		#[codec(index = 7)]
		ClientRenewed {
			/// The key.
			key: MediaKey,
			/// Who pays for it.
			who: T::AccountId,
			/// The last block at which it is valid, or for ever.
			until: Option<BlockNumber>,
			/// How many participants may be connected at a node under it at a time.
			limit: u32,
		},
	}

	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// There is no node of this identifier. Look it up by its domain or media key.
		UnknownNode,
		/// The node, or the client, belongs to somebody else. Sign as its owner.
		NotOwner,
		/// The domain is no lower-case public host name. Give one without port and final dot.
		InvalidDomain,
		/// Another node has this domain. Give one of your own.
		DomainTaken,
		/// The country's code is not assigned by ISO 3166-1, or the coordinates lie off the globe. Correct
		/// them; codes are two capital letters.
		InvalidRegion,
		/// An unknown capability is set, or that of an SFU is not. Set known ones, SFU among them.
		InvalidCapabilities,
		/// The declared bandwidth is zero or above 1 Tbit/s. Declare what the node has.
		InvalidBandwidth,
		/// Another node has this attestor key, now or from the next era on. Generate a new one.
		AttestorTaken,
		/// Another node or a client has this media key, now or from the next era on. Generate a new one.
		MediaTaken,
		/// The account owns as many nodes as it may. Retire one, or use another account.
		TooManyNodes,
		/// Every identifier was given out. A runtime upgrade has to widen them.
		NoIdLeft,
		/// These are the keys that the node will have anyway. Give at least one other key.
		KeysUnchanged,
		/// The node has this status already. Nothing is to be done.
		StatusUnchanged,
		/// The node may still be a member of the running era. Call again two eras after it began to
		/// drain.
		StillMember,
		/// The node is jailed. Serve the term, unjail it, then retire it.
		Jailed,
		/// There is no client under this key. Add it.
		UnknownClient,
		/// There is a client, or a node's daemon, under this key. Generate a new one.
		ClientKeyTaken,
		/// The client would already have expired. Give a block that is not in the past.
		AlreadyExpired,
		/// A client that may connect nobody is useless. Give a limit of at least one.
		ZeroLimit,
		/// The software version is empty or has a character that is not visible ASCII. Give one such as
		/// `dtel-worker/0.1.0`.
		InvalidVersion,
		/// The DID is not `did:peaq:` with a base58 identifier or an EVM address. Correct it, or give none.
		InvalidDid,
		/// This is what the node declares anyway. Give at least one other value.
		NodeUnchanged,
		/// These are the terms that the client has. Give another expiry or another limit.
		ClientUnchanged,
		/// The operator, or one of its nodes, is jailed. Serve the term and unjail, then register.
		OperatorJailed,
		/// The limit is above [`Config::MaxClientLimit`]. Give a lower one, or spread participants over several keys.
		LimitTooHigh,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::Clock::get().is_valid(), "every phase of an era has a block");
			assert!(T::MaxNodesPerOwner::get() > 0, "an operator may own a node");
			assert!(T::MaxClientLimit::get() > 0, "a client may connect somebody");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Registers a node of the caller.
		///
		/// # Origin
		/// Signed, by the operator.
		///
		/// # Details
		/// Holds [`Config::NodeDeposit`] and [`Config::ByteDeposit`] for each byte of domain, version and
		/// DID. The node may be frozen, from the next era on, into the snapshot of the era after.
		///
		/// # Errors
		/// [`Error::InvalidDomain`], [`Error::InvalidRegion`], [`Error::InvalidCapabilities`],
		/// [`Error::InvalidBandwidth`], [`Error::InvalidVersion`], [`Error::InvalidDid`],
		/// [`Error::OperatorJailed`], [`Error::TooManyNodes`], [`Error::NoIdLeft`],
		/// [`Error::DomainTaken`], [`Error::AttestorTaken`], [`Error::MediaTaken`], and the currency's when
		/// the deposit cannot be held.
		///
		/// # Events
		/// [`Event::NodeRegistered`].
		///
		/// # Complexity
		/// `O(1)`: domain, version and DID are bounded.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::register())]
		pub fn register(
			origin: OriginFor<T>,
			declaration: Declaration,
			attestor: AttestorId,
			media: MediaKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register(who, declaration, attestor, media)
		}

		/// Replaces the keys of a node from the next era on.
		///
		/// # Origin
		/// Signed, by the node's owner.
		///
		/// # Details
		/// The old keys stay valid in the running era, and stay taken until the next rotation. Rotating
		/// again in the same era replaces the keys that were to come. To keep a key, give it again.
		///
		/// # Errors
		/// [`Error::UnknownNode`], [`Error::NotOwner`], [`Error::KeysUnchanged`],
		/// [`Error::AttestorTaken`], [`Error::MediaTaken`].
		///
		/// # Events
		/// [`Event::KeysRotated`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::rotate_keys())]
		pub fn rotate_keys(
			origin: OriginFor<T>,
			node: NodeId,
			attestor: AttestorId,
			media: MediaKey,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_rotate_keys(&who, node, attestor, media)
		}

		/// Lets a node drain, or take calls again.
		///
		/// # Origin
		/// Signed, by the node's owner.
		///
		/// # Details
		/// A draining node is frozen into no further snapshot. It owes its duty in those that it is
		/// already in: of the running era and, if that is frozen, of the next.
		///
		/// # Errors
		/// [`Error::UnknownNode`], [`Error::NotOwner`], [`Error::StatusUnchanged`].
		///
		/// # Events
		/// [`Event::StatusSet`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::set_status())]
		pub fn set_status(
			origin: OriginFor<T>,
			node: NodeId,
			status: NodeStatus,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_status(&who, node, status)
		}

		/// Takes a node out of the network: the first call lets it drain, one two eras later removes it.
		///
		/// # Origin
		/// Signed, by the node's owner.
		///
		/// # Details
		/// An active node begins to drain, as by [`Pallet::set_status`]. One that drains for two eras
		/// is a member of nothing any more and is removed; its deposit is released exactly, its domain
		/// and keys are free, its identifier is never used again. [`Config::Retirements`] is told.
		///
		/// # Errors
		/// [`Error::UnknownNode`], [`Error::NotOwner`], [`Error::StillMember`], [`Error::Jailed`].
		///
		/// # Events
		/// [`Event::StatusSet`] or [`Event::NodeRetired`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::retire())]
		pub fn retire(origin: OriginFor<T>, node: NodeId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_retire(&who, node)
		}

		/// Adds an API key of the caller.
		///
		/// # Origin
		/// Signed, by the app developer.
		///
		/// # Details
		/// Holds [`Config::ClientDeposit`]. The key is valid up to and including block `until`; after
		/// that it stays, invalid, until it is revoked.
		///
		/// # Errors
		/// [`Error::ZeroLimit`], [`Error::LimitTooHigh`], [`Error::AlreadyExpired`], [`Error::ClientKeyTaken`], and the
		/// currency's when the deposit cannot be held.
		///
		/// # Events
		/// [`Event::ClientAdded`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::add_client())]
		pub fn add_client(
			origin: OriginFor<T>,
			key: MediaKey,
			until: Option<BlockNumber>,
			limit: u32,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_add_client(who, key, until, limit)
		}

		/// Revokes an API key.
		///
		/// # Origin
		/// Signed, by the key's owner.
		///
		/// # Details
		/// Its deposit is released exactly. Daemons stop to accept its tokens as soon as they see the
		/// block.
		///
		/// # Errors
		/// [`Error::UnknownClient`], [`Error::NotOwner`].
		///
		/// # Events
		/// [`Event::ClientRevoked`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::revoke_client())]
		pub fn revoke_client(origin: OriginFor<T>, key: MediaKey) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_revoke_client(&who, key)
		}

		/// Changes what a node declares: domain, place, capabilities, bandwidth, version, DID.
		///
		/// # Origin
		/// Signed, by the node's owner.
		///
		/// # Details
		/// What is absent stays. Another place counts from the next era on, everything else at once; the
		/// old domain is free at once. The deposit becomes what a registration of this node would hold
		/// now: the difference is held, or released exactly.
		///
		/// # Errors
		/// [`Error::UnknownNode`], [`Error::NotOwner`], [`Error::NodeUnchanged`],
		/// [`Error::InvalidDomain`], [`Error::InvalidRegion`], [`Error::InvalidCapabilities`],
		/// [`Error::InvalidBandwidth`], [`Error::InvalidVersion`], [`Error::InvalidDid`],
		/// [`Error::DomainTaken`], and the currency's when more cannot be held.
		///
		/// # Events
		/// [`Event::NodeUpdated`].
		///
		/// # Complexity
		/// `O(1)`: domain, version and DID are bounded.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::update())]
		pub fn update(origin: OriginFor<T>, node: NodeId, update: NodeUpdate) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_update(&who, node, update)
		}

		/// Gives an API key a new expiry and a new limit, also after it expired.
		///
		/// # Origin
		/// Signed, by the key's owner.
		///
		/// # Details
		/// Both terms are replaced, whether that gives more or less; to keep one, give it again. What is
		/// held stays as it is.
		///
		/// # Errors
		/// [`Error::UnknownClient`], [`Error::NotOwner`], [`Error::ZeroLimit`],
		/// [`Error::AlreadyExpired`], [`Error::ClientUnchanged`].
		///
		/// # Events
		/// [`Event::ClientRenewed`].
		///
		/// # Complexity
		/// `O(1)`.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::renew_client())]
		pub fn renew_client(
			origin: OriginFor<T>,
			key: MediaKey,
			until: Option<BlockNumber>,
			limit: u32,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_renew_client(who, key, until, limit)
		}
	}
}
