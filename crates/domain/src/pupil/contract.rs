//! The contract of the resource: which attributes the GAR delivers of whoever signs in. What a contract has, an answer
//! must have too; what it does not have changes what can be decided.

use super::sign_in::FederatedIdentity;

/// An attribute that the contract may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// The opaque identifier: no contract is without it.
    Ido,
    /// The schools.
    Uai,
    /// The national profile.
    Pro,
    /// The usual surname.
    Nom,
    /// The given names.
    Pre,
    /// The classes. A pupil who has no class yet may come without it: a contract that must let them in does not promise it.
    Div,
}

impl Attribute {
    /// Each of them.
    pub const ALL: [Self; 6] = [
        Self::Ido,
        Self::Uai,
        Self::Pro,
        Self::Nom,
        Self::Pre,
        Self::Div,
    ];

    /// The name that the GAR gives it, in upper case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ido => "IDO",
            Self::Uai => "UAI",
            Self::Pro => "PRO",
            Self::Nom => "NOM",
            Self::Pre => "PRE",
            Self::Div => "DIV",
        }
    }

    /// Reads a name, in any case.
    ///
    /// ```
    /// use pix_orga_domain::pupil::contract::Attribute;
    /// assert_eq!(Attribute::parse(" uai "), Some(Attribute::Uai));
    /// assert_eq!(Attribute::parse("CIV"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|one| one.name().eq_ignore_ascii_case(name))
    }

    /// Whether an identity has it. What is blank is not there.
    fn is_in(self, identity: &FederatedIdentity) -> bool {
        let says = |text: &String| !text.trim().is_empty();
        match self {
            // An identity cannot be without it.
            Self::Ido => true,
            Self::Uai => identity.uais.iter().any(says),
            Self::Pro => identity.profile.is_some(),
            Self::Nom => says(&identity.last_name),
            Self::Pre => says(&identity.first_name),
            Self::Div => identity.divisions.iter().any(says),
        }
    }
}

/// What the GAR delivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract(Vec<Attribute>);

/// A contract without `IDO`: nobody could be known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no IDO")]
pub struct WithoutIdo;

impl Default for Contract {
    fn default() -> Self {
        Self(Attribute::ALL.to_vec())
    }
}

impl Contract {
    /// A contract that has these.
    ///
    /// # Errors
    /// [`WithoutIdo`].
    pub fn of(delivered: &[Attribute]) -> Result<Self, WithoutIdo> {
        let all = Attribute::ALL.into_iter();
        let kept: Vec<_> = all.filter(|one| delivered.contains(one)).collect();
        if kept.contains(&Attribute::Ido) {
            Ok(Self(kept))
        } else {
            Err(WithoutIdo)
        }
    }

    /// The same without one of them, which may come all the same; the identifier stays.
    #[must_use]
    pub fn less(self, attribute: Attribute) -> Self {
        let stays = |one: &Attribute| *one == Attribute::Ido || *one != attribute;
        Self(self.0.into_iter().filter(stays).collect())
    }

    /// Those that it does not have.
    pub fn without(&self) -> impl Iterator<Item = Attribute> + '_ {
        let all = Attribute::ALL.into_iter();
        all.filter(|one| !self.0.contains(one))
    }

    /// Those that it promises and that an identity does not have.
    pub fn lacking(&self, identity: &FederatedIdentity) -> Vec<Attribute> {
        let promised = self.0.iter().copied();
        promised.filter(|one| !one.is_in(identity)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pupil::Ido;
    use crate::pupil::profile::Profile;
    use crate::pupil::sign_in::ProviderSession;
    use jiff::Timestamp;

    fn whole() -> FederatedIdentity {
        FederatedIdentity {
            ido: Ido::parse("ab12").unwrap(),
            uais: vec![" ".into(), "0810004P".into()],
            profile: Some(Profile::Pupil),
            last_name: "LEFEVRE".into(),
            first_name: "Zoé".into(),
            divisions: vec!["3A##3EME A".into()],
            authenticated_at: Timestamp::UNIX_EPOCH,
            session: ProviderSession::default(),
        }
    }

    fn without(attribute: Attribute) -> FederatedIdentity {
        let mut identity = whole();
        match attribute {
            Attribute::Ido => {}
            Attribute::Uai => identity.uais = vec![String::new(), " \n".into()],
            Attribute::Pro => identity.profile = None,
            Attribute::Nom => identity.last_name = " ".into(),
            Attribute::Pre => identity.first_name.clear(),
            Attribute::Div => identity.divisions.clear(),
        }
        identity
    }

    #[test]
    fn what_is_promised_and_missing_is_named_and_nothing_else() {
        let six = Contract::default();
        assert_eq!(six.lacking(&whole()), []);
        assert_eq!(six.without().count(), 0);
        for missing in &Attribute::ALL[1..] {
            assert_eq!(six.lacking(&without(*missing)), [*missing]);
            let others: Vec<_> = Attribute::ALL
                .into_iter()
                .filter(|one| one != missing)
                .collect();
            let five = Contract::of(&others).unwrap();
            assert_eq!(five.lacking(&without(*missing)), []);
            assert_eq!(five.lacking(&whole()), []);
            assert_eq!(five.without().collect::<Vec<_>>(), [*missing]);
        }
        let bare = FederatedIdentity {
            uais: vec![],
            profile: None,
            divisions: vec![],
            ..whole()
        };
        let lacking = [Attribute::Uai, Attribute::Pro, Attribute::Div];
        assert_eq!(six.lacking(&bare), lacking);
        let three = Contract::of(&[Attribute::Pre, Attribute::Ido, Attribute::Nom]).unwrap();
        assert_eq!(three.lacking(&bare), []);
        assert_eq!(three.without().collect::<Vec<_>>(), lacking);
    }

    #[test]
    fn no_contract_is_without_the_identifier() {
        assert_eq!(Contract::of(&[]), Err(WithoutIdo));
        assert_eq!(Contract::of(&Attribute::ALL[1..]), Err(WithoutIdo));
        assert!(Contract::of(&[Attribute::Ido]).is_ok());
        let six = Contract::default();
        assert_eq!(six.clone().less(Attribute::Ido), six);
        let five = six.less(Attribute::Div);
        assert_eq!(five.without().collect::<Vec<_>>(), [Attribute::Div]);
    }

    #[test]
    fn names_are_the_gar_s() {
        for one in Attribute::ALL {
            assert_eq!(Attribute::parse(one.name()), Some(one));
        }
        for other in ["", "ID", "GRO", "IDO UAI"] {
            assert_eq!(Attribute::parse(other), None, "{other}");
        }
    }
}
