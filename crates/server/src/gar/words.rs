//! What is wrong with a file of the GAR, for who operates: an end of sentence, with its full stop.

use jiff::Timestamp;
use pix_orga_domain::clock::day_in_paris;
use pix_orga_domain::pupil::contract::Attribute;
use pix_orga_gar::certificate::{Certificate, CertificateRefusal};
use pix_orga_gar::keys::KeyRefusal;
use pix_orga_gar::metadata::MetadataRefusal;
use pix_orga_gar::refresh::FetchTrouble;
use pix_orga_gar::served::{RELAY_STATE_BYTES_MAX, ResourceUrlRefusal};

/// A metadata file.
pub fn metadata(refusal: &MetadataRefusal) -> String {
    match refusal {
        MetadataRefusal::TooLong => "il dépasse 256 Kio.".to_owned(),
        MetadataRefusal::TooDeep => "il a trop d'éléments, ou trop imbriqués.".to_owned(),
        MetadataRefusal::Dtd => "il déclare une DTD, ce que des métadonnées n'ont pas.".to_owned(),
        MetadataRefusal::Malformed { line } => {
            format!("ce n'est pas du XML, à partir de la ligne {line}.")
        }
        MetadataRefusal::NotAnEntity => {
            "sa racine n'est pas un EntityDescriptor de SAML 2.0.".to_owned()
        }
        MetadataRefusal::NoEntityId => "il n'a pas d'entityID.".to_owned(),
        MetadataRefusal::NotOneProvider { found } => format!(
            "il a {found} fournisseur(s) d'identité pour SAML 2.0 (IDPSSODescriptor), et il en faut un."
        ),
        MetadataRefusal::NotOneAddress { found } => format!(
            "il a {found} adresse(s) d'entrée par HTTP-Redirect (SingleSignOnService), et il en faut une."
        ),
        MetadataRefusal::UnsafeAddress => {
            "son adresse d'entrée par HTTP-Redirect n'est pas en https.".to_owned()
        }
        MetadataRefusal::NoSigningKey => {
            "il n'a aucune clé de signature : n'importe qui pourrait entrer.".to_owned()
        }
        MetadataRefusal::TooManyKeys => "il a plus de huit clés de signature.".to_owned(),
        MetadataRefusal::UnusableKey => {
            "une de ses clés (KeyDescriptor) n'a pas de certificat, ou un usage inconnu.".to_owned()
        }
        MetadataRefusal::ValidUntil => {
            "la fin de sa validité (validUntil) n'est pas une date.".to_owned()
        }
        MetadataRefusal::Certificate(refusal) => {
            format!(
                "un de ses certificats de signature {}",
                certificate(*refusal)
            )
        }
    }
}

/// A key's file.
pub fn key(refusal: KeyRefusal) -> String {
    match refusal {
        KeyRefusal::NotPem => "ce n'est pas du PEM.".to_owned(),
        KeyRefusal::NotOneKey => {
            "il lui faut une clé privée, une seule, en PKCS#8 et sans mot de passe (PRIVATE KEY)."
                .to_owned()
        }
        KeyRefusal::NotOneCertificate => {
            "il lui faut un certificat, un seul (CERTIFICATE).".to_owned()
        }
        KeyRefusal::Key => "la clé privée n'est pas une clé RSA, ou elle est abîmée.".to_owned(),
        KeyRefusal::Certificate(refusal) => format!("le certificat {}", certificate(refusal)),
        KeyRefusal::NotItsCertificate => "le certificat n'est pas celui de cette clé.".to_owned(),
    }
}

fn certificate(refusal: CertificateRefusal) -> String {
    match refusal {
        CertificateRefusal::Base64 | CertificateRefusal::Malformed => {
            "n'est pas lisible.".to_owned()
        }
        CertificateRefusal::NotRsa => "n'a pas de clé RSA.".to_owned(),
        CertificateRefusal::ShortKey { bits, least } => {
            format!("a une clé de {bits} bits : il en faut {least} au moins.")
        }
    }
}

/// The resource's address.
pub fn resource(refusal: ResourceUrlRefusal) -> String {
    match refusal {
        ResourceUrlRefusal::NotAnAddress => {
            "doit être l'adresse de la ressource telle que le GAR la connaît : https://…, sans espace."
                .to_owned()
        }
        ResourceUrlRefusal::TooLong { bytes } => format!(
            "fait {bytes} octets, et SAML n'en permet que {RELAY_STATE_BYTES_MAX} : déclarez au GAR une adresse plus \
             courte, puis écrivez-la ici."
        ),
    }
}

/// What it costs that the resource's contract has not an attribute.
pub fn without(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Ido => "Sans IDO, aucun élève n'est reconnu.",
        Attribute::Uai => {
            "Sans UAI, rien ne dit dans quel établissement est un élève : seul celui dont le nom et le prénom sont \
             exactement ceux d'un seul élève de la liste est rattaché tout de suite, un enseignant vérifie tous les \
             autres, et les élèves qui changent d'établissement."
        }
        Attribute::Pro => {
            "Sans PRO, un adulte qui entre par le médiacentre a un compte d'élève, qui n'ouvre que les pages des élèves."
        }
        Attribute::Nom => {
            "Sans NOM, aucun élève n'est rattaché tout de suite : un enseignant les rattache un par un."
        }
        Attribute::Pre => {
            "Sans PRE, aucun élève n'est rattaché tout de suite : un enseignant les rattache un par un."
        }
        Attribute::Div => {
            "Sans DIV, la classe n'aide pas : un enseignant vérifie les homonymes et les noms qui diffèrent un peu."
        }
    }
}

/// What kept metadata from coming.
pub fn fetch(trouble: &FetchTrouble) -> String {
    match trouble {
        FetchTrouble::UnsafeAddress => {
            "Cette adresse n'est pas en https, ou mène à une autre qui ne l'est pas : rien n'y est pris.".to_owned()
        }
        FetchTrouble::Unreachable(error) => format!(
            "Personne ne répond à cette adresse comme il faut ({error}). Vérifiez-la, le pare-feu et le certificat du site."
        ),
        FetchTrouble::Status(status) => {
            format!("Cette adresse répond {status} : vérifiez-la.")
        }
        FetchTrouble::TooLong => {
            "Ce qui est à cette adresse dépasse 256 Kio : ce ne sont pas des métadonnées.".to_owned()
        }
        FetchTrouble::NotText => {
            "Ce qui est à cette adresse n'est pas un texte : ce ne sont pas des métadonnées.".to_owned()
        }
    }
}

/// A day, in Paris: `01/03/2027`.
pub fn day(at: Timestamp) -> String {
    day_in_paris(at).strftime("%d/%m/%Y").to_string()
}

/// A certificate, on two lines.
pub fn described(certificate: &Certificate) -> String {
    format!(
        "{}, du {} au {}\n      SHA-256 {}",
        certificate.subject(),
        day(certificate.not_before()),
        day(certificate.not_after()),
        certificate.fingerprint()
    )
}
