//! What `siecle` answers to whole files, seen from outside.

mod answer;
mod archives;
mod damage;
mod files;
mod fixture;
mod pupils;
