//! (opens in the first commits)
fn main() {}
