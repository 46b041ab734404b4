//! # dTelecom primitives
//!
//! The words that chain, off-chain worker, media daemon and clients share: identifiers, the era
//! clock, who measures whom, the measurement itself and what the runtime answers about all of it.
//!
//! This crate knows no pallet and holds no policy. Everything here is `no_std`, fixed-point and
//! bounded; whoever decodes one of these types has still to call its `validate`, because SCALE
//! checks only the shape.
//!
//! | module | what it owns |
//! |---|---|
//! | [`airdrop`] | Merkle trees of airdrops: leaves, roots, proofs |
//! | [`clock`] | blocks → era, phase |
//! | [`assignment`] | seed → ring → who measures whom |
//! | [`report`] | measurements, commitments, what is signed by which key |
//! | [`node`] | what an operator's node declares of itself |
//! | [`offence`] | offences, their evidence and the views of penalties |
//! | [`stake`] | pools and positions, as readers see them |
//! | [`validator`] | validators and who may become one, as readers see them |
//! | [`vesting`] | the terms under which granted tokens become free, and grants as readers see them |
//! | [`api`] | the runtime API and the views it returns |
//! | [`worker_url`] | where a node may look for its media daemons |

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]
#![cfg_attr(
	not(test),
	deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

extern crate alloc;

pub mod airdrop;
pub mod api;
pub mod assignment;
pub mod clock;
pub mod node;
pub mod offence;
pub mod report;
pub mod reward;
pub mod stake;
mod units;
pub mod validator;
pub mod vesting;
pub mod worker_url;

pub use units::{BasisPoints, OutOfRange};

use sp_runtime::{
	generic,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiSignature, OpaqueExtrinsic,
};

/// A balance in planck; 10^18 planck are one DTEL.
pub type Balance = u128;
/// One DTEL in planck.
pub const DTEL: Balance = 1_000_000_000_000_000_000;
/// Height of a block.
pub type BlockNumber = u32;
/// How often an account has signed.
pub type Nonce = u32;
/// The hash of a block or of an extrinsic.
pub type Hash = sp_core::H256;
/// A signature under an account's key.
pub type Signature = MultiSignature;
/// An account: 32 bytes, as on peaq.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// A header of this chain.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block whose extrinsics are not decoded: what the client handles.
pub type OpaqueBlock = generic::Block<Header, OpaqueExtrinsic>;

/// Number of an era; era 0 begins with the genesis block.
pub type EraIndex = u32;
/// Identifier that the registry gives to a node, once and never again.
pub type NodeId = u32;
/// Dense index `0..N` of a node in the snapshot of one era.
pub type NodeIndex = u32;

/// Where a node keeps the addresses of its media daemons: key in the persistent off-chain
/// storage of the chain client, value a SCALE `Vec<Vec<u8>>` of base URLs.
pub const WORKER_URLS_KEY: &[u8] = b"dtel::worker-urls";

/// Key type of the `attestor` keys in the keystore of the chain client.
pub const ATTESTOR_KEY_TYPE: sp_core::crypto::KeyTypeId = sp_core::crypto::KeyTypeId(*b"dtlq");

/// The `attestor` key: signs commitments and reveals. sr25519, in the keystore of the chain client.
pub mod attestor {
	mod app {
		use sp_application_crypto::{app_crypto, sr25519};
		app_crypto!(sr25519, crate::ATTESTOR_KEY_TYPE);
	}
	/// Public half of an attestor key.
	pub type AttestorId = app::Public;
	/// A signature under an attestor key.
	pub type AttestorSignature = app::Signature;
	sp_application_crypto::with_pair! {
		/// An attestor key pair.
		pub type AttestorPair = app::Pair;
	}
}
pub use attestor::{AttestorId, AttestorSignature};

/// The `media` key: Ed25519, in the media daemon; signs its reports and probe tokens.
pub type MediaKey = sp_core::ed25519::Public;
/// A signature under a media key.
pub type MediaSignature = sp_core::ed25519::Signature;
