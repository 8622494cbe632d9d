//! The bed gate: may a hospital bed be closed? Its own answer is NO until nine refusals are answered one by one.

pub mod batch;
pub mod calibrate;
pub mod design;
pub(crate) mod draw;
pub mod evidence;
pub mod grid;
pub mod kernel;
pub mod linear;
pub mod prove;
pub mod student;
pub mod sustained;
pub mod world;
