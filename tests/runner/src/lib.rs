//! What `cargo demo`, `cargo suite` and the tests share: where things are, child
//! processes that never outlive us, and a PostgreSQL of our own.

pub mod places;
pub mod postgres;
pub mod process;
