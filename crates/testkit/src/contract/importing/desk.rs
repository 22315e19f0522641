//! A school's desk: its administrator, and everything that imports need.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::civil::Date;
use pix_orga_domain::chance::Chance;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::organization::{ImportPolicy, Organization};
use pix_orga_domain::outbox::{MailChannel, Notice};
use pix_orga_domain::retention::use_cases::Retention;
use pix_orga_domain::roster::import::{FileName, Import};
use pix_orga_domain::roster::reader::{ReadFor, ReadingRoom};
use pix_orga_domain::roster::reading::{FileRefusal, Reading, StudentRow};
use pix_orga_domain::roster::use_cases::Rosters;
use pix_orga_domain::roster::use_cases::imports::Imports;
use pix_orga_domain::store::Failure;
use pix_orga_domain::team::{Member, Role};

use crate::build::Build;
use crate::build::roster::{member, morning, reading, rows, school_with};
use crate::fakes::{DatabaseClock, FixedClock};
use crate::stores::Stores;

/// Gives the reading that each file was announced with; an unknown file breaks the room.
#[derive(Default)]
struct Shelf(Mutex<HashMap<Vec<u8>, Result<Reading, FileRefusal>>>);

#[async_trait]
impl ReadingRoom for Shelf {
    async fn read(
        &self,
        bytes: Vec<u8>,
        _school: ReadFor,
        _on: Date,
    ) -> Result<Result<Reading, FileRefusal>, Failure> {
        let known = self.0.lock().unwrap().get(&bytes).cloned();
        known.ok_or_else(|| Failure::new("the room broke"))
    }
}

/// A school with its administrator, and everything that imports need.
pub(super) struct Desk {
    pub(super) build: Build,
    pub(super) stores: Stores,
    pub(super) school: Organization,
    pub(super) head: Member,
    pub(super) clock: Arc<FixedClock>,
    shelf: Arc<Shelf>,
    pub(super) imports: Imports,
    pub(super) rosters: Rosters,
}

impl Desk {
    pub(super) async fn open(stores: Stores, policy: ImportPolicy) -> Self {
        let build = Build::new();
        let school = school_with(&build, &stores, policy).await;
        let head = member(&build, &school, Role::Administrator);
        let clock = Arc::new(FixedClock::at(morning()));
        let shelf = Arc::new(Shelf::default());
        let imports = Imports {
            rosters: Arc::clone(&stores.rosters),
            store: Arc::clone(&stores.imports),
            organizations: Arc::clone(&stores.organizations),
            accounts: Arc::clone(&stores.accounts),
            mail: MailChannel::Open,
            room: Arc::clone(&shelf) as Arc<dyn ReadingRoom>,
            judge: Arc::new(stores.judge(clock.clone())),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            chance: Arc::clone(&build.chance) as Arc<dyn Chance>,
        };
        let rosters = Rosters {
            store: Arc::clone(&stores.rosters),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
        };
        Self {
            build,
            stores,
            school,
            head,
            clock,
            shelf,
            imports,
            rosters,
        }
    }

    /// A file that reads as these pupils.
    pub(super) fn file(&self, read: Result<Reading, FileRefusal>) -> Vec<u8> {
        let mut files = self.shelf.0.lock().unwrap();
        let bytes = format!("file {}", files.len()).into_bytes();
        files.insert(bytes.clone(), read);
        bytes
    }

    /// Uploads a file of so many pupils, and lets the worker run.
    pub(super) async fn upload(&self, pupils: u32) -> Import {
        self.upload_of(rows(pupils)).await
    }

    /// The same, of these pupils.
    pub(super) async fn upload_of(&self, pupils: Vec<StudentRow>) -> Import {
        self.clock.advance(jiff::SignedDuration::from_secs(1));
        let bytes = self.file(Ok(reading(pupils)));
        let import = self
            .imports
            .receive(&self.head, name(), bytes)
            .await
            .unwrap();
        assert!(self.imports.run_next().await.unwrap());
        self.imports.status(&self.head, import.id).await.unwrap()
    }

    pub(super) fn retention(&self) -> Retention {
        Retention {
            store: Arc::clone(&self.stores.retention),
            rosters: Arc::clone(&self.stores.rosters),
            imports: Arc::clone(&self.stores.imports),
            vitals: Arc::new(DatabaseClock(Arc::clone(&self.clock) as Arc<dyn Clock>)),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            chance: Arc::clone(&self.build.chance) as Arc<dyn Chance>,
        }
    }

    pub(super) async fn present(&self) -> u32 {
        self.rosters.summary(&self.head).await.unwrap().present
    }

    /// Who was told that an import ended.
    pub(super) async fn told(&self) -> Vec<(EmailAddress, Notice)> {
        let mails = self.stores.outbox.latest(100).await.unwrap().into_iter();
        mails
            .filter(|(mail, _)| mail.notice.code() == "import_finished")
            .map(|(mail, _)| (mail.to, mail.notice))
            .collect()
    }
}

pub(super) fn name() -> FileName {
    FileName::of("export.zip")
}
