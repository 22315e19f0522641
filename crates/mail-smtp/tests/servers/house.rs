//! Our side: an outbox in memory, a clock that stands still, and the worker's use case on a real sender.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use pix_orga_domain::audit::Action;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::outbox::delivering::{LEASE, NextStep};
use pix_orga_domain::outbox::store::{ClaimedMail, TokenFate};
use pix_orga_domain::outbox::use_cases::{Deliveries, Look};
use pix_orga_domain::outbox::{Delivery, Notice, OutgoingMail};
use pix_orga_domain::token::{RawToken, Vault as _};
use pix_orga_mail_smtp::{Encryption, SmtpSender, SmtpSettings};
use pix_orga_testkit::build::Build;
use pix_orga_testkit::fakes::{FixedClock, PlainVault};
use pix_orga_testkit::stores::Stores;

/// A school's own address.
pub const HEAD: &str = "ce.0690132U@ac-lyon.fr.invalid";

/// Settings for a server in the clear.
pub fn settings(server: SocketAddr) -> SmtpSettings {
    SmtpSettings {
        server: server.ip().to_string(),
        port: server.port(),
        encryption: Encryption::None,
        authentication: None,
        authority: None,
        from: "Pix Orga <ne-pas-repondre@orga.invalid>".to_owned(),
        reply_to: Some("aide@orga.invalid".to_owned()),
        public_url: "https://orga.invalid".to_owned(),
        support_url: "https://support.pix.fr".to_owned(),
    }
}

/// A sender that gives up after two seconds.
pub fn sender(settings: &SmtpSettings) -> SmtpSender {
    let sender = SmtpSender::new(settings, Arc::new(PlainVault)).unwrap();
    sender.within(Duration::from_secs(2))
}

pub struct House {
    pub stores: Stores,
    pub clock: Arc<FixedClock>,
    pub deliveries: Deliveries,
    build: Build,
    school: Organization,
}

impl House {
    pub async fn sending(settings: &SmtpSettings) -> Self {
        let (build, stores) = (Build::new(), Stores::in_memory());
        let school = build.school(&stores).await;
        let clock = Arc::new(FixedClock::at(build.now()));
        let deliveries = Deliveries {
            store: stores.outbox.clone(),
            sender: Arc::new(sender(settings)),
            clock: clock.clone(),
            pace: SignedDuration::ZERO,
            token: TokenFate::Erase,
        };
        Self {
            stores,
            clock,
            deliveries,
            build,
            school,
        }
    }

    /// The same house once its process died: what it held in memory is gone.
    pub fn restarted(self, settings: &SmtpSettings) -> Self {
        let deliveries = Deliveries {
            sender: Arc::new(sender(settings)),
            ..self.deliveries
        };
        Self { deliveries, ..self }
    }

    /// The same house, sending by another sender.
    pub fn by(self, sender: SmtpSender) -> Self {
        let deliveries = Deliveries {
            sender: Arc::new(sender),
            ..self.deliveries
        };
        Self { deliveries, ..self }
    }

    /// Writes an invitation to an address, whose link works for a month.
    pub async fn invite(&self, to: &str) -> OutgoingMail {
        let mut mail = self.build.mail(&self.school);
        mail.to = EmailAddress::parse(to).unwrap();
        let token = RawToken::draw(self.build.chance.as_ref());
        mail.token = Some(PlainVault.seal(&token));
        mail.notice = Notice::SchoolInvitation {
            school: self.school.name_in_full(),
            mother: None,
            replaces: false,
            expires_at: mail
                .queued_at
                .checked_add(SignedDuration::from_hours(30 * 24))
                .unwrap(),
        };
        let audit = self.build.audit(self.school.id, Action::LinkAskedAgain);
        let written = self.stores.invitations.record_notice(&mail, &audit);
        written.await.unwrap();
        self.clock.advance(SignedDuration::from_millis(10));
        mail
    }

    pub async fn look(&self) -> Option<ClaimedMail> {
        match self.deliveries.look().await.unwrap() {
            Look::Claimed(claimed) => Some(*claimed),
            Look::Nothing { .. } => None,
        }
    }

    /// Takes the next mail, sends it and records what became of it.
    pub async fn deliver_one(&self) -> NextStep {
        let claimed = self.look().await.unwrap();
        let step = self.deliveries.attempt(&claimed).await;
        self.deliveries.record(&claimed, &step).await.unwrap();
        step
    }

    /// The same for all that are due.
    pub async fn deliver_all(&self) {
        while let Some(claimed) = self.look().await {
            let step = self.deliveries.attempt(&claimed).await;
            self.deliveries.record(&claimed, &step).await.unwrap();
        }
    }

    /// Time goes to the next mail's turn.
    pub async fn wait_for_next(&self) {
        let next = self.stores.outbox.next_due().await.unwrap().unwrap();
        let wait = next.duration_since(pix_orga_domain::clock::Clock::now(self.clock.as_ref()));
        self.clock.advance(wait);
    }

    /// Time goes past the lease of what is held.
    pub fn leases_end(&self) {
        self.clock.advance(LEASE);
    }

    /// What became of a mail.
    pub async fn delivery(&self, mail: &OutgoingMail) -> Delivery {
        let latest = self.stores.outbox.latest(100).await.unwrap();
        let found = latest.into_iter().find(|(other, _)| other.id == mail.id);
        found.unwrap().1
    }
}

/// The words of a mail that was put off.
pub fn put_off(step: NextStep) -> String {
    match step {
        NextStep::Retry { reason, .. } | NextStep::WaitForServer { reason, .. } => {
            reason.as_str().to_owned()
        }
        other => panic!("not put off: {}", other.code()),
    }
}
