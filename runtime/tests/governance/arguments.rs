//! Every call of the runtime, with arguments made for it.
//!
//! Which pallets, calls and arguments there are is read from the type that clients are told (`scale-info`), so nothing that is
//! added can be forgotten. Arguments are bytes that the types say, taken from what there is in storage where a type says what
//! is meant (accounts, hashes, numbers of things), and decoded as a transaction is.

use codec::{Compact, Decode, Encode};
use dtel_primitives::DTEL;
use dtel_runtime::{governance::parameters::Shares, AccountId, RuntimeCall};
use scale_info::{form::PortableForm, MetaType, PortableRegistry, Type, TypeDef, TypeDefPrimitive};

/// A call, by its bytes and its names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Variant {
	pub index: [u8; 2],
	pub pallet: String,
	pub call: String,
}

impl Variant {
	pub fn name(&self) -> String {
		format!("{}::{}", self.pallet, self.call)
	}
}

/// Makes arguments. The same seed makes the same.
pub struct Maker {
	types: PortableRegistry,
	call: u32,
	seed: u64,
	/// Accounts that arguments are taken from.
	pub accounts: Vec<AccountId>,
	/// Hashes that stand for something.
	pub hashes: Vec<[u8; 32]>,
	/// The running block.
	pub block: u32,
	/// The time that the next block may have.
	pub moment: u64,
}

/// A type that nothing has, or nesting that is too deep.
struct Impossible;

/// How deep calls are in calls.
const DEEPEST: u32 = 3;

impl Maker {
	pub fn new(seed: u64) -> Self {
		let mut types = scale_info::Registry::new();
		let call = types.register_type(&MetaType::new::<RuntimeCall>()).id;
		Self {
			types: types.into(),
			call,
			seed,
			accounts: vec![AccountId::new([7; 32])],
			hashes: vec![[9; 32]],
			block: 1,
			moment: 0,
		}
	}

	/// Every call that there is.
	pub fn variants(&self) -> Vec<Variant> {
		let pallets = variants(self.of(self.call));
		let calls = pallets.iter().flat_map(|pallet| {
			let calls = variants(self.of(pallet.fields[0].ty.id));
			calls.iter().map(|call| Variant {
				index: [pallet.index, call.index],
				pallet: pallet.name.clone(),
				call: call.name.clone(),
			})
		});
		calls.collect()
	}

	fn of(&self, id: u32) -> &Type<PortableForm> {
		self.types.resolve(id).expect("registered")
	}

	/// A call of this kind. Panics if a thousand times nothing decodes.
	pub fn make(&mut self, variant: &Variant) -> RuntimeCall {
		for _ in 0..1_000 {
			let mut bytes = Vec::new();
			if self.write_call(variant.index, 0, &mut bytes).is_err() {
				continue;
			}
			let input = &mut &bytes[..];
			match RuntimeCall::decode(input) {
				Ok(call) if input.is_empty() => return call,
				_ => (),
			}
		}
		panic!("no arguments could be made for {}", variant.name())
	}

	fn write_call(
		&mut self,
		[pallet, call]: [u8; 2],
		depth: u32,
		out: &mut Vec<u8>,
	) -> Result<(), Impossible> {
		out.extend([pallet, call]);
		// Any other time is a bug of whoever made the block, and stops it.
		if [pallet, call] == [2, 0] {
			Compact(self.moment).encode_to(out);
			return Ok(());
		}
		let fields = {
			let pallets = variants(self.of(self.call));
			let found = pallets.iter().find(|variant| variant.index == pallet).ok_or(Impossible)?;
			let calls = variants(self.of(found.fields[0].ty.id));
			let found = calls.iter().find(|variant| variant.index == call).ok_or(Impossible)?;
			found.fields.iter().map(|field| field.ty.id).collect::<Vec<_>>()
		};
		fields.into_iter().try_for_each(|id| self.write(id, depth + 1, out))
	}

	fn write(&mut self, id: u32, depth: u32, out: &mut Vec<u8>) -> Result<(), Impossible> {
		let ty = self.of(id).clone();
		let name = ty.path.segments.last().map(String::as_str).unwrap_or_default();
		match name {
			"RuntimeCall" => return self.write_nested(depth, out),
			"AccountId32" => {
				let account = self.pick(self.accounts.len());
				out.extend(self.accounts[account].encode());
				return Ok(());
			}
			"MultiAddress" if !self.one_in(10) => {
				let account = self.pick(self.accounts.len());
				out.push(0);
				out.extend(self.accounts[account].encode());
				return Ok(());
			}
			"H256" if !self.one_in(4) => {
				let hash = self.pick(self.hashes.len());
				out.extend(self.hashes[hash]);
				return Ok(());
			}
			"Shares" => {
				Shares::DEFAULT.encode_to(out);
				return Ok(());
			}
			_ => (),
		}
		match ty.type_def {
			TypeDef::Composite(composite) => {
				composite.fields.iter().try_for_each(|field| self.write(field.ty.id, depth, out))
			}
			TypeDef::Variant(variant) => {
				if variant.variants.is_empty() {
					return Err(Impossible);
				}
				let chosen = &variant.variants[self.pick(variant.variants.len())];
				out.push(chosen.index);
				chosen.fields.iter().try_for_each(|field| self.write(field.ty.id, depth, out))
			}
			TypeDef::Sequence(sequence) => self.write_many(sequence.type_param.id, depth, out),
			TypeDef::Array(array) => {
				(0..array.len).try_for_each(|_| self.write(array.type_param.id, depth, out))
			}
			TypeDef::Tuple(tuple) => {
				tuple.fields.iter().try_for_each(|field| self.write(field.id, depth, out))
			}
			TypeDef::Primitive(primitive) => {
				self.write_primitive(&primitive, out);
				Ok(())
			}
			TypeDef::Compact(compact) => {
				let mut bytes = Vec::new();
				self.write(compact.type_param.id, depth, &mut bytes)?;
				bytes.resize(16, 0);
				let number = u128::decode(&mut &bytes[..]).map_err(|_| Impossible)?;
				Compact(number).encode_to(out);
				Ok(())
			}
			TypeDef::BitSequence(_) => Err(Impossible),
		}
	}

	fn write_nested(&mut self, depth: u32, out: &mut Vec<u8>) -> Result<(), Impossible> {
		let variants = self.variants();
		let variant = variants[self.pick(variants.len())].clone();
		if depth > DEEPEST {
			return Err(Impossible);
		}
		self.write_call(variant.index, depth, out)
	}

	fn write_many(&mut self, id: u32, depth: u32, out: &mut Vec<u8>) -> Result<(), Impossible> {
		let bytes = matches!(self.of(id).type_def, TypeDef::Primitive(TypeDefPrimitive::U8));
		let len = if bytes { self.pick(40) } else { self.pick(4) };
		Compact(len as u32).encode_to(out);
		(0..len).try_for_each(|_| self.write(id, depth, out))
	}

	fn write_primitive(&mut self, primitive: &TypeDefPrimitive, out: &mut Vec<u8>) {
		use TypeDefPrimitive::*;
		match primitive {
			Bool => (self.pick(2) == 1).encode_to(out),
			U8 => (self.next() as u8).encode_to(out),
			U16 => [0u16, 1, 2, 3, 10, 20, 30, 1_000, u16::MAX][self.pick(9)].encode_to(out),
			U32 => {
				let now = self.block;
				let any = self.next() as u32;
				let numbers = [0, 0, 1, 1, 2, 3, 4, now, now + 100, any, u32::MAX];
				numbers[self.pick(numbers.len())].encode_to(out)
			}
			U64 => [0u64, 1, 1_000, 1_000_000_000, u64::MAX][self.pick(5)].encode_to(out),
			U128 => {
				let amounts = [
					0,
					1,
					100,
					100_000,
					DTEL / 10,
					DTEL,
					60 * DTEL,
					500 * DTEL,
					1_000 * DTEL,
					5_000 * DTEL,
					100_000 * DTEL,
					1_000_000 * DTEL,
					1_000_000_000 * DTEL,
					u128::MAX,
				];
				amounts[self.pick(amounts.len())].encode_to(out)
			}
			Str => "text".encode_to(out),
			I8 => (self.next() as i8).encode_to(out),
			I16 => [0i16, 1, -1, 525, i16::MIN][self.pick(5)].encode_to(out),
			I32 => (self.next() as i32).encode_to(out),
			I64 => (self.next() as i64).encode_to(out),
			Char => out.extend([b'c', 0, 0, 0]),
			I128 => out.extend([0; 16]),
			U256 | I256 => out.extend([0; 32]),
		}
	}

	/// The next number of a sequence (Steele, Lea and Flood, 2014: SplitMix64).
	fn next(&mut self) -> u64 {
		self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mut z = self.seed;
		z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
		z ^ (z >> 31)
	}

	fn pick(&mut self, of: usize) -> usize {
		(self.next() % of as u64) as usize
	}

	fn one_in(&mut self, of: usize) -> bool {
		self.pick(of) == 0
	}
}

fn variants(ty: &Type<PortableForm>) -> &[scale_info::Variant<PortableForm>] {
	match &ty.type_def {
		TypeDef::Variant(variant) => &variant.variants,
		_ => panic!("calls are enums"),
	}
}
