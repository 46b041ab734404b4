//! The chain follower against a node that answers as a test tells it.

#![allow(missing_docs)]

mod common;

use common::{
	chain_node::{me, Node},
	*,
};
use dtel_primitives::{node::ClientView, AccountId};
use dtel_worker::chain::{ChainError, ChainView, Follower, Issuer};
use std::{sync::Arc, time::Duration};

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
