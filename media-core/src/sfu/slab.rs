//! Participants by handle, found by index.

use super::types::ParticipantId;

/// Values in slots; a slot's generation is part of the handle, so that no handle is used twice.
#[derive(Debug)]
pub(super) struct Slab<T> {
	slots: Vec<(u32, Option<T>)>,
	free: Vec<u32>,
	len: usize,
}

impl<T> Default for Slab<T> {
	fn default() -> Self {
		Self { slots: Vec::new(), free: Vec::new(), len: 0 }
	}
}

impl<T> Slab<T> {
	pub(super) fn insert(&mut self, value: T) -> ParticipantId {
		self.len += 1;
		if let Some((index, slot)) =
			self.free.pop().and_then(|i| Some((i, self.slots.get_mut(i as usize)?)))
		{
			slot.1 = Some(value);
			return id(index, slot.0);
		}
		self.slots.push((0, Some(value)));
		id((self.slots.len() - 1) as u32, 0)
	}

	pub(super) fn get(&self, at: ParticipantId) -> Option<&T> {
		let (generation, value) = self.slots.get(at.0 as u32 as usize)?;
		value.as_ref().filter(|_| *generation == (at.0 >> 32) as u32)
	}

	pub(super) fn get_mut(&mut self, at: ParticipantId) -> Option<&mut T> {
		let (generation, value) = self.slots.get_mut(at.0 as u32 as usize)?;
		value.as_mut().filter(|_| *generation == (at.0 >> 32) as u32)
	}

	pub(super) fn remove(&mut self, at: ParticipantId) -> Option<T> {
		let index = at.0 as u32;
		let slot = self.slots.get_mut(index as usize).filter(|s| s.0 == (at.0 >> 32) as u32)?;
		let value = slot.1.take()?;
		self.len -= 1;
		// A slot whose generations are used up is not used again.
		if let Some(next) = slot.0.checked_add(1) {
			slot.0 = next;
			self.free.push(index);
		}
		Some(value)
	}

	pub(super) fn len(&self) -> usize {
		self.len
	}

	pub(super) fn ids(&self) -> impl Iterator<Item = ParticipantId> + '_ {
		self.slots.iter().enumerate().filter(|(_, s)| s.1.is_some()).map(|(i, s)| id(i as u32, s.0))
	}
}

fn id(index: u32, generation: u32) -> ParticipantId {
	ParticipantId(u64::from(generation) << 32 | u64::from(index))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn old_handle_finds_nothing_when_slot_is_reused() {
		let mut slab = Slab::default();
		let a = slab.insert('a');
		assert_eq!(slab.remove(a), Some('a'));
		let b = slab.insert('b');
		assert_ne!(a, b);
		assert_eq!(slab.remove(a), None);
		assert_eq!((slab.get(a), slab.get(b), slab.len()), (None, Some(&'b'), 1));
		assert_eq!(slab.ids().collect::<Vec<_>>(), [b]);
	}
}
