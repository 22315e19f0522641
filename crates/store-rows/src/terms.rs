//! Acceptances of terms.

use pix_orga_domain::store::Failure;
use pix_orga_domain::terms::TermsKind;

use crate::value::unreadable;

/// Which terms, from their column.
///
/// # Errors
/// When a column holds what the program never writes.
pub fn kind(code: &str) -> Result<TermsKind, Failure> {
    [TermsKind::Account, TermsKind::Space]
        .into_iter()
        .find(|kind| kind.code() == code)
        .ok_or_else(|| unreadable("terms_acceptances.kind"))
}
