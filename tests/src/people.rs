//! What people of the journeys do again and again.

use std::time::Duration;

use crate::browser::Browser;
use crate::demo::Demo;
use crate::page::Page;

/// A password that every rule accepts.
pub const PASSWORD: &str = "quatre mots bien choisis";

/// The demo's mailbox, from a browser of its own: whoever holds it is not signed in anywhere.
pub async fn last_mail_to(demo: &Demo, address: &str) -> Page {
    let browser = demo.browser();
    let mailbox = browser.get("/demo/boite-aux-lettres").await;
    let rows = mailbox.texts("tbody tr");
    let place = rows.iter().position(|row| row.contains(address));
    let place = place.unwrap_or_else(|| panic!("no mail to {address} among {rows:#?}"));
    browser
        .get(&mailbox.attributes("tbody tr th a", "href")[place])
        .await
}

/// The link of a mail.
pub fn link_of(mail: &Page) -> String {
    mail.attributes("article a.button", "href")
        .first()
        .cloned()
        .expect("this mail has no link")
}

/// The link that the demo's school received at its official address.
pub async fn school_link(demo: &Demo) -> String {
    let school = &pix_orga_demo::schools::all()[0];
    link_of(&last_mail_to(demo, &school.mail()).await)
}

/// A head of school who accepted the invitation, created an account and accepted the terms: in the space, as
/// administrator. Their address is the one invited, so that it needs no proof.
pub struct Head {
    /// Their browser.
    pub browser: Browser,
    /// The space's home, as they last saw it.
    pub home: Page,
    /// Where the space is.
    pub space: String,
}

impl Head {
    /// Walks the first two steps.
    pub async fn arrives(demo: &Demo) -> Self {
        let address = pix_orga_demo::schools::all()[0].mail();
        Self::arrives_as(demo, &address).await
    }

    /// Walks the first two steps with an account of this address.
    pub async fn arrives_as(demo: &Demo, address: &str) -> Self {
        let link = school_link(demo).await;
        Self::follows(demo.browser(), &link, address).await
    }

    /// Walks the first two steps from an invitation's link.
    pub async fn follows(browser: Browser, link: &str, address: &str) -> Self {
        let invitation = browser.get(link).await;
        let account = browser
            .press(&invitation, "Accepter l’invitation", &[])
            .await;
        let terms = create_account(&browser, &account, "Camille", "Durand", address).await;
        let home = browser
            .press(&terms, "Accepter et entrer", &[("accept", "yes")])
            .await;
        let space = home.path.clone();
        assert!(space.starts_with("/espace/"), "{space}: {}", home.text());
        Self {
            browser,
            home,
            space,
        }
    }

    /// Chooses a file, sends it, and waits for its end as a person does: by « Actualiser ».
    pub async fn import(&self, name: &str, bytes: Vec<u8>) -> Page {
        let choose = self.at("/eleves/importer").await;
        // The formats that follow are the school's.
        let button = "Importer (";
        let sent = self
            .browser
            .upload(&choose, button, "fichier", name, bytes)
            .await;
        let mut page = sent;
        for _ in 0..100 {
            if !page.heading().contains("Import en ") {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            page = self.browser.get(&page.path).await;
        }
        panic!("the import never ends:\n{}", page.text());
    }

    /// Invites addresses as pasted, with a role.
    pub async fn invite(&self, addresses: &str, role: &str) -> Page {
        let page = self.at("/equipe/inviter").await;
        let fields = [("addresses", addresses), ("role", role)];
        self.browser
            .press(&page, "Envoyer les invitations", &fields)
            .await
    }

    /// A page of the space.
    pub async fn at(&self, path: &str) -> Page {
        self.browser.get(&format!("{}{path}", self.space)).await
    }
}

/// Fills and sends the account page of an invitation.
pub async fn create_account(
    browser: &Browser,
    page: &Page,
    first: &str,
    last: &str,
    email: &str,
) -> Page {
    let form = [
        ("first_name", first),
        ("last_name", last),
        ("email", email),
        ("password", PASSWORD),
        ("accept", "yes"),
    ];
    browser.press(page, "Créer mon compte", &form).await
}

/// Follows an invitation to its end: account, terms, the space.
pub async fn join(demo: &Demo, address: &str, first: &str, last: &str) -> (Browser, Page) {
    let browser = demo.browser();
    let link = link_of(&last_mail_to(demo, address).await);
    let invitation = browser.get(&link).await;
    let account = browser
        .press(&invitation, "Accepter l’invitation", &[])
        .await;
    let terms = create_account(&browser, &account, first, last, address).await;
    let home = browser
        .press(&terms, "Accepter et entrer", &[("accept", "yes")])
        .await;
    home.must_be(200);
    (browser, home)
}
