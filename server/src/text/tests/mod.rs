//! The module as a whole, judged by what its output may and may not be.

mod corpora;
mod dom;
mod examples;
mod laws;
mod pathological;
