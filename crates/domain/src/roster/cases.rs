//! What each code of a remark or of a refusal can say: its cases, and the values that each has.
//!
//! Readers fill [`Values`](super::values::Values) by this table, and every case of it has a text. A value named `day`
//! is a day. The names and the class of the pupil, the lines, and both schools of `uai_mismatch` are fields, not values.

use super::reading::{FileRefusalCode, RejectionCode, SetAsideCode, WarningCode};

/// One thing that a code can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Which, among those of its code; empty when the code has one alone.
    pub name: &'static str,
    /// The names of its values, all of them always present.
    pub values: &'static [&'static str],
}

const PLAIN: &[Case] = &[only(&[])];

const fn only(values: &'static [&'static str]) -> Case {
    case("", values)
}

const fn case(name: &'static str, values: &'static [&'static str]) -> Case {
    Case { name, values }
}

impl SetAsideCode {
    /// What it can say.
    pub const fn cases(self) -> &'static [Case] {
        match self {
            Self::Left => const { &[case("dated", &["day"]), case("undated", &[])] },
            Self::NoDivision | Self::Inactive => PLAIN,
        }
    }
}

impl RejectionCode {
    /// What it can say. `lines` are the first lines of the pupils who share a number, `more` how many are not shown.
    pub const fn cases(self) -> &'static [Case] {
        match self {
            Self::EleveIdDuplicate => const { &[only(&["count", "lines", "more"])] },
            Self::IneDuplicate => const { &[only(&["ine", "count", "lines", "more"])] },
            Self::BirthdateInvalid => {
                const {
                    &[
                        case("unreadable", &["written"]),
                        case("month_first", &["written"]),
                        case("future", &["day"]),
                        case("too_old", &["day"]),
                    ]
                }
            }
            Self::IdentityConflict => {
                const {
                    &[
                        case("number_twice", &[]),
                        case("number_alone", &["other", "other_number"]),
                        case("perhaps_twin", &["other", "other_number"]),
                        case("contested", &["other", "other_number"]),
                        case(
                            "between_two",
                            &["other", "other_number", "second", "second_number"],
                        ),
                    ]
                }
            }
            Self::RowShape => {
                const {
                    &[
                        case("cells", &["count", "expected"]),
                        case("number", &["written"]),
                        case("rounded", &["written"]),
                    ]
                }
            }
            Self::EleveIdMissing
            | Self::LastNameMissing
            | Self::FirstNameMissing
            | Self::BirthdateMissing
            | Self::AccentsLost => PLAIN,
        }
    }
}

impl WarningCode {
    /// What it can say.
    pub const fn cases(self) -> &'static [Case] {
        match self {
            Self::IneShape | Self::LeaveDateUnreadable => const { &[only(&["written"])] },
            Self::SeveralDivisions => const { &[only(&["divisions", "kept"])] },
            Self::NameRepaired => const { &[only(&["damaged", "sound"])] },
            Self::EncodingMismatch => const { &[only(&["declared", "used"])] },
            Self::SchoolYearUnexpected => const { &[only(&["year", "expected"])] },
            Self::IneMissing => const { &[case("none", &[]), case("elsewhere", &["field"])] },
            Self::DatesRewritten => {
                const {
                    &[
                        case("read", &["count", "form"]),
                        case("month_first", &["count"]),
                        case("unreadable", &["count"]),
                    ]
                }
            }
            Self::EnteredTwice => {
                const {
                    &[
                        case(
                            "in_file",
                            &["number", "other", "other_number", "other_line"],
                        ),
                        case("leaving", &["number", "other", "other_number"]),
                        case("left", &["number", "other", "other_number"]),
                    ]
                }
            }
            Self::SexUnknown | Self::LeaveDateMissing | Self::AddressesDropped => PLAIN,
        }
    }
}

impl FileRefusalCode {
    /// What it can say.
    pub const fn cases(self) -> &'static [Case] {
        match self {
            Self::TooLarge => {
                const {
                    &[
                        case("upload", &["mebibytes"]),
                        case("content", &["mebibytes"]),
                        case("members", &["max"]),
                        case("students", &["max"]),
                        case("elements", &[]),
                        case("tags", &[]),
                        case("depth", &[]),
                        case("attributes", &[]),
                        case("namespaces", &[]),
                        case("cells", &["max"]),
                    ]
                }
            }
            Self::ZipMethodUnsupported => const { &[only(&["method"])] },
            Self::ZipUnreadable => {
                const {
                    &[
                        case("damaged", &[]),
                        case("cut_short", &[]),
                        case("volume", &[]),
                    ]
                }
            }
            Self::ZipWithoutRoster => {
                const { &[case("none", &[]), case("archive_within", &["name"])] }
            }
            Self::AccentsLost => const { &[only(&["count", "lines", "more"])] },
            Self::UnsupportedEncoding => const { &[only(&["label"])] },
            Self::MalformedXml => const { &[case("damaged", &[]), case("cut_short", &[])] },
            Self::MalformedCsv => const { &[case("quotes", &[]), case("cut_short", &[])] },
            Self::ColumnsMissing => const { &[only(&["columns"])] },
            Self::WrongExport => WRONG_EXPORTS,
            Self::NotSiecle => NOT_SIECLE,
            Self::UaiMissing => const { &[only(&["expected"])] },
            Self::UaiMismatch => {
                const {
                    &[
                        case("other_school", &[]),
                        case("former_uai", &[]),
                        case("new_uai", &[]),
                        case("no_uai", &[]),
                    ]
                }
            }
            Self::NoStudent => {
                const {
                    &[
                        case("empty", &[]),
                        case(
                            "without_division",
                            &["left", "no_division", "inactive", "rejected"],
                        ),
                        case("dates", &["left", "no_division", "inactive", "rejected"]),
                        case("nobody", &["left", "no_division", "inactive", "rejected"]),
                    ]
                }
            }
            Self::EmptyFile | Self::ZipEncrypted | Self::ZipAmbiguous | Self::DoctypeForbidden => {
                PLAIN
            }
        }
    }
}

/// Which other export it is; `root` is its root in XML. `siecle` and `fregata` are those of the other system.
const WRONG_EXPORTS: &[Case] = &[
    case("siecle", &[]),
    case("fregata", &[]),
    case("responsables", &["root"]),
    case("structures", &["root"]),
    case("nomenclatures", &["root"]),
    case("commun", &["root"]),
    case("geographique", &["root"]),
    case("etablissement", &["root"]),
    case("etablissements", &["root"]),
    case("other_bee", &["root"]),
    case("import_eleves", &["root"]),
    case("sts_emp", &["root"]),
    case("edt_sts", &["root"]),
    case("class_list", &[]),
    case("extraction", &[]),
    case("excel_complete", &[]),
    case("fregata", &[]),
];

/// What the file looks like.
const NOT_SIECLE: &[Case] = &[
    case("web_page", &[]),
    case("office", &[]),
    case("office_xml", &[]),
    case("pdf", &[]),
    case("word_processor", &[]),
    case("seven_zip", &[]),
    case("rar", &[]),
    case("gzip", &[]),
    case("bzip2", &[]),
    case("xz", &[]),
    case("zstd", &[]),
    case("tar", &[]),
    case("other_archive", &[]),
    case("image", &[]),
    case("news_feed", &[]),
    case("columns", &[]),
    case("text", &[]),
    case("compressed", &[]),
    case("binary", &[]),
    case("other_xml", &["root"]),
];
