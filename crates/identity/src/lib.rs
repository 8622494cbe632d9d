//! Is this the same person? Compares what feeds say of people, weighs it, and divides rows into people. A pure library: it knows
//! no database, no clock, no event and no page, and draws nothing at random. Whoever keeps the record keeps the rows and the
//! decisions; everything else here follows from them.
//!
//! * [`table`] reads a file, [`roll`] holds cleaned rows ([`clean`], [`birth`], [`name`], [`home`]) as numbers ([`text`]);
//! * [`blocking`] finds candidate pairs, [`pattern`] compares them, [`training`] learns a [`model`] that weighs them,
//!   [`explanation`] says why;
//! * [`cluster`] divides what hangs together under a steward's [`constraint`]s; [`link`] does it all for a roll,
//!   [`index`] for one claim at a time; [`saved`] is what was learnt as it is kept, [`desk`] a saved model in use over rows that
//!   are kept elsewhere;
//! * [`evaluation`] measures a division against the [`truth`].
//!
//! ```
//! use identity::{link::{Options, link}, schema::Schema, table::Table};
//!
//! let file = "unique_id,nhs_number,given_name,surname,dob,address_1,postcode\n\
//!     1,9991234578,Margaret,Jones,1948-03-12,12 High Road,SK4 1AA\n\
//!     2,9991234578,Peggy,Jones,1948-03-12,12 High Road,SK4 1AA\n\
//!     3,,Owen,Pugh,1990-07-01,3 Mill Lane,SK2 2BB\n";
//! let mut table = Table::new(Schema::default(), true);
//! table.read(file.as_bytes())?;
//! let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
//! assert_eq!(linkage.people, [0, 0, 2]);
//! # Ok::<(), identity::table::TableError>(())
//! ```

pub mod birth;
pub mod blocking;
pub mod clean;
pub mod cluster;
pub mod constraint;
pub mod desk;
pub mod distance;
pub mod evaluation;
pub mod explanation;
pub mod home;
pub mod index;
pub mod link;
pub mod model;
pub mod name;
pub mod nickname;
pub mod pattern;
pub mod roll;
pub mod saved;
pub mod schema;
pub mod table;
pub mod text;
pub mod training;
pub mod truth;

#[cfg(test)]
mod tests;
