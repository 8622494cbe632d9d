//! The program that is measured: the `weft` binary itself, run as anybody would run it, and what the operating system
//! says it has used. Must not reach into its crates.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::Value;

use crate::pause::pause;

/// The `weft` binary.
#[derive(Debug, Clone)]
pub(crate) struct Program(PathBuf);

/// What an import said and used.
#[derive(Debug, Clone)]
pub(crate) struct Imported {
    /// The last line on its standard output.
    pub(crate) report: Value,
    /// From start to end of the process.
    pub(crate) wall: Duration,
    /// Processor time of the process, in user and system mode together.
    pub(crate) cpu: Duration,
}

impl Program {
    /// `WEFT_BIN`, or the release build of this repository.
    pub(crate) fn find(target: &Path) -> anyhow::Result<Self> {
        let built = target.join("release/weft");
        let chosen = std::env::var_os("WEFT_BIN").map_or(built, PathBuf::from);
        let path = chosen.canonicalize().ok().filter(|path| path.is_file()).with_context(|| {
            format!(
                "there is no {}. Build it first with `cargo build --release -p weft`, or say where it is in WEFT_BIN",
                chosen.display()
            )
        })?;
        Ok(Self(path))
    }

    /// Its file.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Takes files or folders in, and waits.
    pub(crate) fn import(&self, data: &Path, paths: &[&Path]) -> anyhow::Result<Imported> {
        let started = Instant::now();
        let mut child = self
            .command(data, "import")
            .arg("--invented")
            .args(paths)
            .stderr(Stdio::inherit())
            .spawn()
            .with_context(|| format!("cannot start {}", self.0.display()))?;
        let mut said = String::new();
        if let Some(mut out) = child.stdout.take() {
            out.read_to_string(&mut said)?;
        }
        // Ended, but not yet waited for: the system still knows what it has used.
        while !matches!(state(child.id()), None | Some('Z')) {
            pause(Duration::from_millis(1));
        }
        let (wall, cpu) = (started.elapsed(), cpu_of(child.id()));
        let status = child.wait()?;
        let last = said.lines().last().unwrap_or_default();
        let report: Value = serde_json::from_str(last)
            .with_context(|| format!("weft import ended ({status}) without its report; it said: {said}"))?;
        Ok(Imported { report, wall, cpu })
    }

    /// Serves a data folder on a free port, with the demonstration's sign-in and without limits on haste: one client here asks as
    /// fast as a borough of them.
    pub(crate) fn serve(&self, data: &Path) -> anyhow::Result<Server> {
        let config = data.join("weft.toml");
        std::fs::write(&config, "[limits]\nsign_ins_a_minute = 0\nsearches_a_minute = 0\n")
            .with_context(|| format!("cannot write {}", config.display()))?;
        let started = Instant::now();
        let mut child = self
            .command(data, "serve")
            .args(["--listen", "127.0.0.1:0", "--demo-sign-in"])
            .spawn()
            .with_context(|| format!("cannot start {}", self.0.display()))?;
        let out = child.stdout.take().context("weft serve has no standard output")?;
        // Owned from here on, so that it is stopped whatever happens next.
        let mut server = Server { child, address: String::new(), started };
        let mut lines = BufReader::new(out).lines();
        let found = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("Serving on http://")?.1.trim().to_owned()));
        server.address = found.context("weft serve ended before it said where it serves")?;
        Ok(server)
    }

    fn command(&self, data: &Path, task: &str) -> Command {
        let mut command = Command::new(&self.0);
        command.arg(task).arg("--data").arg(data).stdin(Stdio::null()).stdout(Stdio::piped());
        // The settings of whoever runs the measurement must not decide it.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("WEFT_") {
                command.env_remove(name);
            }
        }
        command
    }
}

/// A server that is stopped when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
    /// When its process was started.
    pub(crate) started: Instant,
}

impl Server {
    /// Processor time so far.
    pub(crate) fn cpu(&self) -> Duration {
        cpu_of(self.child.id())
    }

    /// The most memory it has held, in megabytes.
    pub(crate) fn peak_megabytes(&self) -> u64 {
        peak_megabytes_of(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked to stop first, so that it folds its log back; then made to.
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        let until = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            pause(Duration::from_millis(5));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The most memory a process has held, in megabytes; nought where the system does not say.
pub(crate) fn peak_megabytes_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// Processor time of this process, all its threads together.
pub(crate) fn own_cpu() -> Duration {
    cpu_of(std::process::id())
}

/// User and system time of a process; zero where the system does not say. Linux counts it in hundredths of a second.
pub(crate) fn cpu_of(process: u32) -> Duration {
    let Some(fields) = after_name(process) else { return Duration::ZERO };
    let ticks = |place: usize| fields.split(' ').nth(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

fn state(process: u32) -> Option<char> {
    after_name(process)?.chars().next()
}

/// The line of a process in `/proc`, from its state on; before that stands its name, which may hold anything.
fn after_name(process: u32) -> Option<String> {
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    Some(line.rsplit_once(") ")?.1.to_owned())
}
