//! (opens in the first commits)
