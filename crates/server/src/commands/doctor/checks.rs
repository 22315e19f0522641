//! What is looked at, each apart from the others.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::retention::doubt::Doubt;
use pix_orga_domain::store::Failure;
use pix_orga_domain::terms::TermsKind;
use pix_orga_domain::vitals::Level;
use pix_orga_mail_smtp::{SmtpSender, Trouble, TroubleKind};
use url::Url;

use super::{Check, gar, place};
use crate::config::{self, Config, MailConfig, SecretText};
use crate::secrets::ServerVault;
use crate::{database, serve};

/// How long the mail server may take.
const MAIL_MAX: Duration = Duration::from_secs(15);
/// How long the name of the public address may take.
const NAME_MAX: Duration = Duration::from_secs(5);
/// How far two clocks may be apart: links and sessions have their ends in minutes.
const CLOCKS_APART_MAX: SignedDuration = SignedDuration::from_secs(30);

/// Everything, in the order in which one mends.
pub async fn all(config: &Config) -> Vec<Check> {
    let mut checks = vec![secret_key(config)];
    checks.extend(secret_files(config));
    checks.extend([
        terms(TermsKind::Account, config),
        terms(TermsKind::Space, config),
    ]);
    checks.push(public_address(config).await);
    checks.extend(database(config).await);
    checks.push(match &config.mail {
        Some(mail) => mail_server(config, mail).await,
        None => Check::warning(
            "mail",
            "Aucun serveur d'envoi n'est configuré : les invitations sont refusées.",
            "Écrivez la section [mail] de la configuration.",
        ),
    });
    checks.extend(gar::all(config, Timestamp::now()));
    checks
}

fn secret_key(config: &Config) -> Check {
    const NAME: &str = "secret_key";
    match serve::key(config) {
        Ok(_) => Check::ok(NAME, "La clé du serveur est lisible."),
        Err(error) => Check::failed(
            NAME,
            format!("{error:#}"),
            "Tirez une clé : openssl rand -hex 32 > fichier, puis chmod 600 fichier. Gardez-la : sans elle, les liens en \
             attente ne peuvent plus partir.",
        ),
    }
}

/// The files that hold secrets, when others than their owner and group can read them.
fn secret_files(config: &Config) -> Vec<Check> {
    let password = config.mail.as_ref().and_then(|mail| mail.password.as_ref());
    let secrets = [
        ("secret_key", Some(&config.secret_key)),
        ("mail.password", password),
    ];
    let mut files = Vec::new();
    let mut in_clear =
        config.database_url.holds_password() && config.source.is_in_file("database_url");
    for (key, secret) in secrets {
        match secret {
            Some(SecretText::File { file }) => files.push(file.as_path()),
            Some(SecretText::Clear(_)) => in_clear |= config.source.is_in_file(key),
            None => {}
        }
    }
    files.extend(config.source.file().filter(|_| in_clear));
    files
        .into_iter()
        .chain(gar::secret_files(config))
        .filter(|file| is_open_to_all(file))
        .map(|file| {
            let file = file.display();
            Check::failed(
                "secret_files",
                format!("Tout le monde, sur cette machine, peut lire le secret de {file}."),
                format!("chmod 600 {file}"),
            )
        })
        .collect()
}

fn is_open_to_all(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o007 != 0)
}

fn terms(kind: TermsKind, config: &Config) -> Check {
    let name = match kind {
        TermsKind::Account => "terms_account",
        TermsKind::Space => "terms_space",
    };
    match serve::document(kind, config) {
        Ok(read) => Check::ok(
            name,
            format!(
                "Les conditions « {} » sont lisibles, en version {}.",
                kind.code(),
                read.version
            ),
        ),
        Err(error) => Check::failed(
            name,
            format!("{error:#}"),
            format!(
                "Donnez à terms.{}.file le texte de vos conditions.",
                kind.code()
            ),
        ),
    }
}

async fn public_address(config: &Config) -> Check {
    const NAME: &str = "public_url";
    let url = Url::parse(&config.public_url).ok();
    let place = url
        .as_ref()
        .and_then(|url| Some((url.host_str()?, url.port_or_known_default()?)));
    let Some((host, port)) = place else {
        return Check::failed(
            NAME,
            "public_url n'a pas de nom de machine.",
            "Donnez l'adresse que les gens tapent, par exemple https://orga.example.org.",
        );
    };
    let found = tokio::time::timeout(NAME_MAX, tokio::net::lookup_host((host, port))).await;
    let known = found.is_ok_and(|found| found.is_ok_and(|addresses| addresses.count() > 0));
    if known {
        Check::ok(
            NAME,
            format!("L'adresse publique est {}.", config.public_url),
        )
    } else {
        Check::warning(
            NAME,
            format!("Le nom {host}, de l'adresse publique, n'est pas connu d'ici."),
            "Vérifiez public_url, et le DNS de ce nom : les liens des messages y mènent.",
        )
    }
}

async fn database(config: &Config) -> Vec<Check> {
    const NAME: &str = "database";
    let store = match database::connect(&config.database_url).await {
        Ok(store) => store,
        Err(error) => {
            return vec![Check::failed(
                NAME,
                format!("{error:#}"),
                "Vérifiez database_url, que la base est démarrée, et que l'utilisateur du service y a droit.",
            )];
        }
    };
    let level = match store.level().await {
        Ok(Level::Current) => Check::ok(NAME, "La base répond, au niveau du programme."),
        Ok(Level::Beside) => Check::warning(
            NAME,
            "La base répond. Un programme plus récent l’a mise à son niveau, et celui-ci peut encore s’en servir.",
            "Terminez la mise à jour : installez la même version partout.",
        ),
        Ok(Level::Behind) => Check::failed(
            NAME,
            "La base n'est pas au niveau du programme.",
            "Sauvegardez-la, puis lancez pix-orga migrate (serve le fait aussi).",
        ),
        Ok(Level::Ahead) => Check::failed(
            NAME,
            "Un programme plus récent a mis cette base à son niveau.",
            "Installez la version de pix-orga qui l'a fait, ou une plus récente.",
        ),
        Err(failure) => Check::failed(
            NAME,
            format!("{failure}."),
            "Vérifiez que la base est démarrée.",
        ),
    };
    let mut checks = vec![level];
    checks.extend(host(store.host()));
    checks.extend(migrations(store.changed_migrations().await));
    checks.extend(place::all(config.database_url.file()));
    let now = store.now().await;
    let retention = retention(now.as_ref().ok().copied(), store.last_done().await);
    checks.push(clock(now));
    checks.push(retention);
    checks
}

/// Which server is in use, where the address names several.
fn host((place, of): (usize, usize)) -> Option<Check> {
    let said = format!("Le serveur PostgreSQL en service est le {place} sur {of} de database_url.");
    (of > 1).then(|| Check::ok("database_host", said))
}

/// Says nothing where all is well.
fn migrations(changed: Result<Vec<i64>, Failure>) -> Option<Check> {
    const NAME: &str = "migrations";
    match changed {
        Ok(changed) if changed.is_empty() => None,
        Ok(changed) => Some(Check::failed(
            NAME,
            format!(
                "Des migrations de la base ne sont pas celles de ce programme, ou n’ont pas abouti : {}.",
                database::numbers(&changed)
            ),
            "Lancez le programme qui a mis cette base à son niveau, ou restaurez une sauvegarde.",
        )),
        Err(failure) => Some(Check::failed(
            NAME,
            format!("{failure}."),
            "Vérifiez que la base est démarrée.",
        )),
    }
}

/// Whether what is past its time is forgotten, or the time is in doubt.
fn retention(database: Option<Timestamp>, last: Result<Option<Timestamp>, Failure>) -> Check {
    const NAME: &str = "retention";
    let now = Timestamp::now();
    match last.map(|last| Doubt::about(now, database.unwrap_or(now), last)) {
        Ok(None) => Check::ok(NAME, "Ce qui a passé son temps est effacé chaque nuit."),
        Ok(Some(doubt)) => Check::warning(
            NAME,
            super::super::retention::doubted(doubt),
            "Mettez les machines à l'heure ; si elles y sont, lancez pix-orga retention run --confirm-clock.",
        ),
        Err(failure) => Check::warning(
            NAME,
            format!("{failure}."),
            "Vérifiez que la base répond et est au niveau du programme.",
        ),
    }
}

fn clock(theirs: Result<Timestamp, Failure>) -> Check {
    const NAME: &str = "clock";
    let apart = theirs.map(|theirs| Timestamp::now().duration_since(theirs).abs());
    match apart {
        Ok(apart) if apart <= CLOCKS_APART_MAX => {
            Check::ok(NAME, "L'horloge de cette machine est celle de la base.")
        }
        Ok(apart) => Check::failed(
            NAME,
            format!(
                "L'horloge de cette machine et celle de la base ont {} secondes d'écart.",
                apart.as_secs()
            ),
            "Mettez les deux machines à l'heure (systemd-timesyncd ou chrony) : les liens et les sessions finiraient trop \
             tôt ou trop tard.",
        ),
        Err(failure) => Check::failed(
            NAME,
            format!("{failure}."),
            "Vérifiez que la base est démarrée.",
        ),
    }
}

async fn mail_server(config: &Config, mail: &MailConfig) -> Check {
    const NAME: &str = "mail";
    let made = serve::key(config).and_then(|key| {
        let settings = mail.settings(config)?;
        let vault = Arc::new(ServerVault::new(&key));
        let sender = SmtpSender::new(&settings, vault)
            .map_err(|error| config::mail_unfit(error, mail, &config.source))?;
        Ok(sender.within(MAIL_MAX))
    });
    let sender = match made {
        Ok(sender) => sender,
        Err(error) => {
            return Check::failed(
                NAME,
                format!("{error:#}"),
                "Corrigez la section [mail] de la configuration.",
            );
        }
    };
    let checked = sender.check().await;
    sender.close().await;
    match checked {
        Ok(()) => Check::ok(
            NAME,
            format!(
                "Le serveur d'envoi {} répond et nous reconnaît.",
                mail.server
            ),
        ),
        Err(Trouble { kind, words }) => Check::failed(NAME, words.as_str(), mend(kind)),
    }
}

const fn mend(kind: TroubleKind) -> &'static str {
    match kind {
        TroubleKind::Unreachable => {
            "Vérifiez mail.server et mail.port, que ce serveur est démarré, et que le pare-feu laisse passer."
        }
        TroubleKind::Encryption => {
            "Vérifiez mail.encryption, que le certificat porte le nom de mail.server, et mail.certificate_authority si \
             votre autorité est privée."
        }
        TroubleKind::Authentication => "Vérifiez mail.user et mail.password.",
        TroubleKind::Refused => {
            "Vérifiez que mail.port est celui d'un serveur d'envoi, et que ce serveur accepte cette machine."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::State;

    fn apart(seconds: i64) -> State {
        let theirs = Timestamp::now().saturating_add(SignedDuration::from_secs(seconds));
        clock(Ok(theirs.unwrap())).state
    }

    #[test]
    fn clocks_may_be_a_little_apart() {
        assert_eq!(
            (apart(0), apart(20), apart(-20)),
            (State::Ok, State::Ok, State::Ok)
        );
        assert_eq!((apart(60), apart(-60)), (State::Failed, State::Failed));
    }

    #[test]
    fn a_secret_that_everybody_reads_is_seen() {
        use std::os::unix::fs::PermissionsExt as _;
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, open) in [(0o600, false), (0o640, false), (0o644, true), (0o602, true)] {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(file.path(), mode).unwrap();
            assert_eq!(is_open_to_all(file.path()), open);
        }
    }
}
