//! The tables of access and the only SQL about them.

pub mod audit;
pub mod back;
pub mod glass;
pub mod look;
pub mod oversight;
pub mod pattern;
pub mod question;
pub mod review;
pub mod seal;
pub mod session;
pub mod sharing;
