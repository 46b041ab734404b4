//! Twirp (protocol version 7): a method is a POST of a protobuf message, binary or as JSON, and answered in the same
//! form; errors are always JSON.
//!
//! Source: Twirp's wire protocol, `github.com/twitchtv/twirp`, `PROTOCOL.md` and `errors.go`.

use super::{auth::authenticate, form::Form, methods, Api};
use axum::{
	body::to_bytes,
	extract::{Extension, Path, Request, State},
	http::{header, HeaderValue, Method, StatusCode},
	response::{IntoResponse, Response},
};
use bytes::Bytes;
use prost::Message;
use serde::{de::DeserializeOwned, Serialize};
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};

/// The service.
const SERVICE: &str = "livekit.RoomService";

/// Codes of errors that are used here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Code {
	BadRoute,
	DeadlineExceeded,
	FailedPrecondition,
	Internal,
	InvalidArgument,
	Malformed,
	NotFound,
	ResourceExhausted,
	Unauthenticated,
	Unavailable,
	Unimplemented,
}

impl Code {
	fn name(self) -> &'static str {
		match self {
			Self::BadRoute => "bad_route",
			Self::DeadlineExceeded => "deadline_exceeded",
			Self::FailedPrecondition => "failed_precondition",
			Self::Internal => "internal",
			Self::InvalidArgument => "invalid_argument",
			Self::Malformed => "malformed",
			Self::NotFound => "not_found",
			Self::ResourceExhausted => "resource_exhausted",
			Self::Unauthenticated => "unauthenticated",
			Self::Unavailable => "unavailable",
			Self::Unimplemented => "unimplemented",
		}
	}

	fn status(self) -> StatusCode {
		match self {
			Self::BadRoute | Self::NotFound => StatusCode::NOT_FOUND,
			Self::DeadlineExceeded => StatusCode::REQUEST_TIMEOUT,
			Self::FailedPrecondition => StatusCode::PRECONDITION_FAILED,
			Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
			Self::InvalidArgument | Self::Malformed => StatusCode::BAD_REQUEST,
			Self::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
			Self::Unauthenticated => StatusCode::UNAUTHORIZED,
			Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
			Self::Unimplemented => StatusCode::NOT_IMPLEMENTED,
		}
	}
}

/// An error as Twirp tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct TwirpError {
	pub code: Code,
	message: String,
}

impl TwirpError {
	pub fn new(code: Code, message: impl Into<String>) -> Self {
		Self { code, message: message.into() }
	}
}

impl IntoResponse for TwirpError {
	fn into_response(self) -> Response {
		let body = json!({ "code": self.code.name(), "msg": self.message }).to_string();
		let kind = HeaderValue::from_static("application/json");
		(self.code.status(), [(header::CONTENT_TYPE, kind)], body).into_response()
	}
}

/// Form of a request.
fn form_of(request: &Request) -> Option<Form> {
	Form::named(request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?)
}

impl Form {
	/// The message of a request.
	pub(super) fn read<M: Message + Default + DeserializeOwned>(
		self,
		body: &Bytes,
	) -> Result<M, TwirpError> {
		self.decode(body).map_err(|why| TwirpError::new(Code::Malformed, why))
	}

	/// A message as a response.
	pub(super) fn write<M: Message + Serialize>(self, message: &M) -> Result<Response, TwirpError> {
		let body = self.encode(message).map_err(|why| TwirpError::new(Code::Internal, why))?;
		let kind = HeaderValue::from_static(self.content_type());
		Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
	}
}

/// A request to any service and method.
pub(super) async fn serve(
	State(state): State<Arc<Api>>,
	Extension(peer): Extension<SocketAddr>,
	Path((service, method)): Path<(String, String)>,
	request: Request,
) -> Response {
	let patience = state.patience;
	let answer = handle(&state, peer, &service, &method, request);
	match tokio::time::timeout(patience, answer).await {
		Ok(Ok(response)) => response,
		Ok(Err(error)) => error.into_response(),
		Err(_) => {
			TwirpError::new(Code::DeadlineExceeded, "the request took too long").into_response()
		}
	}
}

async fn handle(
	state: &Api,
	peer: SocketAddr,
	service: &str,
	method: &str,
	request: Request,
) -> Result<Response, TwirpError> {
	let bad_route = |why: &str| TwirpError::new(Code::BadRoute, why);
	if service != SERVICE || !methods::is_known(method) {
		return Err(bad_route("no handler for this path"));
	}
	if request.method() != Method::POST {
		return Err(bad_route("unsupported method, only POST is allowed"));
	}
	let form = form_of(&request).ok_or_else(|| bad_route("unexpected Content-Type"))?;
	// A stranger's body is not read.
	let caller = authenticate(state, request.headers(), peer.ip()).await?;
	let body = to_bytes(request.into_body(), state.body_bytes).await;
	let body = body.map_err(|e| TwirpError::new(Code::Malformed, format!("body: {e}")))?;
	methods::call(state, caller, method, form, &body).await
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn codes_are_those_of_the_protocol() {
		for (code, name, status) in [
			(Code::BadRoute, "bad_route", 404),
			(Code::DeadlineExceeded, "deadline_exceeded", 408),
			(Code::FailedPrecondition, "failed_precondition", 412),
			(Code::Internal, "internal", 500),
			(Code::InvalidArgument, "invalid_argument", 400),
			(Code::Malformed, "malformed", 400),
			(Code::NotFound, "not_found", 404),
			(Code::ResourceExhausted, "resource_exhausted", 429),
			(Code::Unauthenticated, "unauthenticated", 401),
			(Code::Unavailable, "unavailable", 503),
			(Code::Unimplemented, "unimplemented", 501),
		] {
			assert_eq!((code.name(), code.status().as_u16()), (name, status));
		}
	}
}
