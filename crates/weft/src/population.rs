//! `weft population`: later.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Build
    Build,
}

pub(crate) fn run(_settings: &crate::settings::Settings, _task: &Task) -> anyhow::Result<()> {
    Ok(())
}
