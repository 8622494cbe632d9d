//! The care crate's tables, made from the log, and the only SQL of this crate.

pub mod advice;
pub mod call;
pub mod rota;

#[cfg(test)]
mod tests;
