//! Faults: whatever breaks and whenever, what was acknowledged is there, what was not is not there by halves, and the next
//! try ends well.

mod full_disk;
mod killed;
mod lost_connection;
mod mutated;
mod proxy;
mod transaction;
