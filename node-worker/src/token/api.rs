//! What a token allows at the server API.

use super::{check_times, Issuer, SignedToken, TokenError, MAX_URL};

/// Grants of a token that was accepted for the server API.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApiAccess {
	/// Key that signed the token: rooms of other keys do not exist for it.
	pub issuer: [u8; 32],
	/// May make and delete rooms.
	pub room_create: bool,
	/// May list rooms.
	pub room_list: bool,
	/// May manage this room.
	pub admin_of: Option<String>,
	/// Where the app wants to hear of the rooms that it makes; not checked yet.
	pub web_hook_url: Option<String>,
}

impl SignedToken {
	/// Checks times, given what the chain says about the issuer. Nodes have no business at the server API. `now` is
	/// Unix time in seconds.
	pub fn authorise_api(self, issuer: Issuer, now: u64) -> Result<ApiAccess, TokenError> {
		if issuer != Issuer::Client {
			return Err(TokenError::UnknownIssuer);
		}
		let claims = self.claims;
		check_times(claims.exp, claims.nbf, now)?;
		let video = claims.video;
		Ok(ApiAccess {
			issuer: self.issuer,
			room_create: video.room_create,
			room_list: video.room_list,
			admin_of: (video.room_admin && !video.room.is_empty()).then_some(video.room),
			web_hook_url: claims.web_hook_url.filter(|u| u.len() <= MAX_URL && !u.is_empty()),
		})
	}
}
