//! Helpers shared by the tests and the benchmarks.

pub mod http;
pub mod postgres;
pub mod replay;
