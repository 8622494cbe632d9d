//! The sample feeds of the repository, inside the binary: (name, bytes), in the order in which the demonstration takes them
//! in. Invented people and open samples only; each folder's SOURCES.md says which is which.

include!(concat!(env!("OUT_DIR"), "/samples.rs"));
