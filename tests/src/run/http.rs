//! A loopback HTTP GET, which is all that a run needs of HTTP.

use anyhow::{bail, Context, Result};
use std::time::Duration;
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::TcpStream,
	time::timeout,
};

const DEADLINE: Duration = Duration::from_secs(3);
const MAX_ANSWER: u64 = 4 << 20;

/// The body of a successful answer of `127.0.0.1:port`.
pub async fn get(port: u16, path: &str) -> Result<String> {
	let request = async {
		let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
		let head = format!(
			"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n"
		);
		stream.write_all(head.as_bytes()).await?;
		let mut answer = Vec::new();
		stream.take(MAX_ANSWER).read_to_end(&mut answer).await?;
		anyhow::Ok(answer)
	};
	let answer = timeout(DEADLINE, request)
		.await
		.with_context(|| format!("127.0.0.1:{port}{path} did not answer within {DEADLINE:?}"))??;
	let answer = String::from_utf8(answer).context("the answer is not text")?;
	let (head, body) = answer.split_once("\r\n\r\n").context("the answer is not HTTP")?;
	let status = head.split(' ').nth(1).unwrap_or_default();
	match status {
		"200" => Ok(body.to_owned()),
		_ => bail!("127.0.0.1:{port}{path}: {}", head.lines().next().unwrap_or_default()),
	}
}
