//! Tells the node its version.

fn main() {
	substrate_build_script_utils::generate_cargo_keys();
}
