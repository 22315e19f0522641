//! From the attributes the GAR signs to who a person is.

use pix_orga_domain::pupil::Ido;
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::pupil::sign_in::{FederatedIdentity, ProviderSession};

use crate::gate::Shown;
use crate::reason::Reason;

/// Reads the identity. What is missing is empty: the contract of the resource says whether it may be.
///
/// # Errors
/// `NoIdo`, `IdoShape`, `SeveralValues`.
pub fn read(shown: &Shown) -> Result<FederatedIdentity, Reason> {
    let mut idos = shown.values("IDO");
    let ido = match (idos.next(), idos.next()) {
        (Some(one), None) if !one.trim().is_empty() => one,
        (None | Some(_), None) => return Err(Reason::NoIdo),
        _ => return Err(Reason::SeveralValues),
    };
    let all = |name| shown.values(name).map(str::to_owned).collect();
    Ok(FederatedIdentity {
        ido: Ido::parse(ido).map_err(|_| Reason::IdoShape)?,
        uais: all("UAI"),
        profile: Profile::among(shown.values("PRO")),
        last_name: surname(shown)?,
        first_name: filled(shown, "PRE").next().unwrap_or_default().to_owned(),
        divisions: all("DIV"),
        authenticated_at: shown.authentication.at,
        session: ProviderSession {
            ends_at: shown.authentication.session_ends_at,
        },
    })
}

/// A person has one surname, however often it is said. Of given names there may be several, in order: the first is the
/// one they are called by.
fn surname(shown: &Shown) -> Result<String, Reason> {
    let mut surnames = filled(shown, "NOM");
    let first = surnames.next().unwrap_or_default();
    if surnames.all(|other| other == first) {
        Ok(first.to_owned())
    } else {
        Err(Reason::SeveralValues)
    }
}

/// The values of a name that say something, without the blanks around them.
fn filled<'a>(shown: &'a Shown, name: &'a str) -> impl Iterator<Item = &'a str> {
    let trimmed = shown.values(name).map(str::trim);
    trimmed.filter(|value| !value.is_empty())
}
