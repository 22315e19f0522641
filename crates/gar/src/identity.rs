//! From the attributes the GAR signs to who a person is.

use pix_orga_domain::pupil::Ido;
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::pupil::sign_in::{FederatedIdentity, ProviderSession};

use crate::gate::Shown;
use crate::reason::Reason;

/// Reads the identity. A name or a profile that is missing is empty: it is compared with nobody's, and a person without
/// a profile is no pupil.
///
/// # Errors
/// `NoIdo`, `IdoShape`, `SeveralValues`.
pub fn read(shown: &Shown) -> Result<FederatedIdentity, Reason> {
    let ido = one(shown, "IDO")?.filter(|ido| !ido.trim().is_empty());
    let ido = ido.ok_or(Reason::NoIdo)?;
    let owned = |name| one(shown, name).map(|found| found.unwrap_or_default().to_owned());
    Ok(FederatedIdentity {
        ido: Ido::parse(ido).map_err(|_| Reason::IdoShape)?,
        uais: all(shown, "UAI").to_vec(),
        profile: Profile::parse(one(shown, "PRO")?.unwrap_or_default()),
        last_name: owned("NOM")?,
        first_name: owned("PRE")?,
        divisions: all(shown, "DIV").to_vec(),
        authenticated_at: shown.authentication.at,
        session: ProviderSession {
            ends_at: shown.authentication.session_ends_at,
        },
    })
}

fn all<'a>(shown: &'a Shown, name: &str) -> &'a [String] {
    let found = shown.attributes.iter().find(|one| one.name == name);
    found.map_or(&[], |attribute| &attribute.values)
}

fn one<'a>(shown: &'a Shown, name: &str) -> Result<Option<&'a str>, Reason> {
    match all(shown, name) {
        [] => Ok(None),
        [value] => Ok(Some(value)),
        _ => Err(Reason::SeveralValues),
    }
}
