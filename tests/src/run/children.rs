//! The processes that a run starts, and only those: each is known by its handle and ends with the run.

use anyhow::{bail, ensure, Context, Result};
use nix::{
	sys::signal::{kill, Signal},
	unistd::Pid,
};
use std::{
	fs::File,
	path::{Path, PathBuf},
	process::{ExitStatus, Stdio},
	time::Duration,
};
use tokio::{
	process::{Child, Command},
	time::{timeout, timeout_at, Instant},
};

/// How long processes may take to end after they were asked to.
const GRACE: Duration = Duration::from_secs(8);
/// How many lines of a log are shown when its process died.
const TAIL_LINES: usize = 15;

/// The processes of a run.
pub struct Children {
	logs: PathBuf,
	running: Vec<Running>,
}

struct Running {
	name: String,
	process: Child,
	log: PathBuf,
	may_end: bool,
}

impl Children {
	/// No process yet; logs will be in `logs`.
	pub fn new(logs: &Path) -> Result<Self> {
		std::fs::create_dir_all(logs)
			.with_context(|| format!("cannot create {}", logs.display()))?;
		Ok(Self { logs: logs.to_owned(), running: Vec::new() })
	}

	/// Starts a process in a group of its own, so that a Ctrl-C at the terminal reaches this program alone,
	/// which then ends the processes in order. If this program panics, the handles' drop kills them.
	pub fn start(&mut self, name: &str, command: Command) -> Result<u32> {
		self.spawn(name, command, false)
	}

	/// Starts a process that may end by itself.
	pub fn start_brief(&mut self, name: &str, command: Command) -> Result<u32> {
		self.spawn(name, command, true)
	}

	fn spawn(&mut self, name: &str, mut command: Command, may_end: bool) -> Result<u32> {
		ensure!(!self.is_up(name), "{name} is running already");
		self.running.retain(|running| running.name != name);
		let log = self.logs.join(format!("{name}.log"));
		let out = File::options().create(true).append(true).open(&log)?;
		let err = out.try_clone()?;
		command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0).kill_on_drop(true);
		let program = command.as_std().get_program().to_string_lossy().into_owned();
		let process = command.spawn().with_context(|| format!("cannot start {program}"))?;
		let pid = process.id().with_context(|| format!("{program} ended at once"))?;
		self.running.push(Running { name: name.to_owned(), process, log, may_end });
		Ok(pid)
	}

	/// Runs a process to its end; an error if it fails. What it prints is in its log.
	pub async fn complete(&mut self, name: &str, command: Command, within: Duration) -> Result<()> {
		self.start(name, command)?;
		let Some(running) = self.running.last_mut() else { bail!("{name} is gone") };
		let ended = timeout(within, running.process.wait()).await;
		let log = running.log.clone();
		match ended {
			Ok(status) => {
				self.running.retain(|running| running.name != name);
				let status = status?;
				ensure!(status.success(), "{name} {}:\n{}", describe(status), tail(&log));
				Ok(())
			}
			Err(_) => {
				self.kill(name).await?;
				bail!("{name} took longer than {within:?}:\n{}", tail(&log))
			}
		}
	}

	/// Whether a process of that name is known and has not ended.
	pub fn is_up(&mut self, name: &str) -> bool {
		self.running
			.iter_mut()
			.any(|running| running.name == name && matches!(running.process.try_wait(), Ok(None)))
	}

	/// How many processes whose names begin with `prefix` are up.
	pub fn count_up(&mut self, prefix: &str) -> usize {
		let named = self.running.iter_mut().filter(|running| running.name.starts_with(prefix));
		named.map(|running| usize::from(matches!(running.process.try_wait(), Ok(None)))).sum()
	}

	/// An error if any process that should be up has ended.
	pub fn check(&mut self) -> Result<()> {
		for running in self.running.iter_mut().filter(|running| !running.may_end) {
			if let Some(status) = running.process.try_wait()? {
				bail!("{} {}:\n{}", running.name, describe(status), tail(&running.log));
			}
		}
		Ok(())
	}

	/// `kill -9` of a process, by its own id, and forgets it.
	pub async fn kill(&mut self, name: &str) -> Result<()> {
		let at = self.running.iter().position(|running| running.name == name);
		let mut running =
			self.running.swap_remove(at.with_context(|| format!("no process {name}"))?);
		running.process.kill().await.with_context(|| format!("cannot kill {name}"))
	}

	/// Asks every process to end, waits, and kills what is left. Safe to call twice.
	pub async fn stop(&mut self) {
		// Last started, first asked: callers before daemons before the chain.
		self.running.iter().rev().for_each(terminate);
		let deadline = Instant::now() + GRACE;
		for mut running in self.running.drain(..).rev() {
			if timeout_at(deadline, running.process.wait()).await.is_err() {
				let _ = running.process.kill().await;
			}
		}
	}

	/// Asks a process to end and waits for that; kills it if it does not. Nothing if it has ended.
	pub async fn end(&mut self, name: &str) -> Result<()> {
		let Some(at) = self.running.iter().position(|running| running.name == name) else {
			return Ok(());
		};
		let mut running = self.running.swap_remove(at);
		terminate(&running);
		if timeout(GRACE, running.process.wait()).await.is_err() {
			running.process.kill().await?;
		}
		Ok(())
	}

	/// Where a process' output goes.
	pub fn log(&self, name: &str) -> PathBuf {
		self.logs.join(format!("{name}.log"))
	}

	/// The last lines of a process' log.
	pub fn tail(&self, name: &str) -> String {
		tail(&self.log(name))
	}
}

fn terminate(running: &Running) {
	// The handle has an id only until the process was waited for, so it cannot be another process'.
	if let Some(pid) = running.process.id().and_then(|pid| i32::try_from(pid).ok()) {
		let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
	}
}

fn describe(status: ExitStatus) -> String {
	match status.success() {
		true => "ended by itself".into(),
		false => format!("failed ({status})"),
	}
}

fn tail(log: &Path) -> String {
	let text = std::fs::read(log).unwrap_or_default();
	let text = String::from_utf8_lossy(&text);
	let lines: Vec<_> = text.lines().collect();
	let shown = lines.get(lines.len().saturating_sub(TAIL_LINES)..).unwrap_or_default();
	format!("  {}\n  (log: {})", shown.join("\n  "), log.display())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn shell(script: &str) -> Command {
		let mut command = Command::new("/bin/sh");
		command.args(["-c", script]);
		command
	}

	fn children(name: &str) -> Children {
		let dir = std::env::temp_dir().join(format!("dtel-children-{}-{name}", std::process::id()));
		Children::new(&dir).unwrap()
	}

	#[tokio::test]
	async fn a_process_that_dies_is_seen_with_its_last_words() {
		let mut children = children("dies");
		children.complete("fine", shell("true"), GRACE).await.unwrap();
		let error =
			children.complete("bad", shell("echo last words; exit 3"), GRACE).await.unwrap_err();
		assert!(
			error.to_string().contains("last words") && error.to_string().contains('3'),
			"{error}"
		);
		children.check().unwrap();
	}

	#[tokio::test]
	async fn stopping_ends_even_what_ignores_the_request() {
		let mut children = children("stop");
		children.start("kind", shell("exec sleep 60")).unwrap();
		let pid =
			children.start("deaf", shell("trap '' TERM; while :; do sleep 0.1; done")).unwrap();
		assert!(children.start("deaf", shell("true")).is_err(), "names are unique");
		assert_eq!(children.count_up(""), 2);
		children.kill("kind").await.unwrap();
		children.check().unwrap();
		children.stop().await;
		let gone = kill(Pid::from_raw(pid as i32), None);
		assert!(gone.is_err(), "process {pid} is still there");
	}
}
