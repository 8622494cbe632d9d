//! A PostgreSQL of our own for the length of a run: loopback only, a free port, a folder that goes away with it.
//! Never touches a server that is already on the machine.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use anyhow::Context;

use crate::{say, shell, toolbox};

/// The variable that tells tests where their PostgreSQL is.
pub(crate) const VARIABLE: &str = "WEFT_TEST_POSTGRES";

const FOLDER: &str = "weft-postgres-";

/// A running server. Dropping it stops the server and removes its folder.
pub(crate) struct Server {
    process: Child,
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<(u32, u32)>,
    /// Where to connect.
    pub(crate) url: String,
}

impl Server {
    /// Makes a new, empty database and waits until it answers.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let programs = toolbox::postgres_programs().with_context(|| {
            format!(
                "There is no PostgreSQL {} or later on this machine, so the tests that need one cannot run. \
                 Install it (on Debian or Ubuntu: apt-get install postgresql) and run this again.",
                toolbox::OLDEST_POSTGRES
            )
        })?;
        sweep(&programs);
        let owner = owner()?;
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}", std::process::id()));
        let data = folder.join("data");
        std::fs::create_dir_all(&data).with_context(|| format!("Making {}", data.display()))?;
        if let Some((user, group)) = owner {
            for path in [&folder, &data] {
                std::os::unix::fs::chown(path, Some(user), Some(group))?;
            }
        }
        let made = as_owner(&programs, "initdb", owner, &folder)
            .arg("--pgdata")
            .arg(&data)
            .args(["--username=weft", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .output()
            .context("Starting initdb")?;
        anyhow::ensure!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim());

        let port = free_port()?;
        let (process, log) = launch(&programs, owner, &folder, port)?;
        let url = format!("postgres://weft@127.0.0.1:{port}/postgres");
        // From here on the guard owns the process: an early return stops it.
        let server = Self { process, programs, folder, owner, url };
        log.wait_until_ready()?;
        say::line(&format!("PostgreSQL is up: {VARIABLE}={}", server.url));
        Ok(server)
    }

    /// Tells a command where this server is.
    pub(crate) fn tell(server: Option<&Self>, command: &mut Command) {
        match server {
            Some(server) => command.env(VARIABLE, &server.url),
            None => command,
        };
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let stopped = as_owner(&self.programs, "pg_ctl", self.owner, &self.folder)
            .args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            self.process.kill().ok();
        }
        self.process.wait().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// `cargo xtask postgres -- COMMAND`: the command with a server up; true if it succeeded.
pub(crate) fn run_with(words: &[String]) -> anyhow::Result<bool> {
    let words = words.strip_prefix(&["--".to_owned()]).unwrap_or(words);
    let (program, arguments) = words
        .split_first()
        .context("Say what to run, for example: cargo xtask postgres -- cargo test -p weft-store")?;
    let server = Server::start()?;
    let mut command = Command::new(program);
    command.args(arguments);
    Server::tell(Some(&server), &mut command);
    shell::run(&mut command)
}

/// Who runs the server: PostgreSQL refuses to be run by root, so root lends it to `postgres`.
fn owner() -> anyhow::Result<Option<(u32, u32)>> {
    if !toolbox::is_root() {
        return Ok(None);
    }
    if toolbox::user("postgres").is_none() {
        shell::run(Command::new("useradd").args(["--system", "--user-group", "postgres"]))?;
    }
    toolbox::user("postgres")
        .context("PostgreSQL may not run as root, and a user `postgres` could not be made")
        .map(Some)
}

fn as_owner(programs: &Path, program: &str, owner: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(programs.join(program));
    command.current_dir(folder).env("LC_ALL", "C").stdin(Stdio::null());
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// A port nobody has. Somebody may take it before the server does; then the server says so and the run fails clearly.
fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("Looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

/// Starts the server as our child, so that Ctrl-C reaches it too.
fn launch(programs: &Path, owner: Option<(u32, u32)>, folder: &Path, port: u16) -> anyhow::Result<(Child, Log)> {
    let mut server = as_owner(programs, "postgres", owner, folder);
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    // The tests crash programs and connections, never the machine: syncing to disk would prove nothing and cost minutes.
    for setting in ["fsync=off", "full_page_writes=off", "max_connections=200", "log_min_messages=log"] {
        server.args(["-c", setting]);
    }
    let mut process =
        server.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("Starting the PostgreSQL server")?;
    let stream = process.stderr.take().context("The server's log cannot be read")?;
    Ok((process, Log::follow(stream)))
}

/// What the server writes, read to its end so that it never blocks on us.
struct Log {
    ready: std::sync::mpsc::Receiver<()>,
    text: Arc<Mutex<String>>,
}

impl Log {
    fn follow(stream: impl std::io::Read + Send + 'static) -> Self {
        let (sender, ready) = std::sync::mpsc::channel();
        let text = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&text);
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if line.contains("ready to accept connections") {
                    sender.send(()).ok();
                } else if let Ok(mut kept) = kept.lock() {
                    kept.push_str(&line);
                    kept.push('\n');
                }
            }
        });
        Self { ready, text }
    }

    fn wait_until_ready(&self) -> anyhow::Result<()> {
        self.ready.recv_timeout(std::time::Duration::from_secs(60)).map_err(|_| {
            let text = self.text.lock().map(|text| text.clone()).unwrap_or_default();
            anyhow::anyhow!("PostgreSQL did not come up within a minute. Its log says:\n{}", text.trim())
        })
    }
}

/// Stops and removes what an earlier run left behind when it was killed outright.
fn sweep(programs: &Path) {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for folder in entries.flatten().map(|entry| entry.path()) {
        let Some(pid) = folder.file_name().and_then(|name| name.to_str()?.strip_prefix(FOLDER)) else { continue };
        if Path::new("/proc").join(pid).exists() || !Path::new("/proc/self").exists() {
            continue;
        }
        as_owner(programs, "pg_ctl", owner().ok().flatten(), Path::new("/"))
            .args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(folder.join("data"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .ok();
        std::fs::remove_dir_all(&folder).ok();
    }
}
