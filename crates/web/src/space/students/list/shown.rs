//! What the list shows, said in words, and the file that holds exactly that.

use pix_orga_domain::roster::listing::{ClassCount, ConnectionKind};

use super::Asked;
use crate::texts::{text, text_with};
use crate::views::Action;

/// What stands around the lines.
pub struct Shown {
    /// Who the lines are, and how many.
    pub title: String,
    /// What to do for them, or the empty text.
    pub note: String,
    /// When nobody is left to come: who came.
    pub all_came: Option<String>,
    /// The lines as a file.
    pub export: Action,
}

impl Shown {
    /// Of what was asked, that so many pupils match; `at` gives the address of a page of the space.
    pub fn new(
        asked: &Asked,
        found: u32,
        classes: &[ClassCount],
        at: impl Fn(&str) -> String,
    ) -> Self {
        let never_came = asked.request().connection == Some(ConnectionKind::NotLinked);
        let whole_class = asked.recherche.trim().is_empty() && is_known(&asked.classe, classes);
        Self {
            title: title(asked, found),
            note: if never_came {
                text("students-shown-not_linked-note")
            } else {
                String::new()
            },
            all_came: (never_came && found == 0 && whole_class)
                .then(|| of_class(asked, text("students-all-came"))),
            export: export(asked, found, at),
        }
    }
}

/// Whether it is a class with pupils; no class at all is the whole school.
fn is_known(division: &str, classes: &[ClassCount]) -> bool {
    classes
        .iter()
        .any(|class| class.present > 0 && (division.is_empty() || class.division == division))
}

fn title(asked: &Asked, found: u32) -> String {
    if !asked.is_filter() {
        return text("students-caption");
    }
    let kind = asked
        .request()
        .connection
        .map_or("any", ConnectionKind::code);
    let who = text_with(
        &format!("students-shown-{kind}"),
        &[("count", found.into())],
    );
    let who = of_class(asked, who);
    match asked.recherche.trim() {
        "" => who,
        search => text_with(
            "students-shown-searched",
            &[("search", search.to_owned().into()), ("who", who.into())],
        ),
    }
}

fn of_class(asked: &Asked, who: String) -> String {
    if asked.classe.is_empty() {
        return who;
    }
    let class = asked.classe.clone();
    text_with(
        "students-shown-of-class",
        &[("class", class.into()), ("who", who.into())],
    )
}

/// All that matches, whatever the page: those whom a filter shows, else every pupil, in the order of the list.
fn export(asked: &Asked, found: u32, at: impl Fn(&str) -> String) -> Action {
    const PATH: &str = "/eleves/export.csv";
    let lines = Asked {
        page: String::new(),
        ..asked.clone()
    };
    if asked.is_filter() && found > 0 {
        Action::new(at(&lines.path(PATH)), text("students-export-shown"))
    } else {
        let everybody = Asked {
            tri: lines.tri,
            sens: lines.sens,
            ..Asked::default()
        };
        Action::new(at(&everybody.path(PATH)), text("students-export-all"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        serde_urlencoded::from_str(query).unwrap()
    }

    fn shown(query: &str, found: u32) -> Shown {
        let class = ClassCount {
            division: "3A".to_owned(),
            present: 25,
            linked: 24,
            to_check: 1,
        };
        Shown::new(&asked(query), found, &[class], str::to_owned)
    }

    #[test]
    fn the_file_holds_what_the_filters_show_and_says_so() {
        let (all, this) = ("Exporter tous les élèves", "Exporter cette liste");
        for (query, found, url, label) in [
            ("", 25, "/eleves/export.csv", all),
            ("page=2", 600, "/eleves/export.csv", all),
            ("rattachement=inconnu", 600, "/eleves/export.csv", all),
            (
                "tri=birthdate&sens=desc&page=2",
                600,
                "/eleves/export.csv?tri=birthdate&sens=desc",
                all,
            ),
            (
                "classe=3A&rattachement=not_linked&page=2",
                60,
                "/eleves/export.csv?classe=3A&rattachement=not_linked",
                this,
            ),
            (
                "recherche=%C3%A9+%26&tri=name",
                3,
                "/eleves/export.csv?recherche=%C3%A9+%26&tri=name",
                this,
            ),
            ("recherche=zzz", 0, "/eleves/export.csv", all),
        ] {
            let export = shown(query, found).export;
            assert_eq!(export, Action::new(url, label), "{query}");
        }
    }

    #[test]
    fn who_is_shown_is_said_in_words() {
        for (query, found, expected) in [
            ("", 600, "Liste des élèves"),
            (
                "rattachement=not_linked",
                42,
                "42 élèves ne sont pas encore venus",
            ),
            (
                "rattachement=not_linked&classe=3A",
                1,
                "3A : 1 élève n’est pas encore venu",
            ),
            (
                "rattachement=linked&classe=3A",
                2,
                "3A : 2 élèves rattachés",
            ),
            ("rattachement=to_check", 1, "1 élève à vérifier"),
            ("classe=3A", 25, "3A : 25 élèves"),
            ("recherche=dur", 1, "Recherche « dur » · 1 élève"),
        ] {
            let said = shown(query, found).title.replace('\u{a0}', " ");
            assert_eq!(said, expected);
        }
        assert!(shown("classe=3A", 25).note.is_empty());
        assert!(!shown("rattachement=not_linked", 42).note.is_empty());
    }

    #[test]
    fn all_came_only_when_nobody_of_a_whole_class_is_left() {
        let all_came = |query, found| shown(query, found).all_came;
        let school = all_came("rattachement=not_linked", 0);
        assert_eq!(school.as_deref(), Some("Tous les élèves sont venus"));
        let class = all_came("rattachement=not_linked&classe=3A", 0).unwrap();
        assert!(class.starts_with("3A"), "{class}");
        for (query, found) in [
            ("rattachement=not_linked", 1),
            ("rattachement=linked", 0),
            ("rattachement=not_linked&recherche=zzz", 0),
            ("rattachement=not_linked&classe=9Z", 0),
        ] {
            assert_eq!(all_came(query, found), None, "{query}");
        }
        let nobody = Shown::new(&asked("rattachement=not_linked"), 0, &[], str::to_owned);
        assert_eq!(nobody.all_came, None);
    }
}
