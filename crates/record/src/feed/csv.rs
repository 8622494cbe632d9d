//! CSV extracts: rows of a file become FHIR resources by a mapping that is data, not code, so that the extract of another
//! supplier needs no programmer. The language is described in `docs/manual/csv-mappings.md`.
//!
//! ```
//! use record::feed::csv::{Mapping, map, messages};
//! let mapping = Mapping::parse(
//!     r#"
//! title = "Allergy"
//! required = ["Person", "Allergy"]
//! [person]
//! id = "Person"
//! [[resource]]
//! type = "AllergyIntolerance"
//! id = ["Person", "Allergy"]
//! [resource.fields]
//! "code.text" = "Allergy"
//! "#,
//!     "allergies.toml",
//! )?;
//! for message in messages(&b"Person,Allergy\n17,Penicillin\n"[..]) {
//!     let said = map(&message?.bytes, &mapping)?;
//!     assert_eq!(said.resources[1].value["code"]["text"], "Penicillin");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod column;
mod condition;
mod date;
mod form;
mod header;
mod mapping;
mod path;
mod person;
mod problem;
mod row;
mod rows;
mod table;
mod template;
mod text;
mod value;

#[cfg(test)]
mod tests;

pub use header::columns;
pub use mapping::Mapping;
pub use problem::{Problem, Problems};
pub use row::map;
pub use rows::{Messages, Rows, messages};
