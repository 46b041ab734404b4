//! One HTTP request to a checked address. Redirects are not followed, answers are not kept.

use super::{
	message::Signed,
	target::{Policy, ResolveError, Target},
};
use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{client::conn::http1, header, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use std::{net::SocketAddr, sync::Arc};
use tokio::{
	io::{AsyncRead, AsyncWrite},
	net::TcpStream,
};
use tokio_rustls::{rustls, TlsConnector};

/// What is read of an answer.
const MAX_ANSWER: usize = 16 * 1024;

/// What became of an attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
	/// The receiver took it.
	Accepted,
	/// It will not, or it must not be asked.
	Refused(String),
	/// It may take it later.
	TryAgain(String),
}

/// Sends requests.
pub struct Sender {
	policy: Policy,
	tls: TlsConnector,
}

impl Sender {
	/// One that trusts the certificate authorities that the machine trusts.
	pub fn new(policy: Policy) -> Result<Self> {
		let mut roots = rustls::RootCertStore::empty();
		// None at all is no mistake yet: there may be no https URL.
		roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
		Self::with_roots(policy, roots)
	}

	/// One that trusts these certificate authorities.
	pub fn with_roots(policy: Policy, roots: rustls::RootCertStore) -> Result<Self> {
		let config = rustls::ClientConfig::builder_with_provider(crate::http::tls_provider())
			.with_safe_default_protocol_versions()
			.context("TLS of webhooks")?
			.with_root_certificates(roots)
			.with_no_client_auth();
		Ok(Self { policy, tls: TlsConnector::from(Arc::new(config)) })
	}

	/// What is allowed.
	pub fn policy(&self) -> &Policy {
		&self.policy
	}

	/// One attempt.
	pub async fn post(&self, target: &Target, message: Signed) -> Outcome {
		match tokio::time::timeout(self.policy.timeout, self.attempt(target, message)).await {
			Ok(outcome) => outcome,
			Err(_) => Outcome::TryAgain("timed out".into()),
		}
	}

	async fn attempt(&self, target: &Target, message: Signed) -> Outcome {
		let addresses = match target.resolve(&self.policy).await {
			Ok(addresses) => addresses,
			Err(ResolveError::Refused(error)) => return Outcome::Refused(error.to_string()),
			Err(error) => return Outcome::TryAgain(error.to_string()),
		};
		match self.request(target, &addresses, message).await {
			Ok(status) => judge(status),
			Err(error) => Outcome::TryAgain(format!("{error:#}")),
		}
	}

	async fn request(
		&self,
		target: &Target,
		addresses: &[SocketAddr],
		message: Signed,
	) -> Result<StatusCode> {
		let stream = connect(addresses).await?;
		if !target.tls {
			return exchange(stream, target, message).await;
		}
		let name = target.host.to_string();
		let name = ServerName::try_from(name.trim_matches(['[', ']']).to_owned())?;
		let stream = self.tls.connect(name, stream).await.context("TLS")?;
		exchange(stream, target, message).await
	}
}

/// The first address that answers.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream> {
	let mut last = None;
	for address in addresses {
		match TcpStream::connect(address).await {
			Ok(stream) => return Ok(stream),
			Err(error) => last = Some(error),
		}
	}
	Err(last.map_or_else(|| anyhow::anyhow!("no address"), Into::into))
}

async fn exchange(
	stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
	target: &Target,
	message: Signed,
) -> Result<StatusCode> {
	let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
	let request = Request::post(&target.path)
		.header(header::HOST, target.authority())
		.header(header::USER_AGENT, concat!("dtel-worker/", env!("CARGO_PKG_VERSION")))
		.header(header::CONTENT_TYPE, "application/webhook+json")
		.header(header::AUTHORIZATION, message.authorization)
		.header(header::CONNECTION, "close")
		.body(Full::new(Bytes::from(message.body)))?;
	let answer = async {
		let response = sender.send_request(request).await?;
		let status = response.status();
		// Read so that the receiver is not cut off while it writes; what it says is of no interest.
		let _ = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
		anyhow::Ok(status)
	};
	// The connection must be driven for the answer to come; both end with this request.
	tokio::pin!(answer);
	tokio::select! {
		status = &mut answer => status,
		ended = connection => {
			ended?;
			answer.await
		}
	}
}

fn judge(status: StatusCode) -> Outcome {
	let why = format!("status {}", status.as_u16());
	if status.is_success() {
		Outcome::Accepted
	} else if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
		Outcome::TryAgain(why)
	} else {
		Outcome::Refused(why)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn only_what_may_pass_is_tried_again() {
		for (status, outcome) in [
			(200, Outcome::Accepted),
			(204, Outcome::Accepted),
			(301, Outcome::Refused("status 301".into())),
			(302, Outcome::Refused("status 302".into())),
			(401, Outcome::Refused("status 401".into())),
			(404, Outcome::Refused("status 404".into())),
			(408, Outcome::TryAgain("status 408".into())),
			(429, Outcome::TryAgain("status 429".into())),
			(500, Outcome::TryAgain("status 500".into())),
			(503, Outcome::TryAgain("status 503".into())),
		] {
			assert_eq!(judge(StatusCode::from_u16(status).expect("a status")), outcome);
		}
	}
}
