//! The two HTTP servers: a public one for clients, a private one on loopback for the operator and the chain node.

mod private;
mod public;
mod serve;

pub use private::{router as private_router, Private};
pub use public::{router as public_router, Public};
pub use serve::{serve, ConnectionLimits};
