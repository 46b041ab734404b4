//! The daemon under test: a process of its own, so that its time and memory can be told from those of the load.

use anyhow::{bail, ensure, Context, Result};
use std::{collections::VecDeque, net::SocketAddr, path::PathBuf, process::Stdio, time::Duration};
use tokio::{
	io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
	net::TcpStream,
	process::{Child, Command},
	time::timeout,
};

/// The key whose tokens the daemon takes, and its secret.
pub(super) const KEY: (&str, &str) = ("bench", "bench");
/// Time for the daemon to start, and to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Units of `/proc/PID/stat`'s times in a second (`USER_HZ`).
const TICKS: f64 = 100.0;
/// Longest answer of its private server.
const ANSWER: u64 = 4 * 1024 * 1024;

pub(super) struct Node {
	child: Child,
	pid: u32,
	pub(super) url: String,
	private: SocketAddr,
	dir: PathBuf,
}

/// What a daemon has done so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters {
	/// Seconds of all cores.
	pub cpu: f64,
	pub rtp_in: u64,
	pub forwarded: u64,
	pub datagrams_out: u64,
	pub bytes_out: u64,
	/// Datagrams for which there was no place.
	pub overflowed: u64,
	/// Its own histogram: upper bounds in seconds, and how many were not above.
	pub latency: Vec<(f64, u64)>,
}

impl Node {
	/// Starts this very program as a daemon without a chain.
	pub(super) async fn start() -> Result<Self> {
		let program = std::env::current_exe().context("cannot find this program")?;
		let dir = std::env::temp_dir().join(crate::keys::random_id("dtel-bench-")?);
		let any = "127.0.0.1:0";
		let mut child = Command::new(program)
			.args(["run", "--chain-url", "", "--public-listen", any, "--private-listen", any])
			.args(["--media-listen", any, "--probe", "false", "--data-dir"])
			.arg(&dir)
			.args(["--dev-key", &format!("{}:{}", KEY.0, KEY.1)])
			.env("NO_COLOR", "1")
			.env("RUST_LOG", "dtel_worker=info,warn")
			.stdin(Stdio::null())
			.stdout(Stdio::null())
			.stderr(Stdio::piped())
			.kill_on_drop(true)
			.spawn()
			.context("cannot start the daemon")?;
		let pid = child.id().context("the daemon ended at once")?;
		let stderr = child.stderr.take().context("no output of the daemon")?;
		let mut lines = BufReader::new(stderr).lines();
		let mut said = VecDeque::new();
		let up = async {
			while let Ok(Some(line)) = lines.next_line().await {
				if let (Some(public), Some(private)) =
					(field(&line, "public="), field(&line, "private="))
				{
					return Some((public, private));
				}
				said.push_back(line);
				said.truncate(20);
			}
			None
		};
		let Ok(Some((public, private))) = timeout(PATIENCE, up).await else {
			bail!("the daemon did not start:\n{}", Vec::from(said).join("\n"));
		};
		// A pipe that nobody reads would stop the daemon one day.
		tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
		Ok(Self { child, pid, url: format!("ws://{public}"), private, dir })
	}

	/// Everything counted so far.
	pub(super) async fn counters(&self) -> Result<Counters> {
		let text =
			timeout(PATIENCE, self.metrics()).await.context("the daemon does not answer")??;
		let of = |name: &str| sample(&text, &format!("dtel_worker_{name}_total "));
		Ok(Counters {
			cpu: cpu_seconds(&format!("/proc/{}/stat", self.pid))?,
			rtp_in: of("rtp_received"),
			forwarded: of("rtp_forwarded"),
			datagrams_out: of("datagrams_sent"),
			bytes_out: of("sent_bytes"),
			overflowed: of("datagrams_overflowed"),
			latency: buckets(&text, "dtel_worker_forwarding_seconds_bucket{le=\""),
		})
	}

	/// Bytes of memory that it holds.
	pub(super) fn memory(&self) -> Result<u64> {
		let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))
			.context("the daemon is gone")?;
		let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
		let kib = line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok());
		Ok(kib.context("no VmRSS")?.saturating_mul(1_024))
	}

	async fn metrics(&self) -> Result<String> {
		let mut stream = TcpStream::connect(self.private).await?;
		let request =
			format!("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.private);
		stream.write_all(request.as_bytes()).await?;
		let mut text = String::new();
		stream.take(ANSWER).read_to_string(&mut text).await?;
		ensure!(text.starts_with("HTTP/1.1 200"), "metrics: {}", text.lines().next().unwrap_or(""));
		Ok(text)
	}

	/// Ends the daemon.
	pub(super) async fn stop(mut self) {
		let _ = self.child.kill().await;
		let _ = std::fs::remove_dir_all(&self.dir);
	}
}

/// The address after `name` in a line of the log.
fn field(line: &str, name: &str) -> Option<SocketAddr> {
	let (_, rest) = line.split_once(name)?;
	rest.split_whitespace().next()?.parse().ok()
}

fn sample(text: &str, name: &str) -> u64 {
	text.lines().find_map(|l| l.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0)
}

fn buckets(text: &str, name: &str) -> Vec<(f64, u64)> {
	let bucket = |line: &str| {
		let (bound, count) = line.strip_prefix(name)?.split_once("\"} ")?;
		let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().ok()? };
		Some((bound, count.trim().parse().ok()?))
	};
	text.lines().filter_map(bucket).collect()
}

/// User and system time of a process or thread, of all its threads that were, in seconds (proc(5), fields 14 and 15).
pub(super) fn cpu_seconds(path: &str) -> Result<f64> {
	let stat = std::fs::read_to_string(path).context("the daemon is gone")?;
	let (_, rest) = stat.rsplit_once(')').context("unreadable /proc")?;
	let mut fields = rest.split_whitespace().skip(11);
	let mut next = || fields.next().and_then(|f| f.parse::<f64>().ok()).context("unreadable /proc");
	Ok((next()? + next()?) / TICKS)
}

/// Nanoseconds that the calling thread has run.
pub(super) fn thread_nanos() -> Result<u64> {
	let text = std::fs::read_to_string("/proc/thread-self/schedstat")
		.context("no /proc/thread-self/schedstat: this needs Linux with CONFIG_SCHED_INFO")?;
	text.split_whitespace().next().and_then(|n| n.parse().ok()).context("unreadable schedstat")
}

/// How many files this process may open.
pub(super) fn open_files() -> Option<usize> {
	let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
	let line = limits.lines().find_map(|l| l.strip_prefix("Max open files"))?;
	line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_the_daemon_says_is_read() {
		let line = "2026 INFO dtel_worker::daemon: dtel-worker is up public=127.0.0.1:1 private=127.0.0.1:2 media=127.0.0.1:3";
		assert_eq!(field(line, "private="), Some(([127, 0, 0, 1], 2).into()));
		assert_eq!(field("starting", "private="), None);
		let text = "a_total 7\nh_bucket{le=\"0.001\"} 3\nh_bucket{le=\"+Inf\"} 4\n";
		assert_eq!(sample(text, "a_total "), 7);
		assert_eq!(buckets(text, "h_bucket{le=\""), [(0.001, 3), (f64::INFINITY, 4)]);
	}

	#[test]
	fn time_and_limits_of_this_process_are_known() {
		assert!(cpu_seconds("/proc/self/stat").unwrap() >= 0.0);
		assert!(thread_nanos().unwrap() > 0);
		assert!(open_files().unwrap() > 0);
	}
}
