//! What signing in by the GAR needs.

use std::path::Path;

use jiff::Timestamp;

use pix_orga_gar::keys::SigningKey;

use super::Check;
use crate::config::{Config, GarConfig};
use crate::gar::outlook::Outlook;
use crate::gar::{self, words};

/// Everything about the GAR, in the order in which one mends.
pub fn all(config: &Config, now: Timestamp) -> Vec<Check> {
    let Some(gar) = &config.gar else {
        return vec![Check::warning(
            "gar",
            "Le GAR n'est pas configuré : les élèves ne peuvent pas entrer par leur médiacentre.",
            "Le guide d'exploitation dit comment se faire connaître du GAR, puis écrivez la section [gar].",
        )];
    };
    let mut checks = provider(gar, now);
    checks.extend(ours(gar, config.site(), now));
    checks.extend(contract(gar));
    checks
}

/// What the contract of the resource lacks, and what each lack costs; nothing to say of a whole one.
fn contract(gar: &GarConfig) -> Option<Check> {
    const NAME: &str = "gar_contract";
    match gar::contract(gar) {
        Err(error) => Some(Check::failed(
            NAME,
            format!("{error:#}"),
            "Corrigez gar.delivered d'après le contrat de la ressource.",
        )),
        Ok(contract) => {
            let costs: Vec<&str> = contract.without().map(words::without).collect();
            (!costs.is_empty()).then(|| {
                Check::warning(
                    NAME,
                    format!("Le contrat de la ressource n'a pas tous les attributs. {}", costs.join(" ")),
                    "Demandez-les au GAR pour cette ressource ; une fois obtenus, ajoutez-les à gar.delivered.",
                )
            })
        }
    }
}

fn provider(gar: &GarConfig, now: Timestamp) -> Vec<Check> {
    const NAME: &str = "gar_metadata";
    let provider = match gar::provider(&gar.metadata) {
        Ok(provider) => provider,
        Err(error) => {
            return vec![Check::failed(
                NAME,
                format!("{error:#}"),
                "Prenez les métadonnées du GAR : pix-orga gar metadata refresh --url ADRESSE.",
            )];
        }
    };
    let read = format!(
        "Les métadonnées du GAR sont lisibles : {}.",
        provider.entity_id()
    );
    let end = provider.valid_until().map(|end| Outlook::of(end, now));
    let read = end.map_or_else(
        || Check::ok(NAME, read.clone()),
        |end| metadata_outlook(end, &read),
    );
    let ends = gar::ends(provider.signing_certificates());
    vec![read, provider_outlook(Outlook::of_provider(&ends, now))]
}

fn metadata_outlook(outlook: Outlook, read: &str) -> Check {
    const NAME: &str = "gar_metadata";
    const MEND: &str = "Reprenez-les : pix-orga gar metadata refresh, puis redémarrez le service.";
    match outlook {
        Outlook::Fine { end } => Check::ok(
            NAME,
            format!("{read} Elles servent jusqu'au {}.", words::day(end)),
        ),
        Outlook::Soon { end, days } => Check::warning(
            NAME,
            format!(
                "Les métadonnées du GAR finissent le {}, dans {days} jours (validUntil) : ensuite, aucun élève \
                 n'entrera.",
                words::day(end)
            ),
            MEND,
        ),
        Outlook::Over { end } => Check::failed(
            NAME,
            format!(
                "Les métadonnées du GAR ne servent plus depuis le {} (validUntil) : aucun élève n'entre.",
                words::day(end)
            ),
            MEND,
        ),
    }
}

fn provider_outlook(outlook: Outlook) -> Check {
    const NAME: &str = "gar_provider_certificates";
    const MEND: &str = "Prenez les nouvelles métadonnées : pix-orga gar metadata refresh, puis redémarrez le service.";
    match outlook {
        Outlook::Fine { end } => Check::ok(
            NAME,
            format!(
                "Les signatures du GAR sont reconnues jusqu'au {}.",
                words::day(end)
            ),
        ),
        Outlook::Soon { end, days } => Check::warning(
            NAME,
            format!(
                "Le dernier certificat connu du GAR finit le {}, dans {days} jours : ensuite, aucun élève n'entrera.",
                words::day(end)
            ),
            MEND,
        ),
        Outlook::Over { end } => Check::failed(
            NAME,
            format!(
                "Tous les certificats connus du GAR ont fini, le dernier le {} : aucun élève n'entre.",
                words::day(end)
            ),
            MEND,
        ),
    }
}

fn ours(gar: &GarConfig, site: &str, now: Timestamp) -> Vec<Check> {
    const NAME: &str = "gar_keys";
    let keys = match gar::keys(gar) {
        Ok(keys) => keys,
        Err(error) => {
            return vec![Check::failed(
                NAME,
                format!("{error:#}"),
                "Corrigez gar.keys dans la configuration, et les droits de ces fichiers.",
            )];
        }
    };
    let ends = gar::ends(keys.iter().map(SigningKey::certificate));
    let outlook = our_outlook(Outlook::of_ours(&ends, now), keys.len());
    let resource = match gar::resource(gar, site) {
        Ok(resource) => resource,
        Err(error) => {
            let readable = Check::ok(NAME, "Nos clés sont lisibles.");
            return vec![readable, outlook, resource_refused(&error)];
        }
    };
    let address = pix_orga_gar::served::entity_id(site);
    let read = format!(
        "Nos clés sont lisibles. Le GAR doit connaître {address}, et {resource} comme adresse de la ressource : \
         chaque demande la porte (RelayState), et il refuse celles où il ne la reconnaît pas."
    );
    vec![Check::ok(NAME, read), outlook]
}

fn resource_refused(error: &anyhow::Error) -> Check {
    Check::failed(
        "gar_resource",
        format!("{error:#}"),
        "Écrivez dans gar.resource_url l'adresse de la ressource déclarée au GAR, lettre pour lettre.",
    )
}

fn our_outlook(outlook: Outlook, keys: usize) -> Check {
    const NAME: &str = "gar_our_certificates";
    let mend = if keys == 1 {
        "Tirez la suivante : pix-orga gar keys new FICHIER, qui dit comment faire connaître la nouvelle."
    } else {
        "Une fois la seconde clé connue du GAR, mettez-la en premier dans gar.keys, et redémarrez."
    };
    match outlook {
        Outlook::Fine { end } => Check::ok(
            NAME,
            format!(
                "La clé qui signe nos demandes sert jusqu'au {}.",
                words::day(end)
            ),
        ),
        Outlook::Soon { end, days } => Check::warning(
            NAME,
            format!(
                "Le certificat de la clé qui signe nos demandes finit le {}, dans {days} jours.",
                words::day(end)
            ),
            mend,
        ),
        Outlook::Over { end } => Check::failed(
            NAME,
            format!(
                "Le certificat de la clé qui signe nos demandes a fini le {} : le GAR peut les refuser.",
                words::day(end)
            ),
            mend,
        ),
    }
}

/// The files of our keys.
pub fn secret_files(config: &Config) -> impl Iterator<Item = &Path> {
    config
        .gar
        .iter()
        .flat_map(|gar| gar.keys.iter().map(std::path::PathBuf::as_path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::State;

    #[test]
    fn an_end_that_comes_warns_and_an_end_that_came_fails() {
        let now: Timestamp = "2027-02-20T12:00:00Z".parse().unwrap();
        for (end, state, words) in [
            ("2028-03-01T00:00:00Z", State::Ok, "jusqu'au 01/03/2028"),
            (
                "2027-03-01T00:00:00Z",
                State::Warning,
                "le 01/03/2027, dans 8 jours",
            ),
            ("2027-02-20T00:00:00Z", State::Failed, "le 20/02/2027"),
        ] {
            let outlook = Outlook::of(end.parse().unwrap(), now);
            let metadata = metadata_outlook(outlook, "Lisibles.");
            for check in [metadata, provider_outlook(outlook), our_outlook(outlook, 1)] {
                assert_eq!(check.state, state, "{check}");
                assert!(check.said.contains(words), "{check}");
            }
        }
    }

    #[test]
    fn who_has_a_second_key_is_told_to_use_it() {
        let soon = Outlook::Soon {
            end: Timestamp::UNIX_EPOCH,
            days: 3,
        };
        let mends = [1, 2].map(|keys| our_outlook(soon, keys).mend.unwrap());
        assert!(mends[0].contains("gar keys new") && mends[1].contains("en premier"));
    }
}
