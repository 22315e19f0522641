//! The official directory, as it is published and as it is saved again, and the schools that differ.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::fs;

use journeys::Configured;
use journeys::page::{readable, refusal};
use serde_json::Value;

const NAMES: &str = "Identifiant_de_l_etablissement;Nom_etablissement;Nom_commune;Mail;code_nature;\
                     Statut_public_prive;etablissement_mere;ministere_tutelle;etat;multi_uai";
const EDUCATION: &str = "MINISTERE DE L'EDUCATION NATIONALE";
/// Mails wait for a server that is not there: nothing leaves.
const MAILS: &str = "[mail]\nserver = \"127.0.0.1\"\nport = 9\nencryption = \"none\"\n\
                     from = \"Pix Orga <ne-pas-repondre@orga.invalid>\"\n";

/// A row of the directory: number, name, town, address, nature, ministry, state.
fn row(cells: [&str; 7]) -> String {
    let [uai, name, town, mail, nature, ministry, state] = cells;
    format!("{uai};{name};{town};{mail};{nature};Public;;{ministry};{state};0")
}

/// An open collège of Ville-Fictive-1.
fn college(uai: &str, name: &str, mail: &str) -> String {
    row([
        uai,
        name,
        "Ville-Fictive-1",
        mail,
        "340",
        EDUCATION,
        "OUVERT",
    ])
}

/// A server to load files into.
struct Loading {
    server: Configured,
}

impl Loading {
    async fn new() -> Self {
        let server = Configured::new(MAILS).await;
        Self { server }
    }

    async fn run(&self, command: &[&str]) -> (i32, String, String) {
        let (code, out, err) = self.server.run(command).await;
        (code, readable_lines(&out), readable_lines(&err))
    }

    /// Loads a file: exit code, and the report as JSON.
    async fn load(&self, bytes: &[u8], more: &[&str]) -> (i32, Value) {
        let file = self.written(bytes);
        let load = ["schools", "load", &file, "--format", "json"];
        let (code, out, err) = self.server.run(&[&load[..], more].concat()).await;
        assert_eq!(err, "");
        (code, serde_json::from_str(&out).unwrap())
    }

    /// Loads rows under the official names: created, updated, unchanged, and the remarks by line and code.
    async fn rows(&self, rows: &[String]) -> ([u64; 3], Vec<(u64, String)>) {
        let (code, report) = self.load(file(rows).as_bytes(), &[]).await;
        assert_eq!(code, 0);
        assert_eq!(report["refused"], Value::Array(Vec::new()), "{report}");
        (done(&report), remarks(&report))
    }

    /// Loads rows, in words.
    async fn said(&self, rows: &[String], more: &[&str]) -> String {
        let file = self.written(file(rows).as_bytes());
        let load = ["schools", "load", &file];
        let (code, out, err) = self.run(&[&load[..], more].concat()).await;
        assert_eq!((code, err.as_str()), (0, ""));
        out
    }

    fn written(&self, bytes: &[u8]) -> String {
        let path = self.server.path("annuaire.csv");
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// What a school is called now, its town, and its address.
    async fn school(&self, uai: &str) -> String {
        let query = format!(
            "SELECT name || '|' || commune || '|' || COALESCE(address, '') || '|' || COALESCE(address_trust, '') \
             FROM organizations WHERE uai = '{uai}'"
        );
        let rows = self.server.database.open().await.rows(&query, &query).await;
        rows.join("\n")
    }

    async fn confirm(&self, uai: &str) {
        let (code, _, err) = self.run(&["schools", "confirm-address", uai]).await;
        assert_eq!(code, 0, "{err}");
    }

    /// Inviting one school is refused with this code.
    async fn must_not_invite(&self, uai: &str, why: &str) {
        let (code, out, err) = self.run(&["schools", "invite", "--uai", uai]).await;
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains(&readable(refusal(why).1)), "{why}: {err}");
    }
}

fn readable_lines(text: &str) -> String {
    text.lines().map(readable).collect::<Vec<_>>().join("\n")
}

fn file(rows: &[String]) -> String {
    format!("\u{FEFF}{NAMES}\r\n{}\r\n", rows.join("\r\n"))
}

fn done(report: &Value) -> [u64; 3] {
    ["created", "updated", "unchanged"].map(|key| report[key].as_u64().unwrap())
}

fn remarks(report: &Value) -> Vec<(u64, String)> {
    let remarks = report["remarks"].as_array().unwrap().iter();
    remarks
        .map(|remark| {
            let code = remark["code"].as_str().unwrap().to_owned();
            (remark["line"].as_u64().unwrap(), code)
        })
        .collect()
}

fn remark(line: u64, code: &str) -> (u64, String) {
    (line, code.to_owned())
}

const UAI: &str = "0059900J";
const OWN_MAIL: &str = "ce.0059900J@ac-aix-marseille.fr";

#[tokio::test]
async fn rows_that_share_a_uai_are_a_school_and_its_annexes() {
    let own = college(UAI, "Collège Alpha", OWN_MAIL);
    for annexe in [
        college(UAI, "Collège Bêta", "ce.0059901K@ac-aix-marseille.fr"),
        college(UAI, "Cité scolaire (collège)", ""),
    ] {
        let loading = Loading::new().await;
        let annexe_first = [annexe.clone(), own.clone()];
        let annexe_last = [own.clone(), annexe];
        let (done, remarks) = loading.rows(&annexe_first).await;
        assert_eq!((done, remarks), ([1, 0, 0], vec![remark(2, "annexe")]));
        let alpha = format!("Collège Alpha|Ville-Fictive-1|{OWN_MAIL}|trusted");
        assert_eq!(loading.school(UAI).await, alpha);
        // The same, and in another order: nothing to do.
        for rows in [&annexe_first, &annexe_last] {
            assert_eq!(loading.rows(rows).await.0, [0, 0, 1]);
            assert_eq!(loading.school(UAI).await, alpha);
        }
        let said = loading.said(&annexe_last, &[]).await;
        assert!(
            said.contains("Ligne 3 (0059900J) : Cette ligne a le même UAI"),
            "{said}"
        );
        assert!(said.contains("\nUne annexe, qui ne change rien."), "{said}");
    }
}

#[tokio::test]
async fn annexes_that_nothing_tells_apart_are_told_by_what_is_known() {
    let loading = Loading::new().await;
    for mail in [OWN_MAIL, "accueil@alpha.invalid", ""] {
        let mut rows = [
            college(UAI, "Collège Alpha", mail),
            college(UAI, "Collège Bêta", mail),
        ];
        loading.rows(&rows).await;
        for _ in 0..2 {
            assert_eq!(loading.rows(&rows).await.0, [0, 0, 1], "{mail}");
            assert!(loading.school(UAI).await.starts_with("Collège Alpha|"));
            rows.reverse();
        }
    }
    // Written twice to the letter, it is one row.
    let twice = vec![college(UAI, "Collège Alpha", OWN_MAIL); 2];
    assert_eq!(loading.rows(&twice).await.1, []);
    let said = loading.said(&twice, &[]).await;
    assert!(said.contains("Une ligne répète une autre ligne"), "{said}");
}

#[tokio::test]
async fn an_operator_s_word_holds_until_the_directory_s_own_address_changes() {
    let loading = Loading::new().await;
    let (first, second) = ("accueil@alpha.invalid", "direction@alpha.invalid");
    let rows = |mail: &str| {
        [
            college(UAI, "Collège Alpha", mail),
            college(UAI, "Annexe", ""),
        ]
    };
    let school = async || loading.school(UAI).await;
    loading.rows(&rows(first)).await;
    assert!(
        school()
            .await
            .ends_with("|accueil@alpha.invalid|to_confirm")
    );
    loading.confirm(UAI).await;
    // The same address, no address, one beside it: still confirmed.
    for mail in [first, "", "néant", &format!("\"{second};{first}\"")] {
        loading.rows(&rows(mail)).await;
        assert!(
            school().await.ends_with("|accueil@alpha.invalid|confirmed"),
            "{mail}"
        );
        let mut reversed = rows(mail);
        reversed.reverse();
        assert_eq!(loading.rows(&reversed).await.0, [0, 0, 1], "{mail}");
    }
    loading.rows(&rows(second)).await;
    assert!(
        school()
            .await
            .ends_with("|direction@alpha.invalid|to_confirm")
    );
    loading.rows(&rows(first)).await;
    assert!(
        school()
            .await
            .ends_with("|accueil@alpha.invalid|to_confirm")
    );
}

#[tokio::test]
async fn an_address_is_never_erased_and_the_one_by_the_rule_is_taken() {
    let loading = Loading::new().await;
    let two = format!("\"accueil@alpha.invalid;{OWN_MAIL}\"");
    let (done, said) = loading.rows(&[college(UAI, "Collège Alpha", &two)]).await;
    assert_eq!(
        (done, said),
        ([1, 0, 0], vec![remark(2, "several_addresses")])
    );
    assert!(
        loading
            .school(UAI)
            .await
            .ends_with(&format!("|{OWN_MAIL}|trusted"))
    );
    for (mail, code) in [("", "address_kept"), ("voir site", "address_unreadable")] {
        let (done, said) = loading.rows(&[college(UAI, "Collège Alpha", mail)]).await;
        assert_eq!((done, said), ([0, 0, 1], vec![remark(2, code)]));
    }
    assert!(
        loading
            .school(UAI)
            .await
            .ends_with(&format!("|{OWN_MAIL}|trusted"))
    );
}

#[tokio::test]
async fn a_school_without_a_town_is_shown_by_its_departement() {
    let loading = Loading::new().await;
    let nowhere = college(UAI, "Collège Alpha", OWN_MAIL).replace("Ville-Fictive-1", "");
    let (done, said) = loading.rows(std::slice::from_ref(&nowhere)).await;
    assert_eq!((done, said), ([1, 0, 0], vec![remark(2, "town_missing")]));
    assert!(
        loading
            .school(UAI)
            .await
            .starts_with("Collège Alpha|Hautes-Alpes (05)|")
    );
    let somewhere = college(UAI, "Collège Alpha", OWN_MAIL);
    for (row, done, town) in [
        (&nowhere, [0, 0, 1], "Hautes-Alpes (05)"),
        (&somewhere, [0, 1, 0], "Ville-Fictive-1"),
        (&nowhere, [0, 0, 1], "Ville-Fictive-1"),
    ] {
        assert_eq!(loading.rows(std::slice::from_ref(row)).await.0, done);
        let school = loading.school(UAI).await;
        assert!(
            school.starts_with(&format!("Collège Alpha|{town}|")),
            "{school}"
        );
    }
}

/// One byte a letter, as far as ISO-8859-1 goes.
fn latin(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// The official file as other tools save it, with the encoding that it is in then.
fn saved_again(official: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bare = official.trim_start_matches('\u{FEFF}');
    let (names, rows) = bare.split_once("\r\n").unwrap();
    let labels = names
        .replace(
            "Identifiant_de_l_etablissement",
            "Identifiant de l'établissement",
        )
        .replace("Nom_etablissement", "Nom de l'établissement")
        .replace("etablissement_mere", "Établissement mère")
        .replace("Statut_public_prive", "Statut public/privé");
    let under = |names: &str| format!("{names}\r\n{rows}");
    let quoted = bare.replace(';', "\";\"").replace("\r\n", "\"\r\n\"");
    let texts = [
        official.to_owned(),
        bare.to_owned(),
        under(&names.to_lowercase()),
        under(&names.to_uppercase()),
        under(&labels),
        bare.replace(';', ","),
        bare.replace(';', "\t"),
        format!("\"{}", quoted.trim_end_matches('"')),
        bare.replace("\r\n", ";;;\r\n"),
        format!("Annuaire;;\r\n\r\n{bare}"),
        bare.replace("\r\n", "\n"),
        bare.replace("\r\n", "\r"),
    ];
    let texts = texts.into_iter().map(|text| ("UTF-8", text.into_bytes()));
    let others = [
        ("windows-1252", latin(bare)),
        ("UTF-16LE", utf_16(official, u16::to_le_bytes)),
        ("UTF-16BE", utf_16(official, u16::to_be_bytes)),
    ];
    texts.chain(others).collect()
}

#[tokio::test]
async fn a_directory_saved_again_loads_as_the_original() {
    let loading = Loading::new().await;
    let rows = [
        college(UAI, "Collège Alpha", OWN_MAIL),
        row([
            "0059901K",
            "Lycée Bêta",
            "Ville-Fictive-2",
            "",
            "302",
            EDUCATION,
            "OUVERT",
        ]),
    ];
    assert_eq!(loading.rows(&rows).await.0, [2, 0, 0]);
    let official = file(&rows);
    for (encoding, bytes) in saved_again(&official) {
        let (code, report) = loading.load(&bytes, &[]).await;
        let shown = String::from_utf8_lossy(&bytes);
        assert_eq!((code, done(&report)), (0, [0, 0, 2]), "{shown}");
        assert_eq!(report["refused"], Value::Array(Vec::new()), "{shown}");
        assert_eq!(report["file"]["encoding"], encoding);
        let mismatch = report["file"]["remarks"] == serde_json::json!(["encoding_mismatch"]);
        assert_eq!(mismatch, encoding != "UTF-8");
    }
    let file = loading.written(&latin(official.trim_start_matches('\u{FEFF}')));
    let (_, out, _) = loading.run(&["schools", "load", &file]).await;
    let said = "Ce fichier n'est pas en UTF-8 : il a été lu en windows-1252.";
    assert!(out.starts_with(said), "{out}");
}

#[tokio::test]
async fn a_file_that_is_not_the_directory_says_so_and_loads_nothing() {
    let loading = Loading::new().await;
    let without_mail =
        file(&[college(UAI, "Collège Alpha", OWN_MAIL)]).replace(";Mail;", ";Courrier;");
    let cases: [(&[u8], &str); 8] = [
        (b"", "directory_empty"),
        (b"\xEF\xBB\xBF\r\n", "directory_empty"),
        (
            b"PK\x03\x04...[Content_Types].xml...",
            "directory_spreadsheet",
        ),
        (
            b"[{\"identifiant_de_l_etablissement\": \"0059900J\"}]",
            "directory_not_csv",
        ),
        (b"PK\x03\x04...annuaire.csv...", "directory_not_csv"),
        (b"Identifiant;Coll\x8Age", "directory_encoding_unknown"),
        (b"UAI;Nom\n0059900J;X\n", "directory_columns_missing"),
        (without_mail.as_bytes(), "directory_columns_missing"),
    ];
    for (bytes, why) in cases {
        let (code, report) = loading.load(bytes, &[]).await;
        assert_eq!((code, &report["refusal"]["code"]), (1, &why.into()));
        assert_eq!(done(&report), [0, 0, 0]);
        let file = loading.written(bytes);
        let (code, out, err) = loading.run(&["schools", "load", &file]).await;
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains(&readable(refusal(why).1)), "{why}: {err}");
    }
    let file = loading.written(without_mail.as_bytes());
    let (_, _, err) = loading.run(&["schools", "load", &file]).await;
    assert!(err.ends_with("Colonnes absentes : « Mail »."), "{err}");
    assert_eq!(loading.school(UAI).await, "");
}

#[tokio::test]
async fn rows_out_of_scope_are_counted_by_nature_and_listed_when_asked() {
    let loading = Loading::new().await;
    let school_of = |uai: &str, nature: &str| {
        row([
            uai,
            "École",
            "Ville-Fictive-1",
            "",
            nature,
            EDUCATION,
            "OUVERT",
        ])
    };
    let rows = [
        school_of("0059902L", "151"),
        college(UAI, "Collège Alpha", OWN_MAIL),
        school_of("0059903M", "101"),
        school_of("0059904N", "151"),
        school_of("0059905P", ""),
    ];
    let (code, report) = loading.load(file(&rows).as_bytes(), &[]).await;
    assert_eq!((code, done(&report)), (0, [1, 0, 0]));
    assert_eq!(report["refused"], Value::Array(Vec::new()));
    let out_of_scope = serde_json::json!({"count": 4, "natures": [
        {"nature": "151", "label": "", "count": 2},
        {"nature": "", "label": "", "count": 1},
        {"nature": "101", "label": "", "count": 1},
    ]});
    assert_eq!(report["out_of_scope"], out_of_scope);
    let (_, report) = loading.load(file(&rows).as_bytes(), &["--verbose"]).await;
    let refused: Vec<_> = report["refused"].as_array().unwrap().iter().collect();
    assert_eq!(refused.len(), 4);
    assert!(
        refused
            .iter()
            .all(|row| row["code"] == "school_out_of_scope")
    );
    let said = loading.said(&rows, &[]).await;
    assert!(
        said.contains("1 inchangés, 0 refusés.\n4 lignes hors du champ"),
        "{said}"
    );
    assert!(
        said.contains("\n— nature 151 : 2\n— sans nature : 1\n— nature 101 : 1"),
        "{said}"
    );
    assert!(!said.contains("Ligne 2"), "{said}");
    let said = loading.said(&rows, &["--verbose"]).await;
    let line = format!(
        "Ligne 2 (0059902L) : {}",
        readable(refusal("school_out_of_scope").1)
    );
    assert!(said.contains(&line), "{said}");
}

/// Schools that no wave of invitations takes, then one that it takes; each has an address to confirm.
fn schools_that_differ() -> [String; 7] {
    [
        ("0059902L", "340", EDUCATION, "A FERMER"),
        ("0059903M", "340", EDUCATION, "A OUVRIR"),
        ("0059904N", "340", EDUCATION, "FERME"),
        ("0059905P", "390", EDUCATION, "OUVERT"),
        (
            "0059906R",
            "302",
            "MINISTERE DES AFFAIRES ETRANGERES",
            "OUVERT",
        ),
        ("0999907F", "302", "", "OUVERT"),
        ("0059908T", "370", EDUCATION, "OUVERT"),
    ]
    .map(|(uai, nature, ministry, state)| {
        let mail = format!("accueil@{}.invalid", uai.to_lowercase());
        row([
            uai,
            &format!("Établissement {uai}"),
            "Ville-Fictive-1",
            &mail,
            nature,
            ministry,
            state,
        ])
    })
}

#[tokio::test]
async fn schools_that_differ_are_loaded_and_the_report_says_how() {
    let loading = Loading::new().await;
    let rows = schools_that_differ();
    let (done, said) = loading.rows(&rows).await;
    assert_eq!(done, [7, 0, 0]);
    let codes = [
        "school_closing",
        "school_opening",
        "school_closed",
        "school_in_its_college",
        "school_abroad",
        "school_abroad",
    ];
    let expected: Vec<_> = (2..)
        .zip(codes)
        .map(|(line, code)| remark(line, code))
        .collect();
    assert_eq!(said, expected);
    let said = loading.said(&rows, &[]).await;
    for sentence in [
        "\nUn établissement à ouvrir : chargé, jamais invité par --all.",
        "\nUn établissement à fermer : chargé, jamais invité par --all.",
        "\nUn établissement fermé : chargé, jamais invité par --all.",
        "\nUne SEGPA : chargée, jamais invitée. Ses élèves sont dans la liste de son collège.",
        "\n2 établissements à l'étranger : chargés, jamais invités.",
    ] {
        assert!(said.contains(sentence), "{sentence}: {said}");
    }
    let said = loading.said(&rows, &["--verbose"]).await;
    assert!(
        said.contains("Ligne 5 (0059905P) : C'est une SEGPA."),
        "{said}"
    );
    // An edition that says nothing of them leaves them as they are.
    let silent = rows.map(|row| row.replace(";A FERMER;", ";;").replace(";A OUVRIR;", ";;"));
    assert_eq!(loading.rows(&silent).await.0, [0, 0, 7]);
}

#[tokio::test]
async fn schools_that_differ_are_invited_only_when_they_can_be() {
    let loading = Loading::new().await;
    let rows = schools_that_differ();
    loading.rows(&rows).await;
    let uais: Vec<_> = rows
        .iter()
        .map(|row| row.split(';').next().unwrap())
        .collect();
    for uai in &uais {
        loading.confirm(uai).await;
    }
    let (code, out, err) = loading.run(&["schools", "invite", "--all"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let said = "1 invitations en route, 0 refusées.\n6 établissements ne sont pas invités";
    assert!(out.starts_with(said), "{out}");
    loading
        .must_not_invite("0059905P", "school_in_its_college")
        .await;
    loading.must_not_invite("0059906R", "school_abroad").await;
    loading.must_not_invite("0999907F", "school_abroad").await;
    // An operator who names a school that opens or closes knows why.
    for uai in &uais[..3] {
        let (code, _, err) = loading.run(&["schools", "invite", "--uai", uai]).await;
        assert_eq!(code, 0, "{uai}: {err}");
    }
}

#[tokio::test]
async fn the_ministry_decides_what_is_agricultural() {
    let loading = Loading::new().await;
    let agriculture = "MINISTERE DE L'AGRICULTURE";
    let cases = [
        ("0059902L", "300", agriculture, "trusted"),
        ("0059903M", "320", "AGRICULTURE", "trusted"),
        ("0059904N", "307", "", "trusted"),
        ("0059905P", "307", EDUCATION, "to_confirm"),
        ("0059906R", "302", EDUCATION, "to_confirm"),
    ];
    let rows = cases.map(|(uai, nature, ministry, _)| {
        row([
            uai,
            "Lycée",
            "Ville-Fictive-1",
            "legta.fictif@educagri.fr",
            nature,
            ministry,
            "OUVERT",
        ])
    });
    loading.rows(&rows).await;
    for (uai, nature, ministry, trust) in cases {
        let school = loading.school(uai).await;
        assert!(school.ends_with(trust), "{nature} {ministry}: {school}");
    }
    // An edition without the column does not make them others.
    let silent = rows.map(|row| row.replace(agriculture, "").replace("AGRICULTURE", ""));
    assert_eq!(loading.rows(&silent).await.0, [0, 0, 5]);
}
