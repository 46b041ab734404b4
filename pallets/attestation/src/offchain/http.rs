//! Fetches a report from a daemon.

use super::{Trouble, FETCH_MS};
use alloc::{format, vec::Vec};
use core::{net::IpAddr, str::FromStr};
use dtel_primitives::{report::MAX_REPORT_BYTES, EraIndex};
use sp_core::offchain::{Duration, HttpError};
use sp_runtime::offchain::http::Request;

/// Whether `base` is `http://`, a loopback host and a port, and nothing else. Whoever wrote it has
/// checked; but what is asked for here leaves the node, so that it is checked where it is used.
pub(crate) fn is_loopback(base: &str) -> bool {
	let Some(authority) = base.strip_prefix("http://") else { return false };
	let Some((host, port)) = authority.rsplit_once(':') else { return false };
	let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
	let loopback = match bare {
		Some(v6) => IpAddr::from_str(v6).is_ok_and(|ip| ip.is_ipv6() && ip.is_loopback()),
		None => {
			host == "localhost"
				|| IpAddr::from_str(host).is_ok_and(|ip| ip.is_ipv4() && ip.is_loopback())
		}
	};
	let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
	loopback && digits && u16::from_str(port).is_ok_and(|port| port != 0)
}

/// The body of `GET {base}/v1/report/{era}`. Whatever the daemon does, this ends at the deadline and
/// reads no more than a report can have.
pub(super) fn fetch(base: &str, era: EraIndex) -> Result<Vec<u8>, Trouble> {
	if !is_loopback(base) {
		return Err(Trouble::Url);
	}
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
