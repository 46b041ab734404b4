//! The two HTTP servers: a public one for clients, a private one on loopback for the operator and the chain node.

mod assemble;
mod front;
mod places;
mod private;
mod public;
mod serve;
mod tls;

pub use assemble::{api_of, door, public_site};
pub use front::Front;
pub use places::ConnectionLimits;
pub use private::{router as private_router, Private};
pub use public::{router as public_router, Public};
pub use serve::{serve, Door};
pub use tls::{tls_provider, Tls};
