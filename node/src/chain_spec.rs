//! Chain specifications: the runtime's presets, with a name and an address format.

use sc_service::{ChainType, Properties};

/// A chain specification.
pub type ChainSpec = sc_service::GenericChainSpec;

fn properties() -> Properties {
	let mut properties = Properties::new();
	properties.insert("tokenSymbol".into(), "DTEL".into());
	properties.insert("tokenDecimals".into(), 18.into());
	properties.insert("ss58Format".into(), 42.into());
	properties
}

fn preset(name: &str, id: &str, chain: ChainType, preset: &str) -> Result<ChainSpec, String> {
	let wasm = dtel_runtime::WASM_BINARY.ok_or(
		"this binary was built with SKIP_WASM_BUILD and holds no runtime; build it without",
	)?;
	Ok(ChainSpec::builder(wasm, None)
		.with_name(name)
		.with_id(id)
		.with_chain_type(chain)
		.with_protocol_id("dtel")
		.with_properties(properties())
		.with_genesis_config_preset_name(preset)
		.build())
}

/// The specification called `id`, or the file of that path.
pub fn load(id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
	Ok(Box::new(match id {
		"dev" => preset(
			"dTelecom Development",
			"dtelecom_dev",
			ChainType::Development,
			sp_genesis_builder::DEV_RUNTIME_PRESET,
		)?,
		"" | "local" => preset(
			"dTelecom Local Network",
			"dtelecom_local",
			ChainType::Local,
			dtel_runtime::genesis_presets::LOCAL,
		)?,
		// A template: its accounts and keys are those of well-known seeds.
		"launch" => preset(
			"dTelecom Launch Template",
			"dtelecom_launch",
			ChainType::Custom("Template".into()),
			dtel_runtime::genesis_presets::LAUNCH,
		)?,
		path => ChainSpec::from_json_file(path.into())?,
	}))
}
