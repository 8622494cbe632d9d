//! The vocabulary of one place (opens in the first commits).
pub mod nhs_number;
pub use nhs_number::{NhsNumber, NhsNumberError};
