//! Pupils whose school nobody signs: what links without a person, and what does not.

use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::pupil::sign_in::FederatedIdentity;
use pix_orga_domain::reconciliation::use_cases::{Asked, Entry, Tried};

use super::reconciliation::{Scene, nobody, one_row, typed};
use crate::build::roster::row;
use crate::stores::Stores;

/// Every clause of pupils whose school nobody signs.
#[macro_export]
macro_rules! unsigned_school_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, unsigned_school:
            link_by_the_same_names_alone_where_nobody_signs_the_school,
            leave_a_pupil_of_another_school_to_a_person_where_nobody_signs_it,
        );
    };
}

async fn unsaid(scene: &Scene, last_name: &str, first_name: &str) -> PupilAccount {
    let identity = FederatedIdentity {
        uais: vec![],
        ..scene
            .build
            .identity(&scene.class.school, last_name, first_name)
    };
    let signed_in = scene.build.sign_in(None, &identity);
    let recorded = scene.stores.pupils.record_sign_in(&signed_in).await;
    recorded.unwrap();
    signed_in.account
}

pub async fn link_by_the_same_names_alone_where_nobody_signs_the_school(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    // By their surname alone, in their class: enough for who is signed to be in this school.
    let close = unsaid(&scene, "Lefèvre-Martin", "Zoé").await;
    let code = scene.class.campaign.code.to_string();
    let entry = scene.pupils.enter_campaign(&close, &code).await.unwrap();
    assert!(matches!(entry, Entry::CheckIdentity(_)));
    assert_eq!(scene.try_date(&close, scene.born(0)).await, Ok(nobody(4)));
    let request = scene.ask(&close, scene.born(0)).await;
    let seen = scene.staff.find(&scene.class.teacher, request).await;
    assert_eq!(seen.unwrap().near.len(), 1);

    let exact = unsaid(&scene, "Lefèvre", "Zoé").await;
    let tried = scene.try_date(&exact, scene.born(0)).await.unwrap();
    assert!(matches!(tried, Tried::In(_)));
    assert!(scene.is_linked(&exact).await && !scene.is_linked(&close).await);
}

pub async fn leave_a_pupil_of_another_school_to_a_person_where_nobody_signs_it(stores: Stores) {
    let mut rows = vec![
        row(1, "Lefèvre", "Zoé", "6A"),
        row(2, "Martin", "Hugo", "6A"),
    ];
    rows[1].ine = None;
    let scene = Scene::with(stores, rows.clone()).await;
    let next = scene.build.class(&scene.stores, rows).await;
    let code = next.campaign.code.to_string();
    for (rank, last_name, first_name) in [(0, "Lefèvre", "Zoé"), (1, "Martin", "Hugo")] {
        let pupil = unsaid(&scene, last_name, first_name).await;
        let tried = scene.try_date(&pupil, scene.born(rank)).await.unwrap();
        assert!(matches!(tried, Tried::In(_)), "{last_name}");

        let entry = scene.pupils.enter_campaign(&pupil, &code).await.unwrap();
        assert!(matches!(entry, Entry::CheckIdentity(_)), "{last_name}");
        let date = typed(scene.born(rank));
        let tried = scene.pupils.submit_birthdate(&pupil, &code, &date).await;
        assert!(matches!(tried, Ok(Tried::Nobody { .. })), "{last_name}");
        let asked = scene.pupils.ask_teacher(&pupil, &code, &date).await;
        assert_eq!(asked.unwrap(), Asked::Waiting, "{last_name}");
        let links = &scene.stores.links;
        let link = links.link_of_pupil(next.school.id, pupil.id).await.unwrap();
        assert_eq!(link, None, "{last_name}");
        assert!(
            scene.is_linked(&pupil).await,
            "the link that they have stays"
        );
    }
}
