//! The program itself in bad times: killed, without room, without its database,
//! under a crowd. Real processes, real sockets, real signals.
//!
//! `cargo suite` runs the short forms on both engines (`JIWAR_TEST_DB`). The long ones:
//!
//! ```text
//! JIWAR_CRASH_SECONDS=600 cargo test -p jiwar-tests --test endure crash -- --nocapture
//! JIWAR_SOAK_SECONDS=600 cargo test -p jiwar-tests --test endure soak -- --nocapture
//! ```

mod chance;
mod crash;
mod disk;
mod doctor;
mod pressure;
mod silence;
mod soak;
mod stage;
mod stall;
