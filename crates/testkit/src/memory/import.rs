//! Imports and their files.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::ids::{ImportId, OrganizationId};
use pix_orga_domain::retention::Expired;
use pix_orga_domain::roster::applying::Inverse;
use pix_orga_domain::roster::import::{FileName, Import, ImportStep, Report, Staged, StagedFate};
use pix_orga_domain::roster::store::{ImportStore, Staging, StagingError};
use pix_orga_domain::store::{Failure, RecordError};

use super::{MemoryStore, State};

/// What is kept of imports.
#[derive(Clone, Default)]
pub(super) struct Imports {
    jobs: Vec<Job>,
    files: HashMap<ImportId, (Timestamp, Staged)>,
    pub(super) inverses: HashMap<ImportId, (Timestamp, Inverse)>,
    reports: HashMap<ImportId, (Timestamp, Report)>,
}

/// An import, and until when a worker holds it.
#[derive(Clone)]
struct Job {
    import: Import,
    lease: Option<Timestamp>,
}

impl Imports {
    /// Deletes what is past its time, `limit` at most.
    pub(super) fn delete(&mut self, expired: Expired, limit: usize) -> u64 {
        let open: Vec<ImportId> = self.open().map(|import| import.id).collect();
        match expired {
            Expired::StagedFiles { staged_before } => take(&mut self.files, limit, |import, at| {
                at < staged_before && !open.contains(import)
            }),
            Expired::Inverses { written_before } => {
                take(&mut self.inverses, limit, |_, at| at < written_before)
            }
            Expired::Reports { written_before } => {
                take(&mut self.reports, limit, |_, at| at < written_before)
            }
            _ => 0,
        }
    }

    /// Forgets pupils of a school: remarks as they must be, and nothing to undo.
    pub(super) fn forget(&mut self, school: OrganizationId, reports: &[(ImportId, Report)]) {
        for (import, report) in reports {
            if let Some((_, kept)) = self.reports.get_mut(import) {
                *kept = report.clone();
            }
        }
        let of_school: Vec<ImportId> = self
            .all()
            .filter(|import| import.organization_id == school)
            .map(|import| import.id)
            .collect();
        self.inverses
            .retain(|import, _| !of_school.contains(import));
    }

    /// Blanks the names of the files of a school's ended imports.
    pub(super) fn forget_file_names(&mut self, school: OrganizationId) {
        let ended = self.jobs.iter_mut().map(|job| &mut job.import);
        let ended = ended.filter(|import| import.organization_id == school);
        for import in ended.filter(|import| !import.state.is_open()) {
            import.file_name = FileName::of("");
        }
    }

    /// Whether a school ever sent a file.
    pub(super) fn has_any(&self, school: OrganizationId) -> bool {
        self.all().any(|import| import.organization_id == school)
    }

    /// Those that run or wait.
    pub(super) fn open(&self) -> impl Iterator<Item = &Import> {
        self.all().filter(|import| import.state.is_open())
    }

    fn all(&self) -> impl Iterator<Item = &Import> {
        self.jobs.iter().map(|job| &job.import)
    }

    fn job(&mut self, import: ImportId) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.import.id == import)
    }
}

/// Takes out what is past its time, `limit` at most.
fn take<T>(
    kept: &mut HashMap<ImportId, (Timestamp, T)>,
    limit: usize,
    past: impl Fn(&ImportId, Timestamp) -> bool,
) -> u64 {
    let gone: Vec<ImportId> = kept
        .iter()
        .filter(|(import, (at, _))| past(import, *at))
        .map(|(import, _)| *import)
        .take(limit)
        .collect();
    for import in &gone {
        kept.remove(import);
    }
    gone.len() as u64
}

/// The last mark of an import.
fn last_mark(import: &Import) -> Timestamp {
    let phases = import.phases;
    let later = phases.written.or(phases.compared).or(phases.checked);
    later.unwrap_or(phases.received).at
}

impl State {
    /// Writes a step, its guard first, then what hangs on it.
    pub(super) fn write_step(&mut self, step: &ImportStep) -> Result<(), RecordError> {
        let import = &step.import;
        let imports = &mut self.imports;
        let job = imports.job(import.id).ok_or(RecordError::Stale)?;
        if job.import.revision != step.expected {
            return Err(RecordError::Stale);
        }
        job.import = import.clone();
        match &step.staged {
            StagedFate::Keep => {}
            StagedFate::Read(reading) => {
                if let Some((_, staged)) = imports.files.get_mut(&import.id) {
                    *staged = Staged::Reading(reading.clone());
                }
            }
            StagedFate::Discard => {
                imports.files.remove(&import.id);
                imports.inverses.remove(&import.id);
            }
        }
        if let Some(report) = &step.report {
            let report = (last_mark(import), report.clone());
            imports.reports.insert(import.id, report);
        }
        if let Some(entry) = &step.audit {
            self.note(entry)?;
        }
        if let Some(mail) = &step.mail {
            self.post(mail)?;
        }
        Ok(())
    }

    fn stage(&mut self, staging: &Staging) -> Result<(), StagingError> {
        let import = &staging.import;
        self.require_organization(import.organization_id)?;
        if let Some(step) = &staging.replaces {
            self.write_step(step).map_err(|error| match error {
                RecordError::Stale => StagingError::Stale,
                RecordError::Failure(failure) => failure.into(),
            })?;
        }
        if self.open_import(import.organization_id).is_some() {
            return Err(StagingError::AnotherOpen);
        }
        self.imports.jobs.push(Job {
            import: import.clone(),
            lease: None,
        });
        let file = (
            import.phases.received.at,
            Staged::Bytes(staging.bytes.clone()),
        );
        self.imports.files.insert(import.id, file);
        Ok(())
    }

    fn open_import(&self, organization: OrganizationId) -> Option<Import> {
        let mut imports = self.imports.all();
        let open =
            imports.find(|import| import.organization_id == organization && import.state.is_open());
        open.cloned()
    }

    fn import_of(&self, organization: OrganizationId, import: ImportId) -> Option<&Import> {
        let mut imports = self.imports.all();
        imports.find(|one| one.id == import && one.organization_id == organization)
    }

    fn claim(&mut self, now: Timestamp, lease: Timestamp) -> Option<Import> {
        let free = self.imports.jobs.iter_mut().filter(|job| {
            job.import.state.is_running() && job.lease.is_none_or(|until| until <= now)
        });
        let job = free.min_by_key(|job| (job.import.phases.received.at, job.import.id))?;
        job.lease = Some(lease);
        job.import.attempts += 1;
        job.import.revision = job.import.revision.next();
        Some(job.import.clone())
    }
}

#[async_trait]
impl ImportStore for MemoryStore {
    async fn stage(&self, staging: &Staging) -> Result<(), StagingError> {
        self.write(|state| state.stage(staging))
    }

    async fn find(
        &self,
        organization: OrganizationId,
        import: ImportId,
    ) -> Result<Option<Import>, Failure> {
        Ok(self.read(|state| state.import_of(organization, import).cloned()))
    }

    async fn open(&self, organization: OrganizationId) -> Result<Option<Import>, Failure> {
        Ok(self.read(|state| state.open_import(organization)))
    }

    async fn history(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<Import>, Failure> {
        let mut imports: Vec<Import> = self.read(|state| {
            let imports = state.imports.all();
            let of_school = imports.filter(|import| import.organization_id == organization);
            of_school.cloned().collect()
        });
        imports.sort_by_key(|import| std::cmp::Reverse((import.phases.received.at, import.id)));
        imports.truncate(limit as usize);
        Ok(imports)
    }

    async fn claim(&self, now: Timestamp, lease: Timestamp) -> Result<Option<Import>, Failure> {
        self.write::<_, Failure>(|state| Ok(state.claim(now, lease)))
    }

    async fn heartbeat(
        &self,
        import: ImportId,
        attempts: u32,
        lease: Timestamp,
    ) -> Result<bool, Failure> {
        self.write::<_, Failure>(|state| {
            let held = state
                .imports
                .job(import)
                .filter(|job| job.import.attempts == attempts && job.import.state.is_running());
            Ok(held.map(|job| job.lease = Some(lease)).is_some())
        })
    }

    async fn give_back(
        &self,
        import: ImportId,
        attempts: u32,
        again_at: Timestamp,
    ) -> Result<(), Failure> {
        self.write::<_, Failure>(|state| {
            let taken_up =
                |job: &&mut Job| job.import.attempts >= attempts && job.import.state.is_running();
            if let Some(job) = state.imports.job(import).filter(taken_up) {
                job.import.excused += 1;
                if job.import.attempts == attempts {
                    job.lease = Some(again_at);
                }
            }
            Ok(())
        })
    }

    async fn staged(&self, import: ImportId) -> Result<Option<Staged>, Failure> {
        Ok(self.read(|state| {
            let file = state.imports.files.get(&import);
            file.map(|(_, staged)| staged.clone())
        }))
    }

    async fn record_step(&self, step: &ImportStep) -> Result<(), RecordError> {
        self.write(|state| state.write_step(step))
    }

    async fn report(
        &self,
        organization: OrganizationId,
        import: ImportId,
    ) -> Result<Option<Report>, Failure> {
        Ok(self.read(|state| {
            state.import_of(organization, import)?;
            let report = state.imports.reports.get(&import);
            report.map(|(_, report)| report.clone())
        }))
    }

    async fn reports(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(ImportId, Report)>, Failure> {
        Ok(self.read(|state| {
            let imports = state.imports.all();
            let of_school = imports.filter(|import| import.organization_id == organization);
            let kept = of_school.filter_map(|import| {
                let (_, report) = state.imports.reports.get(&import.id)?;
                Some((import.id, report.clone()))
            });
            kept.collect()
        }))
    }

    async fn inverse(&self, import: ImportId) -> Result<Option<Inverse>, Failure> {
        Ok(self.read(|state| {
            let inverse = state.imports.inverses.get(&import);
            inverse.map(|(_, inverse)| inverse.clone())
        }))
    }

    async fn ahead_of(&self, import: &Import) -> Result<u64, Failure> {
        let place = |import: &Import| (import.phases.received.at, import.id);
        Ok(self.read(|state| {
            let running = state
                .imports
                .all()
                .filter(|import| import.state.is_running());
            running.filter(|other| place(other) < place(import)).count() as u64
        }))
    }

    async fn open_since_before(&self, before: Timestamp) -> Result<Vec<Import>, Failure> {
        Ok(self.read(|state| {
            let imports = state.imports.all();
            let old = imports
                .filter(|import| import.state.is_open() && import.phases.received.at < before);
            old.cloned().collect()
        }))
    }
}
