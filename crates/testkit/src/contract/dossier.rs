//! All that is kept of one pupil, handed out and erased.

use std::sync::Arc;

use pix_orga_domain::audit::Action;
use pix_orga_domain::dossier::use_cases::Dossiers;
use pix_orga_domain::dossier::{DossierRefusal, Whom};
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::reconciliation::linking::Linking;
use pix_orga_domain::reconciliation::tries::Try;
use pix_orga_domain::refusal::Denied;

use crate::build::Build;
use crate::build::roster::{TODAY, morning, rows, staging};
use crate::fakes::FixedClock;
use crate::stores::Stores;

/// Every clause of what is kept of a pupil.
#[macro_export]
macro_rules! dossier_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, dossier:
            hand_out_all_that_is_kept_of_a_pupil,
            find_a_pupil_by_number_in_their_school_only,
            let_administrators_alone_hand_out_and_erase,
            refuse_to_erase_while_a_file_is_open,
            erase_and_forget,
        );
    };
}

fn use_cases(stores: &Stores, build: &Build) -> Dossiers {
    Dossiers {
        store: stores.dossiers.clone(),
        rosters: stores.rosters.clone(),
        imports: stores.imports.clone(),
        organizations: stores.organizations.clone(),
        clock: Arc::new(FixedClock::at(build.now())),
        chance: build.chance.clone(),
    }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Denied<DossierRefusal>>) -> DossierRefusal {
    match outcome {
        Err(Denied::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

pub async fn hand_out_all_that_is_kept_of_a_pupil(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let pupil = build.pupil(&stores, &class.school, "Martin", "Un").await;
    let tried = Try {
        pupil_id: pupil.id,
        organization_id: class.school.id,
        rank: 1,
        missed: true,
        at: build.now(),
    };
    stores.links.record_miss(&tried).await.unwrap();
    let request = class.ask(&build, &stores, 1, pupil.id).await;
    let linking = Linking {
        settles: request.overtaken(build.now()),
        ..class.linking(&build, 0, pupil.id)
    };
    stores.links.record_linking(&linking).await.unwrap();
    let entering = class.participation(&build, pupil.id);
    stores
        .campaigns
        .record_participation(&entering)
        .await
        .unwrap();
    let student = class.students[0].id;
    let dossiers = use_cases(&stores, &build);
    let dossier = dossiers
        .export(&class.administrator, student)
        .await
        .unwrap();
    assert_eq!(dossier.student, class.students[0]);
    assert_eq!(dossier.school, class.school.name_in_full());
    assert_eq!(dossier.links.len(), 1);
    assert_eq!(dossier.links[0].id, linking.link.id);
    let [account] = &dossier.accounts[..] else {
        panic!("one account");
    };
    assert_eq!(
        (account.id, account.ido.as_str()),
        (pupil.id, pupil.ido.expose())
    );
    assert_eq!(account.uais, pupil.signed.uais);
    assert_eq!(account.campaigns.len(), 1);
    assert_eq!(account.campaigns[0].entered_at, entering.entered_at);
    assert_eq!(account.requests.len(), 1);
    assert_eq!(account.requests[0].state, "overtaken");
    assert_eq!(account.tries.len(), 1);
    assert_eq!(dossier.trail.len(), 1);
    assert_eq!(dossier.trail[0].action, linking.audit.action);
    let trail = stores.audit.latest(class.school.id, 1).await.unwrap();
    assert_eq!(trail[0].action, Action::StudentExported { student });
}

pub async fn find_a_pupil_by_number_in_their_school_only(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let other = build.school(&stores).await;
    let dossiers = use_cases(&stores, &build);
    let whom = Whom::Number(class.students[1].eleve_id.clone());
    let found = dossiers.export_by_operator(class.school.uai, &whom).await;
    assert_eq!(found.unwrap().student.id, class.students[1].id);
    let elsewhere = dossiers.export_by_operator(other.uai, &whom).await;
    assert_eq!(refused(elsewhere), DossierRefusal::NotFound);
    let by_id = Whom::Id(class.students[1].id);
    let elsewhere = dossiers.erase_by_operator(other.uai, &by_id).await;
    assert_eq!(refused(elsewhere), DossierRefusal::NotFound);
}

pub async fn let_administrators_alone_hand_out_and_erase(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let student = class.students[0].id;
    let dossiers = use_cases(&stores, &build);
    let handed = dossiers.export(&class.teacher, student).await;
    assert_eq!(refused(handed), DossierRefusal::RoleInsufficient);
    let erased = dossiers.erase(&class.teacher, student).await;
    assert_eq!(refused(erased), DossierRefusal::RoleInsufficient);
    let nobody = StudentId(build.id());
    let handed = dossiers.export(&class.administrator, nobody).await;
    assert_eq!(refused(handed), DossierRefusal::NotFound);
}

pub async fn refuse_to_erase_while_a_file_is_open(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let student = class.students[0].id;
    let upload = staging(&build, class.school.id, morning());
    stores.imports.stage(&upload).await.unwrap();
    let dossiers = use_cases(&stores, &build);
    let erased = dossiers.erase(&class.administrator, student).await;
    assert_eq!(refused(erased), DossierRefusal::ImportOpen);
    assert!(
        stores
            .rosters
            .student(class.school.id, student)
            .await
            .unwrap()
            .is_some()
    );
}

pub async fn erase_and_forget(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let student = class.students[0].id;
    let dossiers = use_cases(&stores, &build);
    dossiers.erase(&class.administrator, student).await.unwrap();
    let again = dossiers.erase(&class.administrator, student).await;
    assert_eq!(refused(again), DossierRefusal::NotFound);
    let number = &class.students[0].eleve_id;
    let found = stores.dossiers.by_number(class.school.id, number).await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(
        stores
            .rosters
            .summary(class.school.id, TODAY)
            .await
            .unwrap()
            .present,
        1
    );
    let trail = stores.audit.latest(class.school.id, 1).await.unwrap();
    assert_eq!(trail[0].action, Action::StudentErased { student });
}
