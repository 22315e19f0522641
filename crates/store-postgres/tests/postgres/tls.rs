//! TLS to a server on another machine. With the feature `tls` alone, as a release is built:
//! `cargo xtask test -p pix-orga-store-postgres --features tls tls`.

use pix_orga_store_postgres::{OpenError, PgStore};

use crate::support::Database;

#[cfg(feature = "tls")]
mod built {
    use std::path::PathBuf;

    use pix_orga_store_postgres::{OpenError, PgStore};
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    use tempfile::TempDir;
    use xtask_cluster::{Binaries, Cluster};

    /// An authority, drawn for one test, and the file of its certificate.
    struct Authority {
        issuer: Issuer<'static, KeyPair>,
        file: PathBuf,
    }

    impl Authority {
        fn draw(folder: &TempDir, name: &str) -> Self {
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let file = folder.path().join(name);
            std::fs::write(&file, params.self_signed(&key).unwrap().pem()).unwrap();
            Self {
                issuer: Issuer::new(params, key),
                file,
            }
        }

        /// A server whose certificate, signed by this one, bears a name.
        fn server(&self, name: &str) -> Cluster {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new([name.to_owned()]).unwrap();
            let certificate = params.signed_by(&key, &self.issuer).unwrap();
            let binaries = Binaries::found().expect("`cargo xtask test` provides PostgreSQL");
            Cluster::start_over_tls(&binaries, &certificate.pem(), &key.serialize_pem()).unwrap()
        }

        fn root(&self) -> String {
            format!("sslrootcert={}", self.file.display())
        }
    }

    async fn open(server: &Cluster, host: &str, parameters: &str) -> Result<(), OpenError> {
        let url = server.network_url(host).unwrap();
        let store = PgStore::open(&format!("{url}?{parameters}")).await?;
        store.close().await;
        Ok(())
    }

    #[tokio::test]
    async fn a_server_of_the_right_name_and_authority_is_served_by_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let ours = Authority::draw(&folder, "ours.pem");
        let other = Authority::draw(&folder, "other.pem");
        let server = ours.server("localhost");
        let (root, other) = (ours.root(), other.root());
        for accepted in ["verify-full", "verify-ca"] {
            let parameters = format!("sslmode={accepted}&{root}");
            open(&server, "localhost", &parameters).await.unwrap();
        }
        for (host, parameters) in [
            // Another name than the certificate's.
            ("127.0.0.1", format!("sslmode=verify-full&{root}")),
            // Another authority, or none but those of the web.
            ("localhost", format!("sslmode=verify-full&{other}")),
            ("localhost", format!("sslmode=verify-ca&{other}")),
            ("localhost", "sslmode=verify-full".to_owned()),
        ] {
            let refused = open(&server, host, &parameters).await;
            assert!(
                matches!(refused, Err(OpenError::Tls(_))),
                "{host} {parameters}: {refused:?}"
            );
        }
        // This server speaks to nobody in clear.
        let refused = open(&server, "localhost", "sslmode=disable").await;
        assert!(
            matches!(refused, Err(OpenError::Database(_))),
            "{refused:?}"
        );
    }

    #[tokio::test]
    async fn a_server_whose_certificate_bears_another_name_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let ours = Authority::draw(&folder, "ours.pem");
        let server = ours.server("elsewhere.invalid");
        let full = format!("sslmode=verify-full&{}", ours.root());
        let refused = open(&server, "localhost", &full).await;
        assert!(matches!(refused, Err(OpenError::Tls(_))), "{refused:?}");
        let authority_alone = format!("sslmode=verify-ca&{}", ours.root());
        open(&server, "localhost", &authority_alone).await.unwrap();
    }
}

/// A server without TLS, or a program built without it: nothing goes in clear.
#[tokio::test]
async fn what_asks_for_tls_never_goes_without() {
    let database = Database::empty().await;
    for mode in ["require", "verify-ca", "verify-full"] {
        let and = if database.url().contains('?') {
            '&'
        } else {
            '?'
        };
        let url = format!("{}{and}sslmode={mode}", database.url());
        let refused = PgStore::open(&url).await;
        assert!(
            matches!(refused, Err(OpenError::Tls(_))),
            "{mode}: {refused:?}"
        );
    }
}
