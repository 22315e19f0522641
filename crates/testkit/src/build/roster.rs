//! Files, imports and rosters to start a test from.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use pix_orga_domain::account::Account;
use pix_orga_domain::ids::{AccountId, ImportId, OrganizationId};
use pix_orga_domain::ine::Ine;
use pix_orga_domain::organization::{ImportPolicy, Organization};
use pix_orga_domain::roster::Roster;
use pix_orga_domain::roster::applying::{AppliedImport, Applying};
use pix_orga_domain::roster::import::{FileName, Import};
use pix_orga_domain::roster::plan::Plan;
use pix_orga_domain::roster::reading::{FileFacts, Reading, Sex, StudentRow};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::roster::store::Staging;
use pix_orga_domain::store::Revision;
use pix_orga_domain::team::{Member, Role};
use uuid::Uuid;

use super::Build;
use crate::stores::Stores;

/// The reference day of these files.
pub const TODAY: Date = date(2026, 9, 10);

/// The morning of [`TODAY`].
pub fn morning() -> Timestamp {
    Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1_789_027_200)
}

/// A pupil of a file: `number` makes every number of theirs.
pub fn row(number: u32, last_name: &str, first_name: &str, division: &str) -> StudentRow {
    StudentRow {
        eleve_id: number.to_string(),
        ine: Ine::parse(&format!("{number:09}AB")).ok(),
        last_name: last_name.to_owned(),
        usage_name: None,
        first_name: first_name.to_owned(),
        other_first_names: Vec::new(),
        birthdate: date(2013, 1, 1),
        sex: Some(Sex::F),
        division: division.to_owned(),
        mef: Some("10010012110".to_owned()),
        leaves_on: None,
        line: number,
    }
}

/// A class of pupils, numbered from 1.
pub fn rows(count: u32) -> Vec<StudentRow> {
    (1..=count)
        .map(|number| row(number, "Martin", &format!("Élève {number}"), "6A"))
        .collect()
}

/// A file without a remark.
pub fn reading(students: Vec<StudentRow>) -> Reading {
    Reading {
        source: RosterSource::Siecle,
        file: FileFacts {
            school_year: Some(2026),
            exported_on: Some(date(2026, 9, 9)),
            encoding: Some("ISO-8859-15".to_owned()),
            ..FileFacts::default()
        },
        students,
        set_aside: Vec::new(),
        rejected: Vec::new(),
        warnings: Vec::new(),
        withheld: Vec::new(),
    }
}

/// An upload of a school.
pub fn staging(build: &Build, organization: OrganizationId, at: Timestamp) -> Staging {
    let bytes = b"<BEE_ELEVES/>".to_vec();
    let id = ImportId(build.id());
    Staging {
        import: Import::received(
            id,
            organization,
            somebody(),
            FileName::of("export.zip"),
            bytes.len(),
            at,
        ),
        bytes,
        replaces: None,
    }
}

/// Somebody whom no store of rosters needs to know.
pub fn somebody() -> AccountId {
    AccountId(Uuid::from_u128(7))
}

/// An upload stored, then brought to the point where its plan can be written.
pub async fn checked(
    build: &Build,
    stores: &Stores,
    organization: OrganizationId,
    file: &Reading,
    at: Timestamp,
) -> Import {
    let staging = staging(build, organization, at);
    stores.imports.stage(&staging).await.unwrap();
    let step = staging.import.checked(file.clone(), at);
    stores.imports.record_step(&step).await.unwrap();
    step.import
}

/// What writing this file decides.
pub fn applied(
    build: &Build,
    roster: &Roster,
    import: &Import,
    file: &Reading,
    policy: ImportPolicy,
    now: Timestamp,
) -> AppliedImport {
    let plan = Plan::compute(roster, file, TODAY);
    let applying = Applying {
        confirmed_by: None,
        policy,
        chance: build.chance.as_ref(),
        now,
    };
    AppliedImport::decide(roster, import, &plan, applying).unwrap()
}

/// A school's roster as this file leaves it.
pub async fn imported(
    build: &Build,
    stores: &Stores,
    organization: OrganizationId,
    students: Vec<StudentRow>,
) -> AppliedImport {
    import_file(build, stores, organization, &reading(students)).await
}

/// The same, with all that the file says.
pub async fn import_file(
    build: &Build,
    stores: &Stores,
    organization: OrganizationId,
    file: &Reading,
) -> AppliedImport {
    let import = checked(build, stores, organization, file, morning()).await;
    let roster = stores.rosters.load(organization).await.unwrap();
    let applied = applied(
        build,
        &roster,
        &import,
        file,
        ImportPolicy::Updatable,
        morning(),
    );
    stores.rosters.record_import(&applied).await.unwrap();
    applied
}

/// A school with this policy, stored.
pub async fn school_with(build: &Build, stores: &Stores, policy: ImportPolicy) -> Organization {
    let mut creation = build.creation();
    creation.organization.import_policy = policy;
    stores.organizations.record(&creation).await.unwrap();
    creation.organization
}

/// Somebody in a school's space.
pub fn member(build: &Build, organization: &Organization, role: Role) -> Member {
    let account = Account {
        id: AccountId(build.id()),
        email: build.email(),
        first_name: "Camille".to_owned(),
        last_name: "Référente".to_owned(),
        password_hash: String::new(),
        email_confirmed_at: Some(morning()),
        created_at: morning(),
        revision: Revision::default(),
    };
    Member {
        organization: organization.clone(),
        account,
        role,
    }
}
