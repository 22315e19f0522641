//! Sign-ins begun.

use pix_orga_domain::pupil::sign_in::BegunSignIn;
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::TokenHash;

use crate::value::{instant, unreadable};

/// A row of `begun_sign_ins`.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is the column of its name")]
pub struct BegunRow {
    pub request: String,
    pub browser: Vec<u8>,
    pub replaces: Option<Vec<u8>>,
    pub until: i64,
}

impl BegunRow {
    /// The sign-in.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<BegunSignIn, Failure> {
        Ok(BegunSignIn {
            request: self.request,
            browser: hash("begun_sign_ins.browser", &self.browser)?,
            replaces: self
                .replaces
                .map(|session| hash("begun_sign_ins.replaces", &session))
                .transpose()?,
            until: instant(self.until)?,
        })
    }
}

fn hash(column: &'static str, bytes: &[u8]) -> Result<TokenHash, Failure> {
    let bytes = bytes.try_into().map_err(|_| unreadable(column))?;
    Ok(TokenHash(bytes))
}
