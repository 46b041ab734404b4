//! The methods of LiveKit's `RoomService`: grant, message, engine, answer.

use super::{
	auth::{ensure, Caller},
	form::Form,
	twirp::{Code, TwirpError},
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
	let revokes = match &request {
		AdminRequest::RemoveParticipant(who) => revoke(state, access.issuer, who),
		_ => false,
	};
	let admin = Admin { issuer: access.issuer, limit, url: access.web_hook_url };
	let answer = match state.engine.admin(admin, request).await {
		// Its tokens were taken back, which is what was asked for.
		Err(AdminError::NoParticipant) if revokes => AdminAnswer::Removed(Default::default()),
		answer => answer.map_err(refusal)?,
	};
	match answer {
		AdminAnswer::Room(m) => form.write(&*m),
		AdminAnswer::Rooms(m) => form.write(&m),
		AdminAnswer::Participants(m) => form.write(&m),
		AdminAnswer::Participant(m) => form.write(&*m),
		AdminAnswer::Track(m) => form.write(&*m),
		AdminAnswer::Deleted(m) => form.write(&m),
		AdminAnswer::Removed(m) => form.write(&m),
		AdminAnswer::Subscribed(m) => form.write(&m),
		AdminAnswer::Sent(m) => form.write(&m),
	}
}

/// Takes back a participant's tokens if that is asked for: before it is removed, so that it cannot come back meanwhile.
fn revoke(state: &Api, issuer: [u8; 32], who: &proto::RoomParticipantIdentity) -> bool {
	let before = u64::try_from(who.revoke_token_ts).unwrap_or(0);
	if before > 0 {
		state.revoked.revoke(issuer, &who.room, &who.identity, before);
	}
	before > 0
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
			let m: proto::CreateRoomRequest = form.read(body)?;
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
			AdminRequest::DeleteRoom(form.read(body)?)
		}
		"ListRooms" => {
			ensure(access.room_list)?;
			AdminRequest::ListRooms(form.read(body)?)
		}
		"ListParticipants" => {
			let m: proto::ListParticipantsRequest = form.read(body)?;
			admin(&m.room)?;
			AdminRequest::ListParticipants(m)
		}
		"GetParticipant" => {
			let m: proto::RoomParticipantIdentity = form.read(body)?;
			admin(&m.room)?;
			AdminRequest::GetParticipant(m)
		}
		"RemoveParticipant" => {
			let m: proto::RoomParticipantIdentity = form.read(body)?;
			admin(&m.room)?;
			AdminRequest::RemoveParticipant(m)
		}
		"MutePublishedTrack" => {
			let m: proto::MuteRoomTrackRequest = form.read(body)?;
			admin(&m.room)?;
			AdminRequest::MutePublishedTrack(m)
		}
		"UpdateParticipant" => {
			let m: proto::UpdateParticipantRequest = form.read(body)?;
			admin(&m.room)?;
			AdminRequest::UpdateParticipant(m)
		}
		"UpdateSubscriptions" => {
			let m: proto::UpdateSubscriptionsRequest = form.read(body)?;
			admin(&m.room)?;
			AdminRequest::UpdateSubscriptions(m)
		}
		"SendData" => {
			let m: proto::SendDataRequest = form.read(body)?;
			admin(&m.room)?;
			AdminRequest::SendData(m)
		}
		"UpdateRoomMetadata" => {
			let m: proto::UpdateRoomMetadataRequest = form.read(body)?;
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
