//! What exports of pupils share, whatever their format.
//!
//! `siecle` reads XML and `fregata` reads CSV. Both open archives, decode bytes, clean values and judge pupils here, so
//! that the same fault gets the same answer. Nothing here knows either format.

pub mod limits;

pub mod archive;
pub mod encoding;
pub mod prolog;
pub mod recognise;
pub mod refusal;

pub mod dates;
pub mod pupils;
pub mod text;
