//! Tests of the whole: an invented borough, files that are not as they should be, and reference data where it is at hand.

mod borough;
mod files;
mod making;
mod properties;
mod reference;
mod saved;
