//! Judges outside of the server: what they are told, what they may do, and what happens when they do not answer.

mod akismet;
pub mod fake;
mod later;
mod outside;
mod settings;
