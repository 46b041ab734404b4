//! Fetches a report from a daemon.

use super::{Trouble, FETCH_MS};
use alloc::{format, vec::Vec};
use dtel_primitives::{report::MAX_REPORT_BYTES, worker_url, EraIndex};
use sp_core::offchain::{Duration, HttpError};
use sp_runtime::offchain::http::Request;

/// The body of `GET {base}/v1/report/{era}`. Whatever the daemon does, this ends at the deadline and
/// reads no more than a report can have.
pub(super) fn fetch(base: &str, era: EraIndex) -> Result<Vec<u8>, Trouble> {
	// Whoever wrote it has checked; but what is asked for here must not leave the machine.
	worker_url::check(base).map_err(|_| Trouble::Url)?;
	let url = format!("{base}/v1/report/{era}");
	let deadline = sp_io::offchain::timestamp().add(Duration::from_millis(FETCH_MS));
	let pending = Request::get(&url)
		.add_header("accept", "application/octet-stream")
		.deadline(deadline)
		.send()
		.map_err(unreachable)?;
	let response =
		pending.try_wait(deadline).map_err(|_| Trouble::Slow)?.map_err(|_| Trouble::Down)?;
	match response.code {
		200 => {}
		404 => return Err(Trouble::NoReport),
		code => return Err(Trouble::Status(code)),
	}

	let mut body = response.body();
	body.deadline(deadline);
	let mut bytes = Vec::new();
	for byte in body.by_ref() {
		if bytes.len() >= MAX_REPORT_BYTES as usize {
			return Err(Trouble::TooLong);
		}
		bytes.push(byte);
	}
	match body.error() {
		None => Ok(bytes),
		Some(error) => Err(unreachable(*error)),
	}
}

fn unreachable(error: HttpError) -> Trouble {
	match error {
		HttpError::DeadlineReached => Trouble::Slow,
		HttpError::IoError | HttpError::Invalid => Trouble::Down,
	}
}
