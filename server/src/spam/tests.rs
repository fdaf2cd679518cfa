//! The filter as a whole. The signals are tested in their own files.

mod judging;
mod learning;
mod outside;
mod reading;
mod shipped;
