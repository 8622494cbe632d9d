//! Measuring speed and size: the release build of `bench/`. Not part of `test`, since a busy machine would fail it.

use std::path::Path;

use crate::cargo::cargo;
use crate::outcome::Outcome;
use crate::shell;

/// Runs the benchmarks, handing on what was asked of them.
pub(crate) fn run(root: &Path, arguments: &[String]) -> anyhow::Result<Outcome> {
    let ran = shell::run(cargo(root).args(["run", "--release", "--package", "weft-bench", "--"]).args(arguments))?;
    if ran { Ok(Outcome::Done) } else { Ok(Outcome::Failed("the benchmark ended badly; see above.".to_owned())) }
}
