//! The chain follower against a node that answers as a test tells it.

#![allow(missing_docs)]

mod common;

use codec::Encode;
use common::*;
use dtel_primitives::{
	api::{Duty, EraView},
	node::{ClientView, NodeView},
	AccountId,
};
use dtel_worker::chain::{ChainError, ChainView, Follower, Issuer};
use futures::{SinkExt, StreamExt};
use serde_json::{json, Value};
use std::{
	net::SocketAddr,
	sync::{Arc, Mutex},
	time::Duration,
};
use tokio::{
	net::{TcpListener, TcpStream},
	sync::watch,
	task::JoinHandle,
};
use tokio_tungstenite::{accept_async, tungstenite::Message};

/// What the node says.
#[derive(Clone)]
struct Answers {
	block: u32,
	node: Option<NodeView>,
	client: Option<ClientView>,
	rubbish: bool,
	/// Questions about this node's key alone are answered.
	deaf: bool,
}

struct Node {
	address: SocketAddr,
	answers: watch::Sender<Answers>,
	connections: Arc<Mutex<Vec<JoinHandle<()>>>>,
	accept: JoinHandle<()>,
}

impl Node {
	async fn start() -> Self {
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

	fn set(&self, change: impl FnOnce(&mut Answers)) {
		self.answers.send_modify(change);
	}

	fn cut(&self) {
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

fn me() -> ed25519_dalek::SigningKey {
	ed25519_dalek::SigningKey::from_bytes(&[31; 32])
}

fn follower(node: &Node) -> Follower {
	Follower::start(format!("ws://{}", node.address), public(&me()))
}

async fn block(follower: &Follower, block: u32) {
	let mut heads = follower.heads();
	heads.mark_changed();
	within("a head", heads.wait_for(|h| h.as_ref().is_some_and(|h| h.era.block == block)))
		.await
		.expect("alive");
}

#[tokio::test]
async fn what_targets_may_be_sent_is_asked_of_the_chain() {
	let node_view = node(7, &me(), "there:1");
	let node = Node::start().await;
	node.set(|a| a.node = Some(node_view));
	let follower = follower(&node);
	block(&follower, 30).await;
	let allowance = follower.allowance(vec![7, 8]).await.expect("an answer");
	assert_eq!(allowance.megabytes, 77);
	// Of the other one the chain knows nothing.
	assert_eq!(allowance.declared_kbps, [(7, 100_000)].into());
	node.cut();
	drop(node);
	within("no chain", async {
		while follower.allowance(vec![7]).await.is_ok() {
			tokio::time::sleep(Duration::from_millis(20)).await;
		}
	})
	.await;
}

#[tokio::test]
async fn heads_bring_era_node_and_duty() {
	let chain = Node::start().await;
	let follower = follower(&chain);
	block(&follower, 30).await;
	let head = follower.heads().borrow().clone().expect("a head");
	assert_eq!((head.genesis, head.era.moment.era, head.node.is_none()), (genesis(), 1, true));
	chain.set(|a| {
		a.block = 31;
		a.node = Some(node(5, &me(), "here:1"));
	});
	block(&follower, 31).await;
	let head = follower.heads().borrow().clone().expect("a head");
	assert_eq!(head.node.as_ref().map(|n| n.id), Some(5));
	let duty = head.duty.as_ref().expect("a duty");
	assert_eq!((duty.verifier, duty.targets[0].domain.as_slice()), (5, b"there:1".as_slice()));
	assert_eq!(head.phase_left_ms(), 15 * 2_000);
}

#[tokio::test]
async fn keys_are_asked_for_and_a_known_one_survives_a_cut() {
	let chain = Node::start().await;
	let follower = follower(&chain);
	block(&follower, 30).await;
	let client =
		|valid| ClientView { owner: AccountId::from([0; 32]), until: None, limit: 9, valid };
	assert_eq!(follower.issuer([1; 32]).await.expect("answered"), Issuer::Unknown);
	chain.set(|a| a.client = Some(client(true)));
	assert_eq!(follower.issuer([2; 32]).await.expect("answered"), Issuer::Client { limit: 9 });
	chain.set(|a| a.client = Some(client(false)));
	assert_eq!(follower.issuer([3; 32]).await.expect("answered"), Issuer::Unknown);
	chain.set(|a| a.node = Some(node(5, &me(), "here:1")));
	assert_eq!(follower.issuer(public(&me())).await.expect("answered"), Issuer::Node);
	let before = chain.connections.lock().expect("lock").len();
	assert_eq!(follower.issuer([2; 32]).await.expect("cached"), Issuer::Client { limit: 9 });
	assert_eq!(chain.connections.lock().expect("lock").len(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_keys_are_answered_under_a_flood_of_strangers() {
	let chain = Node::start().await;
	chain.set(|a| a.node = Some(node(5, &me(), "here:1")));
	let follower = Arc::new(follower(&chain));
	block(&follower, 30).await;
	// The keys of the nodes are asked for behind the first head; a second one says that this is done.
	chain.set(|a| a.block = 31);
	block(&follower, 31).await;
	chain.set(|a| a.deaf = true);
	// As long as the test lasts: whoever is told to come back does so at once.
	let flood: Vec<_> = (0..400u32)
		.map(|n| {
			let (follower, mut key) = (Arc::clone(&follower), [0xEE; 32]);
			key[..4].copy_from_slice(&n.to_le_bytes());
			let from = std::net::IpAddr::from([192, 0, 2, (n % 200) as u8]);
			tokio::spawn(async move {
				while let Err(ChainError::Busy | ChainError::Timeout) =
					follower.issuer_for(key, from).await
				{}
			})
		})
		.collect();
	let stranger = std::net::IpAddr::from([198, 51, 100, 1]);
	// The first questions may still find a place, and no answer.
	for n in 0..8 {
		let answer = within("an answer", follower.issuer_for([0xDD; 32], stranger)).await;
		match answer {
			Err(ChainError::Busy) => break,
			Err(ChainError::Timeout) if n < 7 => {}
			other => panic!("{other:?}"),
		}
	}
	for from in [[198, 51, 100, 2], [192, 0, 2, 0]] {
		let answer = follower.issuer_for(public(&me()), from.into()).await;
		assert_eq!(answer.expect("answered"), Issuer::Node);
	}
	flood.into_iter().for_each(|f| f.abort());
}

#[tokio::test]
async fn a_cut_connection_is_made_again() {
	let chain = Node::start().await;
	let follower = follower(&chain);
	block(&follower, 30).await;
	chain.cut();
	chain.set(|a| a.block = 32);
	block(&follower, 32).await;
}

#[tokio::test]
async fn rubbish_and_silence_are_errors_not_ends() {
	let chain = Node::start().await;
	chain.set(|a| a.rubbish = true);
	let follower = follower(&chain);
	let question = async {
		loop {
			match follower.issuer([1; 32]).await {
				Err(ChainError::Disconnected) => {
					tokio::time::sleep(Duration::from_millis(20)).await
				}
				other => break other,
			}
		}
	};
	assert!(matches!(within("an answer", question).await, Err(ChainError::Answer(_))));
	chain.set(|a| a.rubbish = false);
	block(&follower, 30).await;
	let nowhere = Follower::start("ws://127.0.0.1:1".into(), [0; 32]);
	assert!(matches!(nowhere.issuer([1; 32]).await, Err(ChainError::Disconnected)));
}
