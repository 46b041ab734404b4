//! `/rtc/v1`: one peer connection, the offer in the join.

#![allow(missing_docs)]

mod common;

use base64::{engine::general_purpose::URL_SAFE, Engine};
use common::*;
use dtel_worker::rtc_client::{Happening, RtcClient};
use futures::{SinkExt, StreamExt};
use livekit_protocol as proto;
use prost::Message as _;
use proto::{
	leave_request::Action, signal_request::Message as Request,
	signal_response::Message as Response, TrackType,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
	connect_async,
	tungstenite::{self, Message},
	MaybeTlsStream, WebSocketStream,
};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const FINGERPRINT: &str = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

/// An offer with so many lines to receive on.
fn offer(audios: usize, videos: usize, id: u32) -> proto::SessionDescription {
	let lines = std::iter::repeat_n("audio", audios).chain(std::iter::repeat_n("video", videos));
	let count = audios + videos;
	let mids: Vec<String> = (0..=count).map(|n| n.to_string()).collect();
	let mut sdp = format!(
		"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\n",
		mids.join(" ")
	);
	let common = format!(
		"c=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 {FINGERPRINT}\r\na=setup:actpass\r\n"
	);
	for (mid, kind) in lines.enumerate() {
		let (pt, map) = if kind == "audio" { (111, "opus/48000/2") } else { (96, "VP8/90000") };
		sdp += &format!("m={kind} 9 UDP/TLS/RTP/SAVPF {pt}\r\n{common}a=mid:{mid}\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:{pt} {map}\r\n");
	}
	sdp += &format!("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n{common}a=mid:{count}\r\na=sctp-port:5000\r\n");
	proto::SessionDescription { r#type: "offer".into(), sdp, id, ..Default::default() }
}

fn request(publisher_offer: Option<proto::SessionDescription>) -> proto::JoinRequest {
	let settings = proto::ConnectionSettings { auto_subscribe: true, ..Default::default() };
	proto::JoinRequest {
		client_info: Some(proto::ClientInfo { protocol: 17, ..Default::default() }),
		connection_settings: Some(settings),
		publisher_offer,
		..Default::default()
	}
}

async fn connect(
	worker: &Worker,
	token: &str,
	request: &proto::JoinRequest,
) -> Result<Socket, tungstenite::Error> {
	let wrapped =
		proto::WrappedJoinRequest { compression: 0, join_request: request.encode_to_vec() };
	let text = URL_SAFE.encode(wrapped.encode_to_vec()).replace('=', "%3D");
	let url = format!("{}/rtc/v1?access_token={token}&join_request={text}", worker.url());
	connect_async(url).await.map(|(socket, _)| socket)
}

/// The next message that `wanted` takes.
async fn next<T>(what: &str, socket: &mut Socket, wanted: impl Fn(&Response) -> Option<T>) -> T {
	within(what, async {
		loop {
			let frame = socket.next().await.expect("open").expect("a frame");
			let Message::Binary(bytes) = frame else { continue };
			let response = proto::SignalResponse::decode(bytes).expect("a message");
			if let Some(found) = response.message.as_ref().and_then(&wanted) {
				break found;
			}
		}
	})
	.await
}

async fn say(socket: &mut Socket, message: Request) {
	let request = proto::SignalRequest { message: Some(message) };
	socket.send(Message::Binary(request.encode_to_vec().into())).await.expect("sent");
}

fn join(message: &Response) -> Option<proto::JoinResponse> {
	match message {
		Response::Join(join) => Some(join.clone()),
		other => panic!("before the join: {other:?}"),
	}
}

fn answer(message: &Response) -> Option<proto::SessionDescription> {
	match message {
		Response::Answer(answer) => Some(answer.clone()),
		Response::Offer(_) => panic!("the client makes all offers"),
		_ => None,
	}
}

fn leave(message: &Response) -> Option<proto::LeaveRequest> {
	match message {
		Response::Leave(leave) => Some(leave.clone()),
		_ => None,
	}
}

/// A participant whose two tracks are published.
async fn publisher(worker: &Worker) -> RtcClient {
	let mut a = RtcClient::join(options(&worker.url(), "r", "a")).await.expect("joins");
	within("a's tracks", async {
		loop {
			if let Happening::Update(people) = a.next().await {
				if people.iter().any(|p| p.tracks.len() == 2) {
					break;
				}
			}
		}
	})
	.await;
	a
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offer_of_the_join_is_answered_with_what_comes_on_its_lines() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let _a = publisher(&worker).await;
	let request = request(Some(offer(2, 0, 1)));
	let mut socket = connect(&worker, &token("r", "b"), &request).await.expect("connects");
	let joined = next("the join", &mut socket, join).await;
	assert!(!joined.subscriber_primary);
	let a = &joined.other_participants[0];
	let sid_of = |kind| a.tracks.iter().find(|t| t.r#type() == kind).expect("a track").sid.clone();
	let audio = sid_of(TrackType::Audio);

	let first = next("the answer", &mut socket, answer).await;
	assert_eq!((first.id, first.r#type.as_str()), (1, "answer"));
	let lines: Vec<_> = first.mid_to_track_id.clone().into_iter().collect();
	assert_eq!(lines, [("0".to_owned(), audio.clone())]);
	assert!(first.sdp.contains(&format!("a=msid:{}|{audio} {audio}", a.sid)), "{}", first.sdp);
	// There is no line for the video: one is asked for.
	let wanted = next("the request", &mut socket, |message| match message {
		Response::MediaSectionsRequirement(wanted) => Some(*wanted),
		_ => None,
	})
	.await;
	assert_eq!((wanted.num_audios, wanted.num_videos), (0, 1));
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tracks_of_the_join_are_announced() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let track = proto::AddTrackRequest { cid: "mic".into(), ..Default::default() };
	let request = proto::JoinRequest { add_track_requests: vec![track], ..request(None) };
	let mut socket = connect(&worker, &token("r", "a"), &request).await.expect("connects");
	next("the join", &mut socket, join).await;
	let published = next("the track", &mut socket, |message| match message {
		Response::TrackPublished(published) => Some(published.clone()),
		_ => None,
	})
	.await;
	assert_eq!(published.cid, "mic");
	// The offer may come later, as of those who do not send it with the join.
	say(&mut socket, Request::Offer(offer(1, 1, 5))).await;
	assert_eq!(next("the answer", &mut socket, answer).await.id, 5);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connection_is_resumed_as_the_kind_that_it_was() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let token = token("r", "a");
	let mut socket =
		connect(&worker, &token, &request(Some(offer(1, 1, 1)))).await.expect("connects");
	let joined = next("the join", &mut socket, join).await;
	let sid = joined.participant.expect("a participant").sid;
	next("the answer", &mut socket, answer).await;
	drop(socket);
	let back =
		proto::JoinRequest { reconnect: true, participant_sid: sid.clone(), ..request(None) };
	let mut socket = connect(&worker, &token, &back).await.expect("connects");
	next("the answer to the resume", &mut socket, |message| match message {
		Response::Reconnect(_) => Some(()),
		other => panic!("before the answer: {other:?}"),
	})
	.await;
	say(&mut socket, Request::Offer(offer(1, 1, 2))).await;
	assert_eq!(next("the answer", &mut socket, answer).await.id, 2);
	drop(socket);
	// At the other place it cannot be taken up, but joined anew.
	let url = format!("{}/rtc?access_token={token}&reconnect=1&sid={sid}", worker.url());
	let (mut socket, _) = connect_async(url).await.expect("connects");
	assert_eq!(next("the refusal", &mut socket, leave).await.action(), Action::Reconnect);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offer_that_is_none_ends_the_participant_and_nobody_else() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let bad = proto::SessionDescription { sdp: "v=0\r\nm=".into(), ..offer(0, 0, 1) };
	let mut socket =
		connect(&worker, &token("r", "a"), &request(Some(bad))).await.expect("connects");
	next("the join", &mut socket, join).await;
	assert_eq!(next("the end", &mut socket, leave).await.action(), Action::Disconnect);
	// What is no join request does not get that far.
	let url = format!("{}/rtc/v1?access_token={}&join_request=*", worker.url(), token("r", "a"));
	let refused = connect_async(url).await.expect_err("refused").to_string();
	assert!(refused.contains("400"), "{refused}");
	let refused = connect(&worker, "x.y.z", &request(None)).await.expect_err("refused").to_string();
	assert!(refused.contains("401"), "{refused}");
	worker.daemon.stop().await;
}
