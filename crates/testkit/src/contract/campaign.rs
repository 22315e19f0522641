//! Campaigns and who entered.

use pix_orga_domain::audit::Action;
use pix_orga_domain::campaign::store::{CampaignRecordError, ParticipantsQuery};
use pix_orga_domain::campaign::{Campaign, CampaignChange, CampaignForm, Participation};
use pix_orga_domain::store::Revision;
use pix_orga_domain::team::Member;

use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::build::roster::{TODAY, rows};
use crate::stores::Stores;

/// Every clause of campaigns.
#[macro_export]
macro_rules! campaign_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, campaign:
            read_back_what_was_written,
            find_nothing_by_another_school_s_id,
            refuse_a_code_that_another_campaign_has,
            refuse_a_change_of_a_campaign_decided_on_an_older_revision,
            leave_nothing_of_a_campaign_whose_audit_entry_fails,
            let_one_of_two_simultaneous_changes_of_a_campaign_win,
            list_open_campaigns_first_then_the_newest,
            count_and_show_linked_participants_only,
            keep_the_first_time_of_a_participation,
            show_participants_page_by_page_the_last_first,
            show_pupils_the_campaigns_they_entered,
        );
    };
}

async fn teacher(build: &Build, stores: &Stores) -> Member {
    let school = build.school(stores).await;
    build.administrator(stores, &school).await
}

fn edited(build: &Build, by: &Member, campaign: &Campaign) -> CampaignChange {
    let form = CampaignForm {
        title: format!("Autre {}", build.number()),
        ..CampaignForm::default()
    };
    let texts = form.check().unwrap();
    let change = campaign.edit(by, texts, build.chance.as_ref(), build.now());
    change.unwrap().unwrap()
}

pub async fn read_back_what_was_written(stores: Stores) {
    let build = Build::new();
    let teacher = teacher(&build, &stores).await;
    let school = teacher.organization_id();
    let campaign = build.campaign(&stores, &teacher).await;
    let found = stores.campaigns.find(school, campaign.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&campaign));
    let by_code = stores.campaigns.find_by_code(campaign.code).await.unwrap();
    assert_eq!(by_code.as_ref(), Some(&campaign));

    let change = edited(&build, &teacher, &campaign);
    stores.campaigns.record(&change).await.unwrap();
    let archive = change
        .campaign
        .archive(&teacher, build.chance.as_ref(), build.now());
    let archive = archive.unwrap().unwrap();
    stores.campaigns.record(&archive).await.unwrap();
    let found = stores.campaigns.find(school, campaign.id).await.unwrap();
    assert_eq!(found, Some(archive.campaign));
    let trail = stores.audit.latest(school, 2).await.unwrap();
    let actions: Vec<_> = trail.into_iter().map(|entry| entry.action).collect();
    let campaign = campaign.id;
    let expected = [
        Action::CampaignArchived { campaign },
        Action::CampaignEdited { campaign },
    ];
    assert_eq!(actions, expected);
}

pub async fn find_nothing_by_another_school_s_id(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    class.link(&build, &stores, 0, pupil.id).await;
    let entered = class.participation(&build, pupil.id);
    stores
        .campaigns
        .record_participation(&entered)
        .await
        .unwrap();
    let other = build.school(&stores).await.id;
    assert_eq!(
        stores
            .campaigns
            .find(other, class.campaign.id)
            .await
            .unwrap(),
        None
    );
    assert_eq!(stores.campaigns.list(other, 10).await.unwrap(), []);
    let elsewhere = ParticipantsQuery {
        organization_id: other,
        campaign_id: class.campaign.id,
        on: TODAY,
        present_only: false,
        offset: 0,
        limit: 10,
    };
    let page = stores.campaigns.participants(&elsewhere).await.unwrap();
    assert_eq!((page.total, page.left, page.participants.len()), (0, 0, 0));
}

pub async fn refuse_a_code_that_another_campaign_has(stores: Stores) {
    let build = Build::new();
    let (one, two) = (
        teacher(&build, &stores).await,
        teacher(&build, &stores).await,
    );
    let campaign = build.campaign(&stores, &one).await;
    let mut twin = build.campaign_creation(&two);
    twin.campaign.code = campaign.code;
    let refused = stores.campaigns.record(&twin).await;
    assert!(matches!(refused, Err(CampaignRecordError::CodeTaken)));
    let found = stores.campaigns.find_by_code(campaign.code).await.unwrap();
    assert_eq!(found, Some(campaign));
    let school = two.organization_id();
    assert_eq!(
        stores
            .campaigns
            .find(school, twin.campaign.id)
            .await
            .unwrap(),
        None
    );
}

pub async fn refuse_a_change_of_a_campaign_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let teacher = teacher(&build, &stores).await;
    let campaign = build.campaign(&stores, &teacher).await;
    let one = edited(&build, &teacher, &campaign);
    let two = edited(&build, &teacher, &campaign);
    stores.campaigns.record(&one).await.unwrap();
    let refused = stores.campaigns.record(&two).await;
    assert!(matches!(refused, Err(CampaignRecordError::Stale)));
    let found = stores.campaigns.find_by_code(campaign.code).await.unwrap();
    assert_eq!(found, Some(one.campaign));
}

pub async fn leave_nothing_of_a_campaign_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let teacher = teacher(&build, &stores).await;
    let school = teacher.organization_id();
    let campaign = build.campaign(&stores, &teacher).await;
    let written = stores.audit.latest(school, 1).await.unwrap().remove(0);
    let mut creation = build.campaign_creation(&teacher);
    creation.audit.id = written.id;
    let failed = stores.campaigns.record(&creation).await;
    assert!(matches!(failed, Err(CampaignRecordError::Failure(_))));
    let code = creation.campaign.code;
    assert_eq!(stores.campaigns.find_by_code(code).await.unwrap(), None);
    let mut change = edited(&build, &teacher, &campaign);
    change.audit.id = written.id;
    let failed = stores.campaigns.record(&change).await;
    assert!(matches!(failed, Err(CampaignRecordError::Failure(_))));
    let found = stores.campaigns.find(school, campaign.id).await.unwrap();
    assert_eq!(found, Some(campaign));
}

pub async fn let_one_of_two_simultaneous_changes_of_a_campaign_win(stores: Stores) {
    let build = Build::new();
    let teacher = teacher(&build, &stores).await;
    let mut campaign = build.campaign(&stores, &teacher).await;
    for _ in 0..ROUNDS {
        let one = edited(&build, &teacher, &campaign);
        let two = edited(&build, &teacher, &campaign);
        let (s1, s2) = (stores.campaigns.clone(), stores.campaigns.clone());
        let outcomes = at_once(async move { s1.record(&one).await }, async move {
            s2.record(&two).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let stale = |outcome: &&Result<_, _>| matches!(outcome, Err(CampaignRecordError::Stale));
        assert_eq!((won, outcomes.iter().filter(stale).count()), (1, 1));
        let found = stores.campaigns.find_by_code(campaign.code).await.unwrap();
        campaign = found.unwrap();
    }
    assert_eq!(campaign.revision, Revision(i64::from(ROUNDS)));
}

pub async fn list_open_campaigns_first_then_the_newest(stores: Stores) {
    let build = Build::new();
    let teacher = teacher(&build, &stores).await;
    let mut campaigns = Vec::new();
    for _ in 0..3 {
        campaigns.push(build.campaign(&stores, &teacher).await);
    }
    let archive = campaigns[2].archive(&teacher, build.chance.as_ref(), build.now());
    stores
        .campaigns
        .record(&archive.unwrap().unwrap())
        .await
        .unwrap();
    let school = teacher.organization_id();
    let listed = stores.campaigns.list(school, 10).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|one| one.campaign.id).collect();
    assert_eq!(ids, [campaigns[1].id, campaigns[0].id, campaigns[2].id]);
    assert_eq!(listed[0].owner_name, teacher.account.full_name());
    assert_eq!(listed[0].participants, 0);
    assert_eq!(stores.campaigns.list(school, 2).await.unwrap().len(), 2);
}

pub async fn count_and_show_linked_participants_only(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let (linked, unlinked) = (
        build.pupil(&stores, &class.school, "A", "B").await,
        build.pupil(&stores, &class.school, "C", "D").await,
    );
    let linking = class.link(&build, &stores, 1, linked.id).await;
    for pupil in [&linked, &unlinked] {
        let entered = class.participation(&build, pupil.id);
        stores
            .campaigns
            .record_participation(&entered)
            .await
            .unwrap();
    }
    let school = class.school.id;
    let listed = stores.campaigns.list(school, 10).await.unwrap();
    assert_eq!(listed[0].participants, 1);
    let page = class.participants(&stores, 0, 10).await;
    assert_eq!((page.total, page.left), (1, 0));
    let student = &class.students[1];
    let shown = &page.participants[0];
    assert_eq!((shown.student_id, shown.left_on), (student.id, None));
    assert_eq!(shown.last_name, student.last_name);
    assert_eq!(shown.first_name, student.first_name);
    assert_eq!(shown.division, student.division);

    let hand = build.hand(pix_orga_domain::audit::Actor::Operator);
    let unlinking = linking.link.end("erreur", hand).unwrap();
    stores.links.record_unlinking(&unlinking).await.unwrap();
    let listed = stores.campaigns.list(school, 10).await.unwrap();
    assert_eq!(listed[0].participants, 0);
}

pub async fn keep_the_first_time_of_a_participation(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    class.link(&build, &stores, 0, pupil.id).await;
    let first = class.participation(&build, pupil.id);
    for entered in [first.clone(), class.participation(&build, pupil.id)] {
        stores
            .campaigns
            .record_participation(&entered)
            .await
            .unwrap();
    }
    let page = class.participants(&stores, 0, 10).await;
    assert_eq!(page.total, 1);
    assert_eq!(page.participants[0].entered_at, first.entered_at);
}

pub async fn show_participants_page_by_page_the_last_first(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(5)).await;
    let mut times = Vec::new();
    for student in 0..5 {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        class.link(&build, &stores, student, pupil.id).await;
        let entered = class.participation(&build, pupil.id);
        times.push(entered.entered_at);
        stores
            .campaigns
            .record_participation(&entered)
            .await
            .unwrap();
    }
    times.reverse();
    for (offset, expected) in [
        (0, &times[..2]),
        (2, &times[2..4]),
        (4, &times[4..]),
        (6, &[]),
    ] {
        let page = class.participants(&stores, offset, 2).await;
        let shown: Vec<_> = page.participants.iter().map(|one| one.entered_at).collect();
        assert_eq!((page.total, shown.as_slice()), (5, expected));
    }
}

pub async fn show_pupils_the_campaigns_they_entered(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let other = build.class(&stores, rows(1)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let campaigns = [class.campaign.clone(), other.campaign.clone()];
    for campaign in &campaigns {
        let entered = Participation {
            campaign_id: campaign.id,
            pupil_id: pupil.id,
            entered_at: build.now(),
        };
        stores
            .campaigns
            .record_participation(&entered)
            .await
            .unwrap();
    }
    let entered = stores.campaigns.entered_by(pupil.id, 10).await.unwrap();
    let shown: Vec<_> = entered.iter().map(|one| one.campaign.clone()).collect();
    assert_eq!(shown, [campaigns[1].clone(), campaigns[0].clone()]);
    assert_eq!(entered[1].school, class.school.name_in_full());
    assert_eq!(
        stores
            .campaigns
            .entered_by(pupil.id, 1)
            .await
            .unwrap()
            .len(),
        1
    );
    let nobody = build.pupil(&stores, &class.school, "A", "B").await;
    assert_eq!(
        stores.campaigns.entered_by(nobody.id, 10).await.unwrap(),
        []
    );
}
