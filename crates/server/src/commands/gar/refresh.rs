//! `pix-orga gar metadata refresh`: fetches, shows what differs, asks, and writes beside what it replaces.

use std::ffi::OsString;
use std::io::{BufRead, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use jiff::Timestamp;
use pix_orga_gar::metadata::IdentityProvider;
use pix_orga_gar::refresh::{Difference, fetch};
use url::Url;

use crate::commands::ConfigArgs;
use crate::gar::{self, words};
use crate::terminal::{say, say_error};

/// How to take them again.
#[derive(Args)]
pub struct RefreshArgs {
    /// Adresse où les prendre, à la place de `gar.metadata_url`.
    #[arg(long, value_name = "ADRESSE")]
    url: Option<Url>,
    /// Écrit sans demander. Refusé quand toutes les clés changent à la fois.
    #[arg(long)]
    yes: bool,
    /// Avec --yes : écrit même quand toutes les clés changent. Comparez d'abord les empreintes avec le GAR.
    #[arg(long, requires = "yes")]
    replace_every_key: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// What the command's line says of writing without a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// Nothing: ask.
    No,
    /// `--yes`.
    Yes,
    /// `--yes --replace-every-key`.
    EvenOfEveryKey,
}

impl RefreshArgs {
    fn sure(&self) -> Sure {
        match (self.yes, self.replace_every_key) {
            (false, _) => Sure::No,
            (true, false) => Sure::Yes,
            (true, true) => Sure::EvenOfEveryKey,
        }
    }
}

/// Runs it.
///
/// # Errors
/// When the configuration or a file fails, or what comes is refused.
pub async fn run(args: &RefreshArgs) -> anyhow::Result<ExitCode> {
    let config = args.config.load()?;
    let gar = config.gar.context(
        "Le GAR n'est pas configuré : écrivez la section [gar] de la configuration, avec metadata et keys",
    )?;
    let url = match (&args.url, &gar.metadata_url) {
        (Some(url), _) => url.clone(),
        (None, Some(url)) => Url::parse(url).context("gar.metadata_url n'est pas une adresse")?,
        (None, None) => anyhow::bail!(
            "Donnez l'adresse des métadonnées du GAR : par --url, ou par gar.metadata_url dans la configuration."
        ),
    };
    let file = &gar.metadata;
    let text = fetch(&url)
        .await
        .map_err(|trouble| anyhow::anyhow!("{url}\n{}", words::fetch(&trouble)))?;
    let fetched = IdentityProvider::parse(&text).map_err(|refusal| {
        anyhow::anyhow!(
            "Ce qui est à {url} ne convient pas : {} Rien n'a changé.",
            words::metadata(&refusal)
        )
    })?;
    anyhow::ensure!(
        fetched.holds_at(Timestamp::now()),
        "Ce qui est à {url} n'est plus valable : son validUntil est passé. Rien n'a changé. Demandez au GAR des métadonnées à jour."
    );
    let pinned = pinned(file)?;
    if pinned.as_ref().is_some_and(|(_, pinned)| *pinned == text) {
        say("Les métadonnées sont identiques à celles du fichier : rien à faire.");
        return Ok(ExitCode::SUCCESS);
    }
    let difference = pinned.map(|(pinned, _)| Difference::between(&pinned, &fetched));
    if !show(difference.as_ref(), &fetched) {
        return Ok(ExitCode::FAILURE);
    }
    let every_key = difference.is_some_and(|it| it.replaces_every_key());
    let stdin = std::io::stdin();
    let operator = Operator {
        at_a_terminal: stdin.is_terminal(),
        says: stdin.lock(),
        reads: std::io::stdout(),
    };
    if let Err(why) = agreed(args.sure(), every_key, operator) {
        say_error(why);
        return Ok(ExitCode::FAILURE);
    }
    write(file, &text)?;
    say(&format!(
        "Écrit dans {}. Redémarrez le service pour qu'il s'en serve : systemctl restart pix-orga",
        file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// What the file says, and its text; nothing when there is none yet.
fn pinned(file: &Path) -> anyhow::Result<Option<(IdentityProvider, String)>> {
    if !file.try_exists()? {
        return Ok(None);
    }
    let pinned = gar::provider_and_text(file).context(
        "Mettez ce fichier de côté pour reprendre les métadonnées comme la première fois",
    )?;
    Ok(Some(pinned))
}

/// Shows what would change. False when it must not.
fn show(difference: Option<&Difference>, fetched: &IdentityProvider) -> bool {
    let Some(difference) = difference else {
        say("Il n'y a pas encore de métadonnées du GAR. Celles-ci seraient les premières :");
        say(&format!("  entityID : {}", fetched.entity_id()));
        say(&format!(
            "  adresse d'entrée : {}",
            fetched.sso_redirect_url()
        ));
        for certificate in fetched.signing_certificates() {
            say(&format!(
                "  + certificat : {}",
                words::described(certificate)
            ));
        }
        say_end(fetched);
        say("Comparez ces empreintes avec celles que le GAR vous a données par une autre voie.");
        return true;
    };
    if let Some((before, after)) = &difference.entity_id {
        say_error(&format!(
            "L'entityID change : {before} devient {after}. C'est un autre fournisseur d'identité : rien n'a changé. Si le GAR \
             vous l'a annoncé, mettez l'ancien fichier de côté, puis recommencez."
        ));
        return false;
    }
    if difference.is_empty() {
        say("Le texte du fichier change, mais ni les certificats, ni les adresses.");
    }
    say_changes(difference);
    say_end(fetched);
    true
}

fn say_end(fetched: &IdentityProvider) {
    if let Some(end) = fetched.valid_until() {
        say(&format!("  valables jusqu'au {}", words::day(end)));
    }
}

fn say_changes(difference: &Difference) {
    for certificate in &difference.added {
        say(&format!(
            "  + certificat ajouté : {}",
            words::described(certificate)
        ));
    }
    for certificate in &difference.removed {
        say(&format!(
            "  - certificat retiré : {}",
            words::described(certificate)
        ));
    }
    for certificate in &difference.kept {
        say(&format!(
            "  = certificat gardé : {}",
            words::described(certificate)
        ));
    }
    if let Some((before, after)) = &difference.address {
        say(&format!("  adresse d'entrée : {before} devient {after}"));
    }
    if difference.replaces_every_key() {
        say(
            "\n  ATTENTION : aucune clé actuelle ne reste. Un renouvellement ordinaire en garde une. Qui vous ferait prendre \
             de fausses métadonnées entrerait à la place de n'importe quel élève : comparez les empreintes avec celles que \
             le GAR vous donne par une autre voie.\n",
        );
    }
}

/// Who is asked.
struct Operator<S, R> {
    /// Whether somebody can answer.
    at_a_terminal: bool,
    /// What they type.
    says: S,
    /// Where they read the question.
    reads: R,
}

/// Whether the operator wants it: by `--yes`, or by a word at the terminal. Otherwise what they are told.
fn agreed(
    sure: Sure,
    every_key_changes: bool,
    mut operator: Operator<impl BufRead, impl Write>,
) -> Result<(), &'static str> {
    match sure {
        Sure::Yes if every_key_changes => return Err(EVERY_KEY_CHANGES),
        Sure::Yes | Sure::EvenOfEveryKey => return Ok(()),
        Sure::No => {}
    }
    if !operator.at_a_terminal {
        return Err("Rien n'a changé. Ajoutez --yes pour écrire.");
    }
    let _ = write!(operator.reads, "{QUESTION}");
    let _ = operator.reads.flush();
    let mut answer = String::new();
    match operator.says.read_line(&mut answer) {
        Ok(_) if answer.trim().eq_ignore_ascii_case("oui") => Ok(()),
        _ => Err("Rien n'a changé."),
    }
}

const QUESTION: &str = "Écrire ces métadonnées ? (oui ou non) ";
const EVERY_KEY_CHANGES: &str = "Toutes les clés changent : --yes n'y suffit pas, rien n'a changé. Après avoir comparé \
     les empreintes, ajoutez --replace-every-key.";

/// Puts the text in the file's place at once; what was there stays beside it, under `….previous`.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        let fresh = beside(file, ".new");
        let mut written = std::fs::File::create(&fresh)?;
        written.write_all(text.as_bytes())?;
        written.sync_all()?;
        if file.try_exists()? {
            std::fs::set_permissions(&fresh, std::fs::metadata(file)?.permissions())?;
            std::fs::copy(file, beside(file, ".previous"))?;
        }
        std::fs::rename(&fresh, file)
    };
    write().with_context(|| format!("Le fichier {} ne peut pas être écrit", file.display()))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::*;

    /// What comes of what is typed, and what was asked.
    fn asked(
        sure: Sure,
        at_a_terminal: bool,
        says: impl Read,
    ) -> (Result<(), &'static str>, String) {
        let mut question = Vec::new();
        let operator = Operator {
            at_a_terminal,
            says: BufReader::new(says),
            reads: &mut question,
        };
        let agreed = agreed(sure, true, operator);
        (agreed, String::from_utf8(question).unwrap())
    }

    #[test]
    fn at_a_terminal_oui_alone_writes_even_when_every_key_changes() {
        for typed in ["oui\n", "Oui\r\n", " OUI \nnon\n", "oui"] {
            let (agreed, question) = asked(Sure::No, true, typed.as_bytes());
            assert_eq!((agreed, question.as_str()), (Ok(()), QUESTION), "{typed:?}");
        }
        for typed in ["non\n", "\noui\n", "o\n", "oui oui\n", "yes\n", ""] {
            let (agreed, question) = asked(Sure::No, true, typed.as_bytes());
            let expected = (Err("Rien n'a changé."), QUESTION);
            assert_eq!((agreed, question.as_str()), expected, "{typed:?}");
        }
        let (agreed, _) = asked(Sure::No, true, &b"oui\xff\n"[..]);
        assert!(agreed.is_err());
    }

    #[test]
    fn without_a_terminal_nothing_is_asked_and_the_option_is_said() {
        let (agreed, question) = asked(Sure::No, false, &b"oui\n"[..]);
        assert!(agreed.unwrap_err().contains("Ajoutez --yes"));
        assert_eq!(question, "");
    }

    #[test]
    fn an_option_answers_without_a_question() {
        for at_a_terminal in [true, false] {
            let (enough, question) = asked(Sure::Yes, at_a_terminal, &b"oui\n"[..]);
            assert!(enough.unwrap_err().contains("--replace-every-key"));
            assert_eq!(question, "");
            let (agreed, question) = asked(Sure::EvenOfEveryKey, at_a_terminal, &b"non\n"[..]);
            assert_eq!((agreed, question.as_str()), (Ok(()), ""));
        }
    }
}
