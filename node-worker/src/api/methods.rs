//! The methods of LiveKit's `RoomService`: grant, message, engine, answer.

use super::{
	auth::{ensure, Caller},
	twirp::{Code, Form, TwirpError},
	Api,
};
use crate::engine::admin::{Admin, AdminAnswer, AdminError, AdminRequest};
use axum::response::Response;
use bytes::Bytes;
use livekit_protocol as proto;

/// Methods that are there, or that are answered by `unimplemented`.
const METHODS: [&str; 14] = [
	"CreateRoom",
	"DeleteRoom",
	"ForwardParticipant",
	"GetParticipant",
	"ListParticipants",
	"ListRooms",
	"MoveParticipant",
	"MutePublishedTrack",
	"PerformRpc",
	"RemoveParticipant",
	"SendData",
	"UpdateParticipant",
	"UpdateRoomMetadata",
	"UpdateSubscriptions",
];

/// Whether the service has this method.
pub(super) fn is_known(method: &str) -> bool {
	METHODS.contains(&method)
}

/// Calls a method.
pub(super) async fn call(
	state: &Api,
	caller: Caller,
	method: &str,
	form: Form,
	body: &Bytes,
) -> Result<Response, TwirpError> {
	let request = request(&caller, method, form, body)?;
	let Caller { access, limit } = caller;
	let admin = Admin { issuer: access.issuer, limit, url: access.web_hook_url };
	let answer = state.engine.admin(admin, request).await.map_err(refusal)?;
	match answer {
		AdminAnswer::Room(m) => form.encode(&*m),
		AdminAnswer::Rooms(m) => form.encode(&m),
		AdminAnswer::Participants(m) => form.encode(&m),
		AdminAnswer::Participant(m) => form.encode(&*m),
		AdminAnswer::Track(m) => form.encode(&*m),
		AdminAnswer::Deleted(m) => form.encode(&m),
		AdminAnswer::Removed(m) => form.encode(&m),
		AdminAnswer::Subscribed(m) => form.encode(&m),
		AdminAnswer::Sent(m) => form.encode(&m),
	}
}

/// Decodes a request and checks the grant that it needs.
fn request(
	caller: &Caller,
	method: &str,
	form: Form,
	body: &Bytes,
) -> Result<AdminRequest, TwirpError> {
	let access = &caller.access;
	let admin = |room: &str| ensure(access.admin_of.as_deref() == Some(room));
	Ok(match method {
		"CreateRoom" => {
			ensure(access.room_create)?;
			let m: proto::CreateRoomRequest = form.decode(body)?;
			if m.egress.is_some() {
				return Err(TwirpError::new(Code::Unimplemented, "there is no egress here"));
			}
			if !m.agents.is_empty() {
				return Err(TwirpError::new(Code::Unimplemented, "there are no agents here"));
			}
			AdminRequest::CreateRoom(Box::new(m))
		}
		"DeleteRoom" => {
			ensure(access.room_create)?;
			AdminRequest::DeleteRoom(form.decode(body)?)
		}
		"ListRooms" => {
			ensure(access.room_list)?;
			AdminRequest::ListRooms(form.decode(body)?)
		}
		"ListParticipants" => {
			let m: proto::ListParticipantsRequest = form.decode(body)?;
			admin(&m.room)?;
			AdminRequest::ListParticipants(m)
		}
		"GetParticipant" => {
			let m: proto::RoomParticipantIdentity = form.decode(body)?;
			admin(&m.room)?;
			AdminRequest::GetParticipant(m)
		}
		"RemoveParticipant" => {
			let m: proto::RoomParticipantIdentity = form.decode(body)?;
			admin(&m.room)?;
			AdminRequest::RemoveParticipant(m)
		}
		"MutePublishedTrack" => {
			let m: proto::MuteRoomTrackRequest = form.decode(body)?;
			admin(&m.room)?;
			AdminRequest::MutePublishedTrack(m)
		}
		"UpdateParticipant" => {
			let m: proto::UpdateParticipantRequest = form.decode(body)?;
			admin(&m.room)?;
			AdminRequest::UpdateParticipant(m)
		}
		"UpdateSubscriptions" => {
			let m: proto::UpdateSubscriptionsRequest = form.decode(body)?;
			admin(&m.room)?;
			AdminRequest::UpdateSubscriptions(m)
		}
		"SendData" => {
			let m: proto::SendDataRequest = form.decode(body)?;
			admin(&m.room)?;
			AdminRequest::SendData(m)
		}
		"UpdateRoomMetadata" => {
			let m: proto::UpdateRoomMetadataRequest = form.decode(body)?;
			admin(&m.room)?;
			AdminRequest::UpdateRoomMetadata(m)
		}
		_ => return Err(TwirpError::new(Code::Unimplemented, format!("{method} is not there"))),
	})
}

fn refusal(error: AdminError) -> TwirpError {
	let code = match error {
		AdminError::NoRoom | AdminError::NoParticipant | AdminError::NoTrack => Code::NotFound,
		AdminError::Invalid(_) => Code::InvalidArgument,
		AdminError::Limit(_) => Code::ResourceExhausted,
		AdminError::RemoteUnmute => Code::FailedPrecondition,
		AdminError::Stopped => Code::Unavailable,
	};
	TwirpError::new(code, error.to_string())
}
