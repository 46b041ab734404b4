//! How each pallet is configured, a file for each concern.

pub mod accounts;
pub mod consensus;
pub mod emergency;
pub mod fees;
pub mod quality;
pub mod system;
pub mod tokens;
pub mod treasury;
