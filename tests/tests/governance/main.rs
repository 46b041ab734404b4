//! Governance over the real runtime, in externalities: from a preimage to what it changed. Blocks are built by the runtime's
//! own executive; whatever a person does is a signed transaction, so that filters, fees and weights apply; whatever was
//! decided is enacted by the scheduler. An hour of governance is a block here, as in the development preset.
//!
//! | module | what happens in it |
//! |---|---|
//! | [`chain`], [`world`], [`operators`] | blocks; proposals and votes; nodes that measure each other |
//! | [`parameters`] | a parameter is set; what cannot set it; deposits |
//! | [`treasury`] | spends by tier, bounties |
//! | [`appeals`] | appeals upheld and cancelled |
//! | [`upgrade`] | new code, authorised and applied |
//! | [`cancel`] | a malicious proposal, stopped |
//! | [`delegation`] | delegated and split votes |
//! | [`stake`] | tokens that vote although they cannot move |
//! | [`committee`] | what the technical committee can do, and how it ends |
//! | [`emergency`] | safe mode, entered and left |
//! | [`pauses`] | single calls |

mod appeals;
mod cancel;
mod chain;
mod committee;
mod delegation;
mod emergency;
mod operators;
mod parameters;
mod pauses;
mod stake;
mod treasury;
mod upgrade;
mod world;
