//! What `siecle` answers to whole files, seen from outside.

#[cfg(test)]
mod answer;
#[cfg(test)]
mod archives;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod files;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod pupils;
#[cfg(test)]
mod saved_again;
