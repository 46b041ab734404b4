//! Attacks on governance, and proofs of what it cannot do, over the real runtime and its genesis.
//!
//! | file | what it shows |
//! |---|---|
//! | `walk` | no call, of any origin but Root, mints, takes what is others', changes the code or the committee |
//! | `tracks` | how tracks fit each other, and that `docs/tracks.svg` and `docs/tracks.md` show them as they are |
//! | `parameters` | every parameter keeps its bounds, has its administrator and is what the pallets use |
//! | `voting`, `flooding`, `tricks` | attacks, each with what it costs and what it comes to |
//! | `proxies` | what a proxy of each type reaches |

mod arguments;
mod flooding;
mod parameters;
mod plot;
mod proxies;
mod tracks;
mod tricks;
mod voting;
mod walk;
mod watch;
mod world;
