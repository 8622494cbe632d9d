//! A synthetic borough: invented people who, added up, meet the published facts of the place, and the messages that their
//! hospital, practices, council and other services would send about them.
//!
//! Everything is a pure function of ([`Settings`], person number, day): the same seed gives the same borough to the byte,
//! and any person and any day can be made alone. A sheet of some twenty bytes a person is held, because published totals
//! bind people to each other; nothing else is. Names and addresses are invented; NHS numbers come from the 999 test range
//! only. This crate must not know the store, the record or the clock.

mod address;
pub mod arrivals;
mod borough;
mod census;
mod conditions;
mod draw;
pub mod event;
mod facts;
mod frailty;
mod ground;
mod households;
mod life;
pub mod message;
mod names;
mod number;
pub mod person;
pub mod report;
mod roles;
pub mod settings;
mod sheet;
pub mod truth;

pub use arrivals::Arrivals;
pub use borough::Borough;
pub use event::Event;
pub use facts::Error;
pub use message::{Delivery, Message, Services, Window};
pub use person::Person;
pub use settings::{Settings, World};
