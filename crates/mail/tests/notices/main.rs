//! Every notice, rendered and compared with the committed files of `tests/snapshots`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod samples;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use pix_orga_domain::outbox::Notice;
use pix_orga_mail::{Rendered, render};

use samples::{
    INVITER, SCHOOL, Sample, TOKEN, deadline, outgoing, samples, school_named, sender, token,
};

/// Set it to write what is rendered instead of comparing.
const RENEW: &str = "RENEW_SNAPSHOTS";
/// RFC 5322, 2.1.1.
const TEXT_LINE_CHARS_MAX: usize = 78;

fn rendered(sample: &Sample) -> Rendered {
    render(&sample.mail, sample.token.as_ref(), &sender()).unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots")
}

/// The files a sample must give: name and content.
fn files(sample: &Sample) -> [(String, String); 2] {
    let mail = rendered(sample);
    [
        (
            format!("{}.txt", sample.name),
            format!("{}\n\n{}", mail.subject, mail.text),
        ),
        (format!("{}.html", sample.name), mail.html),
    ]
}

#[test]
fn each_notice_reads_as_committed() {
    let renew = std::env::var_os(RENEW).is_some();
    let how = format!(
        "read the difference, then renew with `{RENEW}=1 cargo test -p pix-orga-mail` and commit"
    );
    let mut known = BTreeSet::new();
    let mut different = Vec::new();
    for (name, found) in samples().iter().flat_map(files) {
        let path = folder().join(&name);
        if renew {
            fs::write(&path, &found).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(found.as_str()) {
            different.push(format!("--- {name} is now:\n{found}"));
        }
        assert!(known.insert(name), "two samples have one name");
    }
    assert!(different.is_empty(), "{how}\n{}", different.join("\n"));
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name), "no sample gives {name}: remove it");
    }
}

#[test]
fn every_notice_has_a_sample() {
    let sampled: BTreeSet<&str> = samples().iter().map(|s| s.mail.notice.code()).collect();
    let expected = [
        "confirm_address",
        "import_finished",
        "member_invitation",
        "password_reset",
        "school_already_joined",
        "school_invitation",
    ];
    assert_eq!(sampled, BTreeSet::from(expected));
}

#[test]
fn a_mail_has_one_link() {
    for sample in samples() {
        let mail = rendered(&sample);
        let links = usize::from(mail.link.is_some());
        assert_eq!(mail.text.matches("://").count(), links, "{}", sample.name);
        assert_eq!(mail.html.matches("<a ").count(), links, "{}", sample.name);
        assert_eq!(mail.html.matches("://").count(), links, "{}", sample.name);
        if let Some(link) = &mail.link {
            assert!(mail.text.lines().any(|line| line == link.url));
            assert!(mail.html.contains(&format!("href=\"{}\"", link.url)));
        }
    }
}

#[test]
fn links_lead_where_the_pages_are() {
    for (name, url) in [
        ("school_invitation", format!("/invitation/{TOKEN}")),
        ("member_invitation", format!("/invitation/{TOKEN}")),
        ("password_reset", format!("/mot-de-passe/{TOKEN}")),
        ("confirm_address", format!("/confirmer/{TOKEN}")),
        ("school_already_joined", "/connexion".to_owned()),
        ("import_finished", "/espaces".to_owned()),
    ] {
        let samples = samples();
        let sample = samples.iter().find(|s| s.name == name).unwrap();
        let link = rendered(sample).link.unwrap();
        assert_eq!(link.url, format!("https://orga.example.org{url}"));
    }
}

#[test]
fn an_erased_link_is_said_and_not_shown() {
    for sample in samples() {
        let mail = render(&sample.mail, None, &sender()).unwrap();
        let said = mail.text.contains("Le lien de ce message est effacé");
        assert_eq!(said, mail.link.is_none(), "{}", sample.name);
        assert_eq!(said, mail.html.contains("est effacé"), "{}", sample.name);
        assert_eq!(
            mail.link.is_some(),
            matches!(
                sample.mail.notice,
                Notice::SchoolAlreadyJoined { .. } | Notice::ImportFinished { .. }
            )
        );
    }
}

#[test]
fn lines_of_text_are_short() {
    for sample in samples() {
        let mail = rendered(&sample);
        let url = mail.link.as_ref().map(|link| link.url.as_str());
        for line in mail.text.lines().filter(|line| Some(*line) != url) {
            assert!(line.chars().count() <= TEXT_LINE_CHARS_MAX, "{line}");
            assert_eq!(line, line.trim_end());
        }
    }
}

#[test]
fn each_says_who_which_school_and_until_when() {
    for sample in samples() {
        let mail = rendered(&sample);
        let text = mail.paragraphs.join(" ").replace('\u{a0}', " ");
        let name = sample.name;
        assert!(text.contains("Pix Orga"), "{name}");
        match sample.mail.notice {
            Notice::PasswordReset { .. } | Notice::ConfirmAddress { .. } => {}
            _ => assert!(text.contains(SCHOOL), "{name}: {text}"),
        }
        match sample.mail.notice {
            Notice::SchoolAlreadyJoined { .. } | Notice::ImportFinished { .. } => {}
            _ => assert!(
                text.contains("jusqu’au vendredi 16 octobre 2026 à 9 h 30 (heure de Paris)"),
                "{name}: {text}"
            ),
        }
    }
}

#[test]
fn the_document_is_french_with_one_title() {
    for sample in samples() {
        let html = rendered(&sample).html;
        assert!(html.contains("<html lang=\"fr\">"));
        assert_eq!(html.matches("<h1").count(), 1);
        assert_eq!(html.matches("<title>").count(), 1);
        assert!(!html.contains("<img") && !html.contains("<script"));
    }
}

#[test]
fn names_bring_neither_markup_nor_link_nor_line() {
    let mail = outgoing(Notice::MemberInvitation {
        school: school_named("Collège <b>A & B</b>\r\nBcc: x@example.org"),
        inviter: "https://gain.example.org/ \u{202E}\n\nLien : Gagner".to_owned(),
        role: pix_orga_domain::team::Role::Member,
        replaces: false,
        expires_at: deadline(),
    });
    let rendered = render(&mail, Some(&token()), &sender()).unwrap();
    assert!(!rendered.html.contains("<b>"));
    assert_eq!(rendered.text.matches("://").count(), 1);
    assert!(!rendered.text.contains("gain.example"));
    assert!(!rendered.text.contains("x@example"));
    assert!(!rendered.subject.contains(['\r', '\n']));
    assert_eq!(rendered.link.unwrap().label, "Rejoindre l’espace");
    let plain = outgoing(Notice::SchoolAlreadyJoined {
        school: school_named("Collège A"),
    });
    let usual = render(&plain, None, &sender()).unwrap().paragraphs.len();
    let odd = outgoing(Notice::SchoolAlreadyJoined {
        school: school_named("Collège\n\nA"),
    });
    assert_eq!(
        render(&odd, None, &sender()).unwrap().paragraphs.len(),
        usual
    );
}

#[test]
fn nothing_personal_shows_in_debug() {
    for sample in samples() {
        let mail = rendered(&sample);
        let shown = format!(
            "{:?} {:?} {mail:?} {:?}",
            sample.mail, sample.token, mail.link
        );
        for secret in [TOKEN, INVITER, sample.mail.to.as_str(), "Bonjour"] {
            assert!(!shown.contains(secret), "{}: {shown}", sample.name);
        }
    }
}
