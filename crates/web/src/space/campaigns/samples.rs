//! Samples of « Parcours ».

use super::{
    CampaignFacts, CampaignLine, CampaignPage, LeftParticipants, ListPage, ParticipantLine, form,
};
use crate::samples::{AWKWARD, Sample, member_page, space_page};
use crate::views::Pager;

/// Both lists, full and empty; a campaign for who may edit it and for who may not; its form.
pub fn samples() -> Vec<Sample> {
    let (list, one) = ("pages/campaigns/list.html", "pages/campaigns/one.html");
    let mut samples = vec![
        Sample::new(list, "open", &list_page(2, false)),
        Sample::new(list, "archived", &list_page(1, true)),
        Sample::new(list, "none", &list_page(0, false)),
        Sample::new(list, "none archived", &list_page(0, true)),
        Sample::new(one, "mine", &campaign_page(true, 120, false)),
        Sample::new(one, "mine, archived", &campaign_page(true, 0, true)),
        Sample::new(one, "another's", &campaign_page(false, 1, false)),
        Sample::new(
            one,
            "some left",
            &left(campaign_page(true, 2, false), false),
        ),
        Sample::new(
            one,
            "some left, hidden",
            &left(campaign_page(true, 1, false), true),
        ),
        Sample::new(
            one,
            "all left, hidden",
            &left(campaign_page(true, 0, false), true),
        ),
    ];
    samples.extend(form::samples::samples());
    samples
}

fn list_page(campaigns: usize, archived: bool) -> ListPage {
    let line = || CampaignLine {
        url: "/espace/1/parcours/1".to_owned(),
        title: AWKWARD.to_owned(),
        code: "ABCDEF234".to_owned(),
        owner: AWKWARD.to_owned(),
        created_on: "1er septembre 2026".to_owned(),
        participants: 12,
    };
    ListPage {
        page: member_page("campaigns"),
        campaigns: (0..campaigns).map(|_| line()).collect(),
        archived,
        active_count: campaigns,
        archived_count: campaigns,
    }
}

/// The same with participants who left.
fn left(page: CampaignPage, hidden: bool) -> CampaignPage {
    let mut participants = page.participants;
    if let Some(first) = participants.first_mut().filter(|_| !hidden) {
        "16 octobre 2026".clone_into(&mut first.left_on);
    }
    CampaignPage {
        left: Some(LeftParticipants {
            count: if hidden { 2 } else { 1 },
            hidden,
            other_url: "/espace/1/parcours/1?partis=masques".to_owned(),
        }),
        participants,
        ..page
    }
}

fn campaign_page(may_edit: bool, participants: u32, archived: bool) -> CampaignPage {
    let text = if may_edit { AWKWARD } else { "" };
    let participant = || ParticipantLine {
        url: "/espace/1/eleves/1".to_owned(),
        left_on: String::new(),
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        division: AWKWARD.to_owned(),
        entered_at: "1er septembre 2026 à 10 h 00".to_owned(),
    };
    CampaignPage {
        page: space_page("campaigns"),
        campaign: CampaignFacts {
            title: AWKWARD.to_owned(),
            introduction: text.to_owned(),
            destination: text.to_owned(),
            code: "ABCDEF234".to_owned(),
            link: "https://orga.example.org/p/ABCDEF234".to_owned(),
            owner: AWKWARD.to_owned(),
            created_on: "1er septembre 2026".to_owned(),
            archived,
        },
        may_edit,
        edit_url: "/espace/1/parcours/1/modifier".to_owned(),
        archive_action: "/espace/1/parcours/1/archiver".to_owned(),
        reopen_action: "/espace/1/parcours/1/rouvrir".to_owned(),
        left: None,
        participants: (0..participants.min(3)).map(|_| participant()).collect(),
        pager: Pager::new(1, 50, participants, |page| {
            format!("/espace/1/parcours/1?page={page}")
        }),
    }
}
