//! The face: pages in the NHS design system, rendered on the server, working without JavaScript, on a phone, by
//! keyboard and printed. HTML and HTTP stand only here.
//!
//! - [`components`]: the design system's components as small structs, tested against the fixtures of its package.
//! - [`layout`]: the shell of every page. [`pages`]: one module a page: a view model of ready-made strings and `render`.
//! - [`words`]: dates, times and ages in plain words. [`assets`]: the bundled style sheets and scripts.
//! - [`headers`]: the security headers of every answer.
//!
//! ```
//! use web::components::{Colour, Tag};
//! let tag = Tag::new("Up to <date>").coloured(Colour::Green);
//! assert!(tag.to_string().contains("Up to &#60;date&#62;"));
//! ```

pub mod app;
pub mod assets;
mod choice;
pub mod components;
mod desk;
mod fhir;
mod guard;
pub mod headers;
pub mod layout;
mod live;
pub mod pages;
mod personas;
pub mod rate;
pub mod route;
mod session;
pub mod words;

pub use app::{Advice, Door, Heads, Parts, State, app};
pub use guard::Peer;
pub use rate::Rates;
