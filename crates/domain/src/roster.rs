//! The roster: the pupils of a school, as its last import left them.

pub mod reading;
