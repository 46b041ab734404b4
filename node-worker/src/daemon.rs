//! The daemon put together: engine, two HTTP servers, prober; started and stopped as one.

use crate::{
	api::Relevants,
	chain::ChainView,
	config::Config,
	engine::{Engine, EngineConfig, EngineHandle, HookQueue, RoomDefaults},
	http::{self, ConnectionLimits, Door},
	metrics::Metrics,
	own::{EraBase, Own},
	prober::{Prober, Progress},
	report::ReportStore,
	signal, token,
	webhooks::{Bounds, Policy, Sender, Spool, Webhooks},
};
use anyhow::{Context, Result};
use ed25519_dalek::SigningKey;
use std::{
	net::SocketAddr,
	sync::{Arc, Mutex},
	time::{Duration, Instant},
};
use tokio::{
	net::TcpListener,
	sync::watch,
	task::{JoinHandle, JoinSet},
};
use tracing::{info, warn};

/// Events for apps that may wait for their delivery to begin.
const HOOKS: usize = 4_096;
/// Between two looks at which other nodes there are.
const ELSEWHERE: Duration = Duration::from_secs(60);
/// Connections that the private server holds.
const PRIVATE_CONNECTIONS: usize = 64;

/// A running daemon.
pub struct Daemon {
	/// Address of the public server.
	pub public: SocketAddr,
	/// Address of the public server with TLS, if there is one.
	pub tls: Option<SocketAddr>,
	/// Address of the private server.
	pub private: SocketAddr,
	/// Address of the UDP socket for media.
	pub media: SocketAddr,
	/// Addresses of all UDP sockets for media, that one first.
	pub media_udp: Vec<SocketAddr>,
	/// Addresses of the TCP sockets for media.
	pub media_tcp: Vec<SocketAddr>,
	/// The engine.
	pub engine: EngineHandle,
	/// The reports.
	pub reports: Arc<ReportStore>,
	/// How the prober is getting on.
	pub progress: watch::Receiver<Progress>,
	engine_task: JoinHandle<()>,
	tasks: JoinSet<()>,
	stop: watch::Sender<bool>,
	drain: watch::Sender<bool>,
	patience: Duration,
	drain_patience: Duration,
}

/// A part without which the daemon is none has ended by itself: a bug, and reported as one.
#[derive(Debug, thiserror::Error)]
#[error("a part of the daemon ended unexpectedly")]
pub struct Broken;

impl Daemon {
	/// Waits, for ever if all goes well, for a part of the daemon to end by itself. May be cancelled.
	pub async fn broken(&mut self) -> Broken {
		tokio::select! {
			_ = &mut self.engine_task => {},
			// A task that panicked, or one that should not have ended.
			_ = self.tasks.join_next() => {},
		}
		Broken
	}

	/// Makes it retire when it becomes true: it takes no new rooms.
	pub fn drain_switch(&self) -> watch::Sender<bool> {
		self.drain.clone()
	}

	/// Waits until the daemon has been told to retire and nobody is left, or the time for it is over. Then it can be stopped.
	pub fn drained(&self) -> impl std::future::Future<Output = ()> + use<> {
		let (mut asked, engine) = (self.drain.subscribe(), self.engine.clone());
		let patience = self.drain_patience;
		async move {
			if asked.wait_for(|asked| *asked).await.is_err() {
				return;
			}
			match tokio::time::timeout(patience, engine.retire()).await {
				Ok(_) => info!("nobody is left"),
				Err(_) => warn!("those who are left are told to leave"),
			}
		}
	}

	/// Binds everything and starts.
	pub async fn start(config: Config, key: SigningKey, chain: Arc<dyn ChainView>) -> Result<Self> {
		config.validate()?;
		let reports = Arc::new(ReportStore::open(&config.data_dir)?);
		let metrics = Arc::new(Metrics::default());
		let refresher = token::Refresher::new(key.clone());
		let (mut engine, handle) = Engine::bind(engine_config(&config, refresher)).await?;
		let (media_udp, media_tcp) = (engine.udp_addrs(), engine.tcp_addrs());
		let media = media_udp.first().copied().context("no UDP socket")?;
		let public_listener = listen(config.public_listen, "public").await?;
		let private_listener = listen(config.private_listen, "private").await?;
		let (public, private) = (public_listener.local_addr()?, private_listener.local_addr()?);
		let tls_listener = match config.tls.listen {
			Some(address) => Some(listen(address, "TLS").await?),
			None => None,
		};
		let tls_address = tls_listener.as_ref().map(TcpListener::local_addr).transpose()?;
		let (stop, stopped) = watch::channel(false);
		let drain = watch::Sender::new(false);
		let (progress_tx, progress) = watch::channel(Progress::default());
		let era_base = Arc::<EraBase>::default();

		let mut tasks = JoinSet::new();
		engine.set_room_defaults(room_defaults(&config));
		if config.webhooks.enabled {
			let (hooks, events) = HookQueue::new(HOOKS, Arc::clone(&metrics));
			engine.set_hooks(hooks);
			let webhooks = webhooks(&config, key.clone(), Arc::clone(&metrics))?;
			tasks.spawn(webhooks.run(events, stopped.clone()));
		}
		let engine_task = tokio::spawn(engine.run());
		let limits = &config.limits;
		let revoked = Arc::new(token::Revoked::new(config.rooms.revocations));
		let public_state = http::Public {
			engine: handle.clone(),
			chain: Arc::clone(&chain),
			metrics: Arc::clone(&metrics),
			limits: signal::Limits {
				message_bytes: limits.message_bytes,
				messages_per_second: limits.messages_per_second,
				idle: Duration::from_secs(limits.idle_seconds),
				lifetime: None,
			},
			probe_lifetime: Duration::from_secs(limits.probe_seconds),
			media: own_keys(&key, &config)?,
			revoked: Arc::clone(&revoked),
			dev: config.dev.keys()?,
			dev_limit: config.dev.limit,
		};
		let (media_keys, counters) = (own_keys(&key, &config)?, Arc::clone(&metrics));
		let api = http::api_of(
			&config,
			handle.clone(),
			Arc::clone(&chain),
			counters,
			media_keys,
			revoked,
		)?;
		let relevants = Arc::clone(&api.relevants);
		tasks.spawn(until(stopped.clone(), follow_elsewhere(relevants, handle.clone())));
		let router = http::public_site(&config, public_state, api, Arc::clone(&metrics));
		if let Some(listener) = tls_listener {
			let files = (config.tls.certificate.clone(), config.tls.key.clone());
			let tls = Arc::new(http::Tls::load(files.0, files.1)?);
			tasks.spawn(Arc::clone(&tls).watch(stopped.clone()));
			let door = http::door(&config, Some(tls));
			tasks.spawn(http::serve(listener, router.clone(), door, stopped.clone()));
		}
		let door = http::door(&config, None);
		tasks.spawn(http::serve(public_listener, router, door, stopped.clone()));
		let private_state = http::Private {
			engine: handle.clone(),
			heads: chain.heads(),
			reports: Arc::clone(&reports),
			progress: progress.clone(),
			metrics: Arc::clone(&metrics),
			era_base: Arc::clone(&era_base),
			drain: drain.clone(),
		};
		let bounds =
			ConnectionLimits { total: PRIVATE_CONNECTIONS, per_address: PRIVATE_CONNECTIONS };
		let router = http::private_router(Arc::new(private_state));
		tasks.spawn(http::serve(private_listener, router, Door::plain(bounds), stopped.clone()));
		let own = Own { engine: handle.clone(), base: Arc::clone(&era_base) };
		tasks.spawn(until(stopped.clone(), follow_eras(chain.heads(), handle.clone(), era_base)));
		let prober = Prober {
			config: config.probe.clone(),
			key,
			heads: chain.heads(),
			chain,
			reports: Arc::clone(&reports),
			metrics,
			own,
			progress: progress_tx,
		};
		tasks.spawn(until(stopped, prober.run()));
		info!(%public, %private, %media, "dtel-worker is up");
		let patience = config.shutdown();
		Ok(Self {
			public,
			tls: tls_address,
			private,
			media,
			media_udp,
			media_tcp,
			engine: handle,
			reports,
			progress,
			engine_task,
			tasks,
			stop,
			drain,
			patience,
			drain_patience: Duration::from_secs(config.drain_seconds),
		})
	}

	/// Tells everybody to leave, flushes, and ends, at the latest after the configured time.
	pub async fn stop(self) {
		let Self { engine, engine_task, mut tasks, stop, patience, .. } = self;
		let orderly = async {
			if engine.drain().await.is_err() {
				warn!("the media engine had stopped before");
			}
			stop.send_replace(true);
			while tasks.join_next().await.is_some() {}
			// The engine ends when the last signalling connection has let go of it.
			drop(engine);
			if !engine_task.is_finished() {
				let _ = engine_task.await;
			}
		};
		if tokio::time::timeout(patience, orderly).await.is_err() {
			warn!("shutdown took too long");
		}
		info!("dtel-worker stopped");
	}
}

/// The keys under which verifiers may know this daemon.
fn own_keys(key: &SigningKey, config: &Config) -> Result<Vec<[u8; 32]>> {
	let mut keys = vec![key.verifying_key().to_bytes()];
	for text in &config.also_media {
		keys.push(token::decode_key(text).with_context(|| format!("also-media: {text:?}"))?);
	}
	Ok(keys)
}

fn engine_config(config: &Config, refresher: token::Refresher) -> EngineConfig {
	EngineConfig {
		media: config.media.clone(),
		rooms: config.limits.rooms,
		participants: config.limits.participants,
		tracks: config.limits.tracks,
		forwarding: config.forwarding.clone(),
		speakers: config.speakers.clone(),
		turn: config.turn.clone(),
		region: config.signal.region.clone(),
		resume: Duration::from_secs(config.signal.resume_seconds),
		token_seconds: config.signal.token_seconds,
		refresher,
	}
}

fn room_defaults(config: &Config) -> RoomDefaults {
	RoomDefaults {
		empty_timeout: config.rooms.empty_seconds,
		departure_timeout: config.rooms.departure_seconds,
		remote_unmute: config.rooms.remote_unmute,
	}
}

fn webhooks(config: &Config, key: SigningKey, metrics: Arc<Metrics>) -> Result<Webhooks> {
	let settings = &config.webhooks;
	let policy = Policy {
		allow_private: settings.allow_private,
		timeout: Duration::from_secs(settings.timeout_seconds),
	};
	let bounds = Bounds {
		urls: settings.urls,
		queue: settings.queue,
		attempts: settings.attempts,
		pause: Duration::from_millis(500),
		longest_pause: Duration::from_secs(60),
		// The engine has to end in the same time.
		linger: config.shutdown() / 2,
	};
	let dir = config.data_dir.join("webhooks");
	let (spool, kept) = Spool::open(&dir, settings.spool_bytes)
		.with_context(|| format!("cannot keep webhooks in {}", dir.display()))?;
	if !kept.is_empty() {
		info!(events = kept.len(), "webhooks that waited are sent");
	}
	let (sender, spool) = (Arc::new(Sender::new(policy)?), Arc::new(Mutex::new(spool)));
	Ok(Webhooks { key, sender, bounds, metrics, spool, kept })
}

async fn listen(address: SocketAddr, what: &str) -> Result<TcpListener> {
	TcpListener::bind(address)
		.await
		.with_context(|| format!("cannot bind the {what} address {address}"))
}

/// Runs a task until it ends or the daemon stops.
async fn until(mut stopped: watch::Receiver<bool>, task: impl std::future::Future<Output = ()>) {
	tokio::select! {
		() = task => {},
		_ = stopped.wait_for(|stop| *stop) => {},
	}
}

/// Keeps the engine told of the nodes to which it may send participants.
async fn follow_elsewhere(relevants: Arc<Relevants>, engine: EngineHandle) {
	loop {
		let nodes = relevants.elsewhere().await;
		let wait = if nodes.regions.is_empty() { ELSEWHERE / 10 } else { ELSEWHERE };
		if engine.elsewhere(nodes).await.is_err() {
			return;
		}
		tokio::time::sleep(wait).await;
	}
}

/// Notes what there is at the beginning of each era.
async fn follow_eras(mut heads: crate::chain::Heads, engine: EngineHandle, base: Arc<EraBase>) {
	let mut known = None;
	heads.mark_changed();
	while heads.changed().await.is_ok() {
		let now = heads.borrow_and_update().as_ref().map(|h| (h.genesis, h.era.moment.era));
		let Some((genesis, era)) = now.filter(|now| known != Some(*now)) else { continue };
		let Ok(view) = engine.view().await else { return };
		base.begin(era, Instant::now(), &view);
		known = Some((genesis, era));
	}
}
