//! Running other programs: passed through to the terminal, and read by us where a count is wanted.
//! Never goes through a shell: arguments stay arguments.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use anyhow::Context;

use crate::say;

/// What a finished program left.
pub(crate) struct Finished {
    /// True if it ended with status 0.
    pub(crate) success: bool,
    /// Everything it wrote, both streams in the order the lines came, without colours.
    pub(crate) text: String,
}

/// The root of the repository: the folder above this package.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
    let root = here.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let root = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
    anyhow::ensure!(
        root.join("Cargo.toml").is_file(),
        "Cannot find the repository above {}. Run this as `cargo xtask` inside it.",
        here.display()
    );
    Ok(root)
}

/// True if a program of this name is on the PATH.
pub(crate) fn exists(program: &str) -> bool {
    find(program).is_some()
}

/// Where a program of this name is on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Runs a program with our own terminal; true if it ended with status 0.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<bool> {
    announce(command);
    let status = command.status().with_context(|| cannot_start(command))?;
    Ok(status.success())
}

/// Runs a program, passing what it writes through line by line and keeping it.
pub(crate) fn run_and_read(command: &mut Command) -> anyhow::Result<Finished> {
    announce(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let (sender, lines) = mpsc::channel();
    let readers = [
        child.stdout.take().map(|stream| pump(stream, sender.clone())),
        child.stderr.take().map(|stream| pump(stream, sender.clone())),
    ];
    drop(sender);
    let mut text = String::new();
    for line in lines {
        say::through(&line);
        text.push_str(&without_colours(&String::from_utf8_lossy(&line)));
    }
    for reader in readers.into_iter().flatten() {
        reader.join().ok();
    }
    let status = child.wait().with_context(|| format!("Waiting for {command:?}"))?;
    Ok(Finished { success: status.success(), text })
}

fn pump(stream: impl Read + Send + 'static, sender: mpsc::Sender<Vec<u8>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        loop {
            let mut line = Vec::new();
            match stream.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) if sender.send(line).is_err() => return,
                Ok(_) => {}
            }
        }
    })
}

fn announce(command: &Command) {
    let program = Path::new(command.get_program()).file_name().unwrap_or_else(|| command.get_program());
    let words: Vec<_> = std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy()).collect();
    say::line(&format!("$ {}", words.join(" ")));
}

fn cannot_start(command: &Command) -> String {
    format!("Cannot start `{}`. Is it installed and on the PATH?", command.get_program().to_string_lossy())
}

/// The text without terminal colour codes (ESC [ ... letter).
pub(crate) fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            for escaped in characters.by_ref() {
                if escaped.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_off_and_words_kept() {
        assert_eq!(without_colours("\u{1b}[32;1m3\u{1b}[0m passed"), "3 passed");
    }

    #[test]
    fn both_streams_are_read_and_the_status_kept() {
        let finished = run_and_read(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert!(!finished.success);
        assert!(finished.text.contains("out\n") && finished.text.contains("err\n"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("weft-no-such-program")).unwrap_err();
        assert!(format!("{error:#}").contains("weft-no-such-program"));
    }
}
