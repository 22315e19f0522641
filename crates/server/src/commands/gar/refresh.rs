//! `pix-orga gar metadata refresh`: fetches, shows what differs, asks, and writes beside what it replaces.

use std::ffi::OsString;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
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
    let pinned = pinned(file)?;
    if pinned.as_ref().is_some_and(|(_, pinned)| *pinned == text) {
        say("Les métadonnées sont identiques à celles du fichier : rien à faire.");
        return Ok(ExitCode::SUCCESS);
    }
    let difference = pinned.map(|(pinned, _)| Difference::between(&pinned, &fetched));
    if !show(difference.as_ref(), &fetched) {
        return Ok(ExitCode::FAILURE);
    }
    if !agreed(args, difference.is_some_and(|it| it.replaces_every_key())) {
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
    true
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

/// Whether the operator wants it: by `--yes`, or by a word at the terminal.
fn agreed(args: &RefreshArgs, new_keys_only: bool) -> bool {
    if args.yes {
        let enough = !new_keys_only || args.replace_every_key;
        if !enough {
            say_error(
                "Toutes les clés changent : --yes n'y suffit pas, rien n'a changé. Après avoir comparé les empreintes, ajoutez \
                 --replace-every-key.",
            );
        }
        return enough;
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        say_error("Rien n'a changé. Ajoutez --yes pour écrire.");
        return false;
    }
    let _ = write!(std::io::stdout(), "Écrire ces métadonnées ? (oui ou non) ");
    let _ = std::io::stdout().flush();
    let mut answer = String::new();
    let read = stdin.lock().read_line(&mut answer);
    let agreed = read.is_ok() && answer.trim().eq_ignore_ascii_case("oui");
    if !agreed {
        say_error("Rien n'a changé.");
    }
    agreed
}

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
