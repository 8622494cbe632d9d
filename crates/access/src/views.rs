//! The tables of access and the only SQL about them.

pub mod glass;
pub mod look;
pub mod oversight;
pub mod question;
pub mod seal;
pub mod session;
pub mod sharing;
