//! What the programs share.

pub mod exhaust;
pub mod listening;
pub mod steps;
pub mod sys;
