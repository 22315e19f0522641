//! Stores that remember what they were asked, for what must take the same steps whatever comes of it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::campaign::store::{
    CampaignRecordError, CampaignStore, EnteredCampaign, ListedCampaign, ParticipantsPage,
    ParticipantsQuery,
};
use pix_orga_domain::campaign::{Campaign, CampaignChange, Participation};
use pix_orga_domain::ids::{CampaignId, LinkingRequestId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::organization::Organization;
use pix_orga_domain::organization::onboarding::OnboardingFacts;
use pix_orga_domain::organization::replacement::UaiReplacement;
use pix_orga_domain::organization::store::{
    OrganizationChange, OrganizationRecordError, OrganizationStore,
};
use pix_orga_domain::reconciliation::carried::LinkedElsewhere;
use pix_orga_domain::reconciliation::judging::Judging;
use pix_orga_domain::reconciliation::linking::{LinkMove, Linking, StudentLink, Unlinking};
use pix_orga_domain::reconciliation::requests::{
    Asking, LinkingRequest, RequestDismissal, RequestRecord, SeenIdentity,
};
use pix_orga_domain::reconciliation::store::{
    Among, AskingRecordError, Candidates, LinkRecordError, LinkingRequestStore, LinkingStore,
};
use pix_orga_domain::reconciliation::tries::{Tries, Try};
use pix_orga_domain::store::{Failure, RecordError};
use pix_orga_domain::uai::Uai;

use crate::stores::Stores;

/// The ports that a pupil's entry works with, on stores, with the calls that came, in order.
pub struct Recording {
    stores: Stores,
    calls: Mutex<Vec<&'static str>>,
}

impl Recording {
    /// These stores, asked nothing so far.
    pub fn of(stores: &Stores) -> Arc<Self> {
        Arc::new(Self {
            stores: stores.clone(),
            calls: Mutex::default(),
        })
    }

    /// The calls since the last time, each by its port and its method, such as `links.tries`.
    pub fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

/// Implements a port: each method notes its name and goes on to the stores.
macro_rules! recorded {
    ($port:ident on $field:ident: $(
        $method:ident($($argument:ident: $taken:ty),*) -> $given:ty,
    )+) => {
        #[async_trait]
        impl $port for Recording {
            $(
                async fn $method(&self, $($argument: $taken),*) -> $given {
                    let call = concat!(stringify!($field), ".", stringify!($method));
                    self.calls.lock().unwrap().push(call);
                    self.stores.$field.$method($($argument),*).await
                }
            )+
        }
    };
}

recorded!(LinkingStore on links:
    link_of_pupil(school: OrganizationId, pupil: PupilId) -> Result<Option<StudentLink>, Failure>,
    link_of_student(school: OrganizationId, student: StudentId)
        -> Result<Option<(StudentLink, SeenIdentity)>, Failure>,
    links_of_students(school: OrganizationId, students: &[StudentId])
        -> Result<Vec<(StudentLink, SeenIdentity)>, Failure>,
    linked_elsewhere(school: OrganizationId, pupil: PupilId) -> Result<Vec<LinkedElsewhere>, Failure>,
    candidates(school: OrganizationId, among: Among<'_>, on: Date) -> Result<Candidates, Failure>,
    tries(pupil: PupilId, day_began: Timestamp) -> Result<Tries, Failure>,
    misses(school: OrganizationId, since: Timestamp) -> Result<u32, Failure>,
    record_miss(missed: &Try) -> Result<(), RecordError>,
    record_linking(linking: &Linking) -> Result<(), LinkRecordError>,
    record_unlinking(unlinking: &Unlinking) -> Result<(), LinkRecordError>,
    record_move(moved: &LinkMove) -> Result<(), LinkRecordError>,
);

recorded!(LinkingRequestStore on requests:
    pending(school: OrganizationId, limit: u32) -> Result<Vec<RequestRecord>, Failure>,
    count_pending(school: OrganizationId) -> Result<u32, Failure>,
    find(school: OrganizationId, request: LinkingRequestId) -> Result<Option<RequestRecord>, Failure>,
    last_of(school: OrganizationId, pupil: PupilId) -> Result<Option<LinkingRequest>, Failure>,
    schools_to_judge(after: Option<OrganizationId>, limit: u32) -> Result<Vec<OrganizationId>, Failure>,
    to_judge(school: OrganizationId, limit: u32) -> Result<Vec<RequestRecord>, Failure>,
    record_asking(asking: &Asking) -> Result<(), AskingRecordError>,
    record_dismissal(dismissal: &RequestDismissal) -> Result<(), RecordError>,
    record_judging(judging: &Judging) -> Result<(), RecordError>,
);

recorded!(CampaignStore on campaigns:
    find(school: OrganizationId, campaign: CampaignId) -> Result<Option<Campaign>, Failure>,
    find_by_code(code: CampaignCode) -> Result<Option<Campaign>, Failure>,
    list(school: OrganizationId, limit: u32) -> Result<Vec<ListedCampaign>, Failure>,
    participants(query: &ParticipantsQuery) -> Result<ParticipantsPage, Failure>,
    has_entered(campaign: CampaignId, pupil: PupilId) -> Result<bool, Failure>,
    entered_by(pupil: PupilId, limit: u32) -> Result<Vec<EnteredCampaign>, Failure>,
    record(change: &CampaignChange) -> Result<(), CampaignRecordError>,
    record_participation(participation: &Participation) -> Result<(), Failure>,
);

recorded!(OrganizationStore on organizations:
    find(id: OrganizationId) -> Result<Option<Organization>, Failure>,
    find_by_uai(uai: Uai) -> Result<Option<Organization>, Failure>,
    all() -> Result<Vec<(Organization, OnboardingFacts)>, Failure>,
    onboarding(id: OrganizationId) -> Result<Option<OnboardingFacts>, Failure>,
    is_blank(id: OrganizationId) -> Result<bool, Failure>,
    record(change: &OrganizationChange) -> Result<(), OrganizationRecordError>,
    record_replacement(replacement: &UaiReplacement) -> Result<(), OrganizationRecordError>,
);
