//! The bed gate: may a hospital bed be closed? Its own answer is NO until every refusal is answered, one by one; each NO says what
//! would change it.
//!
//! A protocol is frozen before the first month ([`protocol`]). Every month is looked at once it is over ([`look`]): whether the extra
//! people are there ([`capacity`]), whether the figures can be relied on ([`book`]), whether the fall is real ([`evidence`], against the
//! threshold of [`calibrate`]), lasts ([`sustained`]), and frees enough beds ([`beds`]). [`decision`] keeps it all, takes the two sides'
//! signatures, and after beds have gone looks for harm ([`harm`]). [`prove`] shows on invented worlds what the evidence is worth.
//! Nothing here closes a bed; people do.

pub mod batch;
pub mod beds;
pub mod book;
pub mod calibrate;
pub mod canonical;
pub mod capacity;
pub mod decision;
pub mod design;
pub(crate) mod draw;
pub mod evidence;
pub mod grid;
pub mod harm;
pub mod kernel;
pub mod linear;
pub mod look;
pub mod month;
pub mod placebo;
pub mod protocol;
pub mod prove;
pub mod refusal;
pub mod student;
pub mod sustained;
pub mod table;
pub mod world;
