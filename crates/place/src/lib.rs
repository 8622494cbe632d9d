//! The vocabulary of one place, and the place itself as data: neighbourhoods, practices, care homes, partner
//! organisations, services, areas, feeds and bank holidays. A place is a folder of TOML and CSV files; another borough
//! is another folder. Knows no database, no clock and no person.
//!
//! The binary carries Stockport; a folder on disk is read the same way, and every mistake in it is told at once with
//! its file and line:
//!
//! ```
//! use place::{OdsCode, Place};
//!
//! let place = Place::built_in()?;
//! let code: OdsCode = "P88002".parse()?;
//! let neighbourhood = place.neighbourhood_of_practice(&code).ok_or("no such practice")?;
//! assert_eq!(neighbourhood.name, "Marple");
//! assert!(!place.calendar().is_working_day(jiff::civil::date(2016, 12, 27))?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod about;
pub mod area;
pub mod calendar;
pub mod care_home;
mod check;
pub mod clock;
pub mod condition;
pub mod feed;
pub mod files;
pub mod home;
mod lines;
pub mod money;
pub mod neighbourhood;
pub mod nhs_number;
pub mod ods_code;
pub mod organisation;
pub mod place;
pub mod postcode;
pub mod postcodes;
pub mod practice;
pub mod problems;
pub mod rounding;
mod rows;
pub mod service;
pub mod slug;
pub mod suppression;
pub mod system;

pub use about::{About, Basis};
pub use area::Area;
pub use calendar::{BeyondCalendar, Calendar, Holiday};
pub use care_home::{CareHome, HomeKind};
pub use clock::{Clock, ClockVersion, Running, Tag, Unit, Within};
pub use condition::Condition;
pub use feed::{Feed, Format};
pub use files::{Beside, BuiltIn, Files, Folder};
pub use home::{Care, Home, Lives, Residence, Who};
pub use lines::Lines;
pub use money::{Money, MoneyError};
pub use neighbourhood::Neighbourhood;
pub use nhs_number::{NhsNumber, NhsNumberError};
pub use ods_code::{OdsCode, OdsCodeError};
pub use organisation::{Organisation, OrganisationKind, Site};
pub use place::Place;
pub use postcode::{Postcode, PostcodeError};
pub use practice::{Practice, PracticeStatus};
pub use problems::{Problem, Problems};
pub use service::{Capacity, Days, Direction, Era, Hours, Level, Opens, Service};
pub use slug::{Slug, SlugError};
pub use system::RecordSystem;
