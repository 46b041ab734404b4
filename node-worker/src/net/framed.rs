//! Datagrams over a TCP connection: each stands behind its length, 16 bits (RFC 4571 §2).

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Longest datagram that is taken, in bytes, as over UDP.
pub const MAX_DATAGRAM: usize = 2_048;

/// Reads the next datagram; `None` at the end of the connection. One that is longer than [`MAX_DATAGRAM`] is an error:
/// what follows would not be understood. Loses bytes when cancelled.
pub async fn read(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
	let length = match from.read_u16().await {
		Ok(length) => usize::from(length),
		Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
		Err(error) => return Err(error),
	};
	if length > MAX_DATAGRAM {
		return Err(io::Error::new(io::ErrorKind::InvalidData, "datagram too long"));
	}
	let mut datagram = vec![0; length];
	from.read_exact(&mut datagram).await?;
	Ok(Some(datagram))
}

/// Appends a datagram behind its length. One that is too long for it is left out.
pub fn append(to: &mut Vec<u8>, datagram: &[u8]) {
	if let Ok(length) = u16::try_from(datagram.len()) {
		to.extend_from_slice(&length.to_be_bytes());
		to.extend_from_slice(datagram);
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn what_was_appended_is_read() {
		let mut bytes = Vec::new();
		append(&mut bytes, b"one");
		append(&mut bytes, b"");
		append(&mut bytes, &[7; MAX_DATAGRAM]);
		append(&mut bytes, &vec![7; 70_000]);
		assert_eq!(bytes[..5], [0, 3, b'o', b'n', b'e']);
		let mut rest = bytes.as_slice();
		assert_eq!(read(&mut rest).await.expect("read").as_deref(), Some(b"one".as_slice()));
		assert_eq!(read(&mut rest).await.expect("read"), Some(vec![]));
		assert_eq!(read(&mut rest).await.expect("read"), Some(vec![7; MAX_DATAGRAM]));
		assert_eq!(read(&mut rest).await.expect("end"), None);
		let cut = read(&mut [0, 9, 1].as_slice()).await.expect_err("cut");
		assert_eq!(cut.kind(), io::ErrorKind::UnexpectedEof);
		let long = read(&mut [0xff, 0xff, 1].as_slice()).await.expect_err("too long");
		assert_eq!(long.kind(), io::ErrorKind::InvalidData);
	}
}
