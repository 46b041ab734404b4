//! Which nodes are where, and which are nearest to a place. Sole writer of [`NodesInCell`].

use crate::{types::Rotating, Config, Node, NodeKey, NodesInCell, Pallet};
use alloc::{collections::BTreeMap, vec::Vec};
use dtel_math::globe::{Apart, Cell, Point};
use dtel_primitives::{api::MAX_PAGE, node::Region, NodeId};

/// Most nodes that are looked at to answer which are nearest to a place.
pub const MAX_LOOKED_AT: u32 = 4_096;

/// Nodes near a place to send calls to, nearest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Nearest<AccountId> {
	/// Each with its distance.
	pub nodes: Vec<(Apart, NodeId, Node<AccountId>)>,
	/// Whether no node that is left out is nearer: [`MAX_LOOKED_AT`] were enough.
	pub complete: bool,
}

/// The cells of a node: that of its place, and that of its place from the next era on.
pub(crate) fn cells(region: &Rotating<Region>) -> Vec<Cell> {
	let mut cells: Vec<_> = region.keys().map(|place| Cell::of(Point::of(*place))).collect();
	cells.dedup();
	cells
}

impl<T: Config> Pallet<T> {
	/// Writes in which cells a node is when it appears, moves or goes.
	pub(crate) fn write_cells(
		node: NodeId,
		before: Option<&Rotating<Region>>,
		after: Option<&Rotating<Region>>,
	) {
		let (before, after) =
			(before.map(cells).unwrap_or_default(), after.map(cells).unwrap_or_default());
		for cell in before.iter().filter(|cell| !after.contains(cell)) {
			NodesInCell::<T>::remove(cell, NodeKey::from(node));
		}
		for cell in after.iter().filter(|cell| !before.contains(cell)) {
			NodesInCell::<T>::insert(cell, NodeKey::from(node), ());
		}
	}

	/// The nodes to send calls to that are nearest to a place in tenths of a degree, nearest first and, of equally far
	/// ones, by identifier: at most `limit` and [`MAX_PAGE`]. None when the place is not on the globe.
	///
	/// Cells are walked by rising least distance until no other can have a nearer node, or until
	/// [`MAX_LOOKED_AT`] nodes were looked at, those that do not serve among them.
	pub fn nodes_near(lat: i16, lon: i16, limit: u32) -> Nearest<T::AccountId> {
		let limit = limit.min(MAX_PAGE) as usize;
		let (era, mut left) = (Self::era(), MAX_LOOKED_AT);
		let (mut found, mut complete) = (BTreeMap::new(), true);
		let from = Point::new(lat, lon).filter(|_| limit > 0);
		let walk = from.into_iter().flat_map(|from| {
			Cell::by_distance(from).into_iter().map(move |(least, cell)| (from, least, cell))
		});
		'walk: for (from, least, cell) in walk {
			let furthest = found.last_key_value().map(|((apart, _), _)| *apart);
			if found.len() >= limit && furthest.is_some_and(|furthest| furthest < least) {
				break;
			}
			for id in NodesInCell::<T>::iter_key_prefix(cell).map(NodeId::from) {
				if left == 0 {
					complete = false;
					break 'walk;
				}
				left = left.saturating_sub(1);
				let Some(node) = Self::node(id) else { continue };
				let place = Point::of(node.region(era));
				// Where it was, or will be, it is not now.
				if Cell::of(place) != cell {
					continue;
				}
				let key = (from.apart(place), id);
				let too_far = found.len() >= limit
					&& found.last_key_value().is_some_and(|(furthest, _)| *furthest < key);
				if too_far || !Self::serves(id, &node, era) {
					continue;
				}
				found.insert(key, node);
				if found.len() > limit {
					found.pop_last();
				}
			}
		}
		let nodes = found.into_iter().map(|((apart, id), node)| (apart, id, node)).collect();
		Nearest { nodes, complete }
	}
}
