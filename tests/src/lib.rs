//! What the tests of the whole share: a database of each kind for one test, a fixed clock, seeded randomness, and the
//! repository's samples read as the feeds of the place read them. It must hold no expectations: those stand in the tests.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "only tests use this, and a test that cannot be set up has to fail loudly"
)]

pub mod api;
pub mod database;
pub mod entropy;
pub mod lamp;
pub mod linkage;
pub mod outside;
pub mod people;
pub mod samples;

pub use database::{Database, on_both};
pub use entropy::{Seeded, at};

/// Says loudly that a test was left out; in CI nothing may be.
pub fn left_out(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "in CI this must run: {why}");
    eprintln!("LEFT OUT: {why}");
}

/// Lets a moment pass, for tests of what happens between two moments: a wait for something that never comes.
pub fn pause(moment: std::time::Duration) {
    let (_open, never) = std::sync::mpsc::channel::<()>();
    let _timeout = never.recv_timeout(moment);
}
