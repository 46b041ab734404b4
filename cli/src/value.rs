//! Dynamic values as people read them: bytes as hex, single-field wrappers without their wrapper.

use subxt::{
	dynamic::Value,
	ext::scale_value::{Composite, Primitive, ValueDef},
};

/// Fewest bytes that are shown as hex rather than as a list.
const MIN_BYTES: usize = 4;

/// A value in a line.
pub fn show<T>(value: &Value<T>) -> String {
	match &value.value {
		ValueDef::Composite(composite) => show_composite(composite),
		ValueDef::Variant(variant) if variant.values.is_empty() => variant.name.clone(),
		ValueDef::Variant(variant) => {
			format!("{} {}", variant.name, show_composite(&variant.values))
		}
		ValueDef::Primitive(Primitive::String(text)) => format!("{text:?}"),
		ValueDef::Primitive(primitive) => match primitive {
			Primitive::Bool(b) => b.to_string(),
			Primitive::U128(n) => n.to_string(),
			Primitive::I128(n) => n.to_string(),
			other => format!("{other:?}"),
		},
		ValueDef::BitSequence(bits) => format!("{bits:?}"),
	}
}

fn show_composite<T>(composite: &Composite<T>) -> String {
	match composite {
		Composite::Named(fields) => {
			let fields: Vec<_> =
				fields.iter().map(|(name, value)| format!("{name}: {}", show(value))).collect();
			fields.join(", ")
		}
		Composite::Unnamed(values) => {
			if let Some(bytes) = bytes(values).filter(|bytes| bytes.len() >= MIN_BYTES) {
				return format!("0x{}", hex::encode(bytes));
			}
			let shown: Vec<_> = values.iter().map(show).collect();
			match shown.as_slice() {
				[one] => one.clone(),
				_ => format!("({})", shown.join(", ")),
			}
		}
	}
}

fn bytes<T>(values: &[Value<T>]) -> Option<Vec<u8>> {
	let byte = |value: &Value<T>| match &value.value {
		ValueDef::Primitive(Primitive::U128(n)) => u8::try_from(*n).ok(),
		_ => None,
	};
	values.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn keys_are_hex_and_wrappers_vanish() {
		let key = Value::unnamed_composite([Value::from_bytes([0x11; 32])]);
		let event = Value::named_composite([
			("key", key),
			("until", Value::unnamed_variant("Some", [Value::u128(500)])),
			("limit", Value::u128(3)),
			("status", Value::unnamed_variant("Active", [])),
		]);
		let expected =
			format!("key: 0x{}, until: Some 500, limit: 3, status: Active", "11".repeat(32));
		assert_eq!(show(&event), expected);
		assert_eq!(show(&Value::unnamed_composite([Value::u128(1), Value::u128(2)])), "(1, 2)");
	}
}
