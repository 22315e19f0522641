//! What the database is for.

use pix_orga_domain::installation::InstallationKind;

use crate::contract::at_once;
use crate::stores::Stores;

/// Every clause of the installation.
#[macro_export]
macro_rules! installation_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, installation:
            keep_the_first_use_for_ever,
            give_two_simultaneous_uses_the_same_answer,
        );
    };
}

pub async fn keep_the_first_use_for_ever(stores: Stores) {
    for wanted in [
        InstallationKind::Demo,
        InstallationKind::Production,
        InstallationKind::Demo,
    ] {
        let kind = stores.installation.claim(wanted).await.unwrap();
        assert_eq!(kind, InstallationKind::Demo);
    }
}

pub async fn give_two_simultaneous_uses_the_same_answer(stores: Stores) {
    let (s1, s2) = (stores.installation.clone(), stores.installation.clone());
    let [one, two] = at_once(
        async move { s1.claim(InstallationKind::Demo).await.unwrap() },
        async move { s2.claim(InstallationKind::Production).await.unwrap() },
    )
    .await;
    assert_eq!(one, two);
}
