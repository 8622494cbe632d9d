//! Tests of the whole: each module holds one promise. Nearly all run on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly, in its helping functions too"
)]

mod ask;
mod audit;
mod back;
mod backup;
mod columns;
mod crisis;
mod faults;
mod glass;
mod import;
mod ingest;
mod interaction;
mod linkage;
mod log;
mod migrations;
mod people;
mod plans;
mod population;
mod reads;
mod resources;
mod restricted;
mod search;
mod slots;
mod standing;
mod statements;
mod stays;
mod synthetic;
mod verify;
mod views;
mod withheld;
