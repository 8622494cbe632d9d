//! The peer's process: Node with the in-memory repository, installed by lock file, stopped when it is dropped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context;

use crate::program::{cpu_of, peak_megabytes_of};

/// The peer, running.
pub(super) struct Peer {
    child: Child,
    pub(super) address: String,
}

impl Peer {
    /// Installs what it needs, unless that is there.
    pub(super) fn install(root: &Path) -> anyhow::Result<()> {
        let folder = root.join("bench/fhir");
        if folder.join("node_modules/.package-lock.json").is_file() {
            return Ok(());
        }
        let done = Command::new("npm")
            .current_dir(folder)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .stdout(Stdio::null())
            .status()
            .context("cannot start npm")?;
        anyhow::ensure!(done.success(), "npm ci failed in bench/fhir");
        Ok(())
    }

    pub(super) fn start(root: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new("node")
            .current_dir(root.join("bench/fhir"))
            .args(["--max-old-space-size=8192", "peer.mjs"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start node")?;
        let out = child.stdout.take();
        let mut peer = Self { child, address: String::new() };
        let lines = BufReader::new(out.context("the peer has no standard output")?).lines();
        let found = lines.map_while(Result::ok).find_map(|line| Some(line.split_once("http://")?.1.trim().to_owned()));
        peer.address = found.context("the peer ended before it said where it serves")?;
        Ok(peer)
    }

    pub(super) fn cpu(&self) -> Duration {
        cpu_of(self.child.id())
    }

    pub(super) fn peak_megabytes(&self) -> u64 {
        peak_megabytes_of(self.child.id())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
