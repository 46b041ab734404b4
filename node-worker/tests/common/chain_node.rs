//! A chain node that answers as a test tells it.

use super::*;
use codec::Encode;
use dtel_primitives::node::ClientView;
use futures::{SinkExt, StreamExt};
use serde_json::json;
use std::sync::Mutex;
use tokio::{
	net::{TcpListener, TcpStream},
	sync::watch,
	task::JoinHandle,
};
use tokio_tungstenite::{accept_async, tungstenite::Message};

/// What the node says.
#[derive(Clone)]
pub struct Answers {
	pub block: u32,
	pub node: Option<NodeView>,
	pub client: Option<ClientView>,
	pub rubbish: bool,
	/// Questions about this node's key alone are answered.
	pub deaf: bool,
}

pub struct Node {
	pub address: SocketAddr,
	answers: watch::Sender<Answers>,
	pub connections: Arc<Mutex<Vec<JoinHandle<()>>>>,
	accept: JoinHandle<()>,
}

impl Node {
	pub async fn start() -> Self {
		let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
		let address = listener.local_addr().expect("bound");
		let first = Answers { block: 30, node: None, client: None, rubbish: false, deaf: false };
		let (answers, rx) = watch::channel(first);
		let connections = Arc::<Mutex<Vec<_>>>::default();
		let all = Arc::clone(&connections);
		let accept = tokio::spawn(async move {
			while let Ok((stream, _)) = listener.accept().await {
				let served = tokio::spawn(serve(stream, rx.clone()));
				all.lock().expect("lock").push(served);
			}
		});
		Self { address, answers, connections, accept }
	}

	pub fn set(&self, change: impl FnOnce(&mut Answers)) {
		self.answers.send_modify(change);
	}

	pub fn cut(&self) {
		self.connections.lock().expect("lock").drain(..).for_each(|c| c.abort());
	}
}

impl Drop for Node {
	fn drop(&mut self) {
		self.cut();
		self.accept.abort();
	}
}

/// One connection: a head for every change, and an answer to every question.
async fn serve(stream: TcpStream, mut answers: watch::Receiver<Answers>) {
	let mut socket = accept_async(stream).await.expect("a WebSocket");
	let mut subscribed = false;
	loop {
		let text = tokio::select! {
			frame = socket.next() => match frame {
				Some(Ok(Message::Text(text))) => {
					let request: Value = serde_json::from_str(&text).expect("JSON");
					subscribed |= request["method"] == "chain_subscribeNewHeads";
					if subscribed {
						answers.mark_changed();
					}
					let about_keys = request["params"][0] == "DtelApi_client";
					if about_keys && answers.borrow().deaf && !is_about_us(&request) {
						continue;
					}
					let result = answer(&request, &answers.borrow());
					json!({ "jsonrpc": "2.0", "id": request["id"], "result": result })
				},
				Some(Ok(_)) => continue,
				_ => return,
			},
			changed = answers.changed(), if subscribed => {
				if changed.is_err() {
					return;
				}
				let number = format!("{:#x}", answers.borrow_and_update().block);
				let params = json!({ "subscription": "heads", "result": { "number": number } });
				json!({ "jsonrpc": "2.0", "method": "chain_newHead", "params": params })
			},
		};
		if socket.send(Message::Text(text.to_string().into())).await.is_err() {
			return;
		}
	}
}

fn answer(request: &Value, answers: &Answers) -> Value {
	let scale = |bytes: Vec<u8>| json!(format!("0x{}", hex::encode(bytes)));
	match request["method"].as_str().expect("a method") {
		"chain_getBlockHash" => scale(genesis().as_bytes().to_vec()),
		"chain_subscribeNewHeads" => json!("heads"),
		"state_call" if answers.rubbish => json!("0xff"),
		"state_call" => scale(match request["params"][0].as_str().expect("a name") {
			"DtelApi_era" => era(answers.block).encode(),
			"DtelApi_node_by_media" => {
				let asked = request["params"][1].as_str().expect("arguments");
				let ours = |n: &NodeView| format!("0x{}", hex::encode(n.media.encode())) == asked;
				answers.node.clone().filter(ours).encode()
			}
			"DtelApi_nodes" => {
				let asked = request["params"][1].as_str().expect("arguments");
				let start = hex::decode(&asked[2..10]).expect("hex");
				let start = u32::from_le_bytes(start.try_into().expect("four bytes"));
				let page = |n: &NodeView| n.id >= start;
				answers.node.clone().into_iter().filter(page).collect::<Vec<_>>().encode()
			}
			"DtelApi_node" => {
				let asked = request["params"][1].as_str().expect("arguments");
				let known = |n: &NodeView| format!("0x{}", hex::encode(n.id.encode())) == asked;
				answers.node.clone().filter(known).encode()
			}
			"DtelApi_probe_megabytes" => 77u32.encode(),
			"DtelApi_duty" => answers.node.as_ref().map(duty).encode(),
			"DtelApi_client" => answers.client.encode(),
			other => panic!("{other}"),
		}),
		_ => Value::Null,
	}
}

fn is_about_us(request: &Value) -> bool {
	request["params"][1] == format!("0x{}", hex::encode(public(&me())))
}

fn era(block: u32) -> EraView {
	head(block, node(1, &client_key(), "x"), Vec::new()).era
}

fn duty(node: &NodeView) -> Duty {
	head(30, node.clone(), vec![(2, client_key(), "there:1".into())]).duty.expect("a duty")
}

pub fn me() -> ed25519_dalek::SigningKey {
	ed25519_dalek::SigningKey::from_bytes(&[31; 32])
}
