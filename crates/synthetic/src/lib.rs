//! A synthetic borough: invented people who, added up, meet the published facts of the place, and the messages that their
//! hospital, practices, council and other services would send about them.
//!
//! Everything is a pure function of ([`Settings`], person number, day): the same seed gives the same borough to the byte,
//! any person and any day can be made alone, and nothing is held but the one person in hand. Names and addresses are
//! invented; NHS numbers come from the 999 test range only. This crate must not know the store, the record or the clock.

pub mod event;
pub mod message;
pub mod person;
pub mod settings;
pub mod truth;

pub use event::Event;
pub use message::{Delivery, Message, Services, Window};
pub use person::Person;
pub use settings::{Settings, World};
