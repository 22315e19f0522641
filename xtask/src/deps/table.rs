//! The tables. Changing one is a decision about the shape of the project, and is reviewed as such.

/// What a package of ours may use of ours.
pub struct Edges {
    /// The package.
    pub package: &'static str,
    /// Allowed everywhere.
    pub normal: &'static [&'static str],
    /// Also allowed in its tests.
    pub dev: &'static [&'static str],
    /// Said to whoever breaks it.
    pub why: &'static str,
}

/// Third-party libraries that only some packages of ours may use.
pub struct Reserved {
    /// The libraries.
    pub libraries: &'static [&'static str],
    /// The packages that may.
    pub owners: &'static [&'static str],
    /// Whether anybody's tests may too.
    pub free_in_tests: bool,
    /// Said to whoever breaks it.
    pub why: &'static str,
}

/// A library that must be nowhere in the tree, not even behind another.
pub struct Banned {
    /// The library.
    pub library: &'static str,
    /// Only versions below this (major, minor) are refused; `None` refuses all.
    pub below: Option<(u64, u64)>,
    /// Said to whoever brings it.
    pub why: &'static str,
}

/// The package that knows nobody.
pub const DOMAIN: &str = "pix-orga-domain";

const TESTKIT: &str = "pix-orga-testkit";
const DEMO: &str = "pix-orga-demo";
const EXPORTS: &str = "pix-orga-exports";
const SIECLE: &str = "pix-orga-siecle";
const FREGATA: &str = "pix-orga-fregata";
const STORE_SQLITE: &str = "pix-orga-store-sqlite";
const STORE_POOL: &str = "pix-orga-store-pool";
const STORE_ROWS: &str = "pix-orga-store-rows";
const STORE_POSTGRES: &str = "pix-orga-store-postgres";
const GAR: &str = "pix-orga-gar";
const IDP: &str = "pix-orga-idp";
const MAIL: &str = "pix-orga-mail";
const MAIL_SMTP: &str = "pix-orga-mail-smtp";
const WEB: &str = "pix-orga-web";
const TEXTS: &str = "pix-orga-texts";
const REMARKS: &str = "pix-orga-remarks";
const SERVER: &str = "pix-orga";
const BENCH: &str = "pix-orga-bench";
const JOURNEYS: &str = "journeys";
const BROWSER: &str = "browser";
const XTASK: &str = "xtask";
const XTASK_CLUSTER: &str = "xtask-cluster";
const XTASK_MIGRATE: &str = "xtask-migrate";

/// Everything the domain may use, and nothing else, in alphabetical order.
pub const DOMAIN_LIBRARIES: &[&str] = &[
    "async-trait",
    "email_address",
    "jiff",
    "serde",
    "sha2",
    "subtle",
    "thiserror",
    "unicode-normalization",
    "url",
    "uuid",
];

const ADAPTER: &str = "an adapter knows the domain alone, so that any of them can be replaced";

/// An adapter: the domain, and in its tests what makes data and contracts.
const fn adapter(package: &'static str) -> Edges {
    Edges {
        package,
        normal: &[DOMAIN],
        dev: &[TESTKIT, DEMO, SIECLE],
        why: ADAPTER,
    }
}

/// A reader of exports: an adapter that shares archives, texts and the judgement of pupils with the other.
const fn reader(package: &'static str) -> Edges {
    Edges {
        normal: &[DOMAIN, EXPORTS],
        dev: &[TESTKIT, DEMO, REMARKS],
        ..adapter(package)
    }
}

/// A store: an adapter that shares its rows and its way with connections with the other.
const fn store(package: &'static str) -> Edges {
    Edges {
        normal: &[DOMAIN, STORE_POOL, STORE_ROWS],
        dev: &[TESTKIT, DEMO, SIECLE, XTASK_CLUSTER],
        ..adapter(package)
    }
}

/// Who may depend on whom.
pub const EDGES: &[Edges] = &[
    Edges {
        package: DOMAIN,
        normal: &[],
        dev: &[TESTKIT],
        why: "the domain knows nobody",
    },
    Edges {
        package: TESTKIT,
        normal: &[DOMAIN],
        dev: &[DEMO],
        why: "contracts and builders speak of the domain alone, so that every adapter can run them",
    },
    Edges {
        package: DEMO,
        normal: &[DOMAIN],
        dev: &[SIECLE, FREGATA, TESTKIT],
        why: "the fictitious world knows the domain alone: what reads its files is its judge, not its tool",
    },
    Edges {
        package: EXPORTS,
        normal: &[DOMAIN],
        dev: &[],
        why: "what formats of exports share knows the domain alone, and none of them",
    },
    reader(SIECLE),
    reader(FREGATA),
    Edges {
        package: STORE_ROWS,
        normal: &[DOMAIN],
        dev: &[],
        why: "rows know the domain alone, and no database: both stores share them",
    },
    Edges {
        package: STORE_POOL,
        normal: &[],
        dev: &[],
        why: "connections know the library that lends them, and neither rows nor rules: both stores share them",
    },
    store(STORE_SQLITE),
    store(STORE_POSTGRES),
    Edges {
        dev: &[TESTKIT, IDP],
        ..adapter(GAR)
    },
    Edges {
        package: IDP,
        normal: &[],
        dev: &[],
        why: "the identity provider of the demonstration knows its protocol, and nothing of the product",
    },
    Edges {
        package: TEXTS,
        normal: &[],
        dev: &[],
        why: "texts are read by whoever shows them, and know nobody",
    },
    Edges {
        package: REMARKS,
        normal: &[DOMAIN, TEXTS],
        dev: &[],
        why: "sentences are made of what the domain keeps, by whoever shows them, whatever reader made it",
    },
    Edges {
        package: MAIL,
        normal: &[DOMAIN, TEXTS],
        dev: &[TESTKIT, DEMO, SIECLE],
        why: ADAPTER,
    },
    Edges {
        package: MAIL_SMTP,
        normal: &[DOMAIN, MAIL],
        dev: &[TESTKIT],
        why: "sending knows the domain, and `mail` which renders",
    },
    Edges {
        package: WEB,
        normal: &[DOMAIN, TEXTS, REMARKS],
        dev: &[TESTKIT, DEMO, SIECLE],
        why: "pages call use cases: an adapter reaches them through a port, wired in `server`",
    },
    Edges {
        package: SERVER,
        normal: &[
            DOMAIN,
            DEMO,
            SIECLE,
            FREGATA,
            STORE_SQLITE,
            STORE_POSTGRES,
            GAR,
            IDP,
            MAIL,
            MAIL_SMTP,
            REMARKS,
            TEXTS,
            WEB,
        ],
        dev: &[TESTKIT],
        why: "the binary knows every adapter, and no test helper",
    },
    Edges {
        package: JOURNEYS,
        normal: &[DOMAIN, DEMO, XTASK_CLUSTER],
        dev: &[TESTKIT],
        why: "journeys see the product as people do: through its binary and HTTP",
    },
    Edges {
        package: BROWSER,
        normal: &[DOMAIN, DEMO, JOURNEYS],
        dev: &[TESTKIT],
        why: "journeys see the product as people do: through its binary and a browser",
    },
    Edges {
        package: BENCH,
        normal: &[
            DOMAIN,
            DEMO,
            GAR,
            IDP,
            SIECLE,
            STORE_SQLITE,
            STORE_POSTGRES,
            WEB,
            JOURNEYS,
            XTASK_CLUSTER,
        ],
        dev: &[],
        why: "a benchmark measures the product as it is, through its binary when people would",
    },
    Edges {
        package: XTASK,
        normal: &[DOMAIN, DEMO, SIECLE, XTASK_CLUSTER],
        dev: &[],
        why: "the commands must build when a store does not, since they mend it",
    },
    Edges {
        package: XTASK_CLUSTER,
        normal: &[],
        dev: &[],
        why: "a throwaway server knows nothing of the product",
    },
    Edges {
        package: XTASK_MIGRATE,
        normal: &[XTASK_CLUSTER],
        dev: &[],
        why: "it must build when a store does not, since it mends it",
    },
];

/// Libraries with an owner.
pub const RESERVED: &[Reserved] = &[
    Reserved {
        libraries: &["sqlx", "rusqlite", "tokio-postgres"],
        owners: &[
            STORE_POOL,
            STORE_SQLITE,
            STORE_POSTGRES,
            XTASK_MIGRATE,
            JOURNEYS,
        ],
        free_in_tests: false,
        why: "only the stores speak to a database; journeys age one, to see what time does",
    },
    Reserved {
        libraries: &["lettre"],
        owners: &[MAIL_SMTP],
        free_in_tests: false,
        why: "only `mail-smtp` speaks SMTP",
    },
    Reserved {
        libraries: &["roxmltree", "quick-xml"],
        owners: &[SIECLE, GAR, DEMO, BENCH],
        free_in_tests: true,
        why: "only what reads or writes an XML format touches XML",
    },
    Reserved {
        libraries: &["saml-rs", "samael", "bergshamra"],
        owners: &[GAR, IDP],
        free_in_tests: false,
        why: "only the GAR's two ends sign and check XML",
    },
    Reserved {
        libraries: &["axum", "axum-extra", "tower-http", "hyper", "hyper-util"],
        owners: &[WEB, SERVER],
        free_in_tests: false,
        why: "only `web` and the binary know HTTP",
    },
    Reserved {
        libraries: &["reqwest"],
        owners: &[GAR, JOURNEYS, BROWSER, BENCH, XTASK],
        free_in_tests: true,
        why: "the product calls no one over HTTP but the GAR",
    },
];

const ONE_TLS: &str = "one TLS provider for the whole tree, aws-lc through rustls";

/// Libraries nobody may bring.
pub const BANNED: &[Banned] = &[
    Banned {
        library: "openssl",
        below: None,
        why: ONE_TLS,
    },
    Banned {
        library: "openssl-sys",
        below: None,
        why: ONE_TLS,
    },
    Banned {
        library: "native-tls",
        below: None,
        why: ONE_TLS,
    },
    Banned {
        library: "ring",
        below: None,
        why: ONE_TLS,
    },
    Banned {
        library: "quick-xml",
        below: Some((0, 41)),
        why: "two denial-of-service advisories below 0.41",
    },
];
