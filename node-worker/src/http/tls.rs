//! TLS from certificate files, which are read again when they change.

use anyhow::{Context, Result};
use rustls_pki_types::{pem::PemObject, CertificateDer, PrivateKeyDer};
use std::{
	path::{Path, PathBuf},
	sync::{Arc, PoisonError, RwLock},
	time::{Duration, SystemTime},
};
use tokio::{
	signal::unix::{signal, SignalKind},
	sync::watch,
};
use tokio_rustls::{
	rustls::{crypto, ServerConfig},
	TlsAcceptor,
};
use tracing::{info, warn};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// The cryptography of all TLS connections.
pub fn tls_provider() -> Arc<crypto::CryptoProvider> {
	Arc::new(crypto::ring::default_provider())
}

/// A certificate chain and its key, in PEM files.
pub struct Tls {
	certificate: PathBuf,
	key: PathBuf,
	current: RwLock<Arc<ServerConfig>>,
}

/// What says that a file is another one: when it was written, and its length.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl Tls {
	/// Reads the files.
	pub fn load(certificate: PathBuf, key: PathBuf) -> Result<Self> {
		let current = RwLock::new(read(&certificate, &key)?);
		Ok(Self { certificate, key, current })
	}

	/// What accepts connections with the newest certificate.
	pub fn acceptor(&self) -> TlsAcceptor {
		let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
		TlsAcceptor::from(Arc::clone(&current))
	}

	/// Reads the files again. If they cannot be used, what was there stays.
	pub fn reload(&self) -> Result<()> {
		let fresh = read(&self.certificate, &self.key)?;
		*self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
		Ok(())
	}

	/// Reloads when the files change, and on `SIGHUP`, until `stop` becomes true.
	pub async fn watch(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
		let mut hangup = match signal(SignalKind::hangup()) {
			Ok(hangup) => Some(hangup),
			Err(error) => {
				warn!(%error, "no SIGHUP");
				None
			}
		};
		let mut known = self.stamp();
		loop {
			let asked = async {
				match &mut hangup {
					Some(hangup) => hangup.recv().await,
					None => std::future::pending().await,
				}
			};
			let asked = tokio::select! {
				_ = asked => true,
				() = tokio::time::sleep(LOOK) => false,
				_ = stop.wait_for(|stop| *stop) => return,
			};
			let now = self.stamp();
			if asked || now != known {
				known = now;
				match self.reload() {
					Ok(()) => info!(file = %self.certificate.display(), "certificate loaded"),
					Err(error) => warn!(error = %format!("{error:#}"), "certificate not loaded"),
				}
			}
		}
	}

	fn stamp(&self) -> Stamp {
		let stamp = |path: &Path| {
			let file = std::fs::metadata(path).ok()?;
			Some((file.modified().ok()?, file.len()))
		};
		[stamp(&self.certificate), stamp(&self.key)]
	}
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>> {
	let context = || format!("certificate {}", certificate.display());
	let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
		.with_context(context)?
		.collect::<Result<_, _>>()
		.with_context(context)?;
	let secret = PrivateKeyDer::from_pem_file(key)
		.with_context(|| format!("key of the certificate {}", key.display()))?;
	let mut config = ServerConfig::builder_with_provider(tls_provider())
		.with_safe_default_protocol_versions()
		.context("TLS")?
		.with_no_client_auth()
		// It refuses a key that is not the certificate's.
		.with_single_cert(chain, secret)
		.with_context(context)?;
	config.alpn_protocols = vec![b"http/1.1".to_vec()];
	Ok(Arc::new(config))
}
