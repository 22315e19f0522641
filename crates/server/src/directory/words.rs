//! What loading the directory, then inviting its schools, says to an operator.

use pix_orga_domain::organization::directory::DirectoryRefusal;
use pix_orga_domain::organization::use_cases::Replaced;
use pix_orga_domain::refusal::Refusal as _;
use pix_orga_domain::uai::Uai;
use pix_orga_texts::Text;
use pix_orga_web::refusals;

use super::{LoadReport, NatureCount, RemarkedLine};
use crate::texts::t;

/// Why a file is not read.
pub fn refused(refusal: DirectoryRefusal, missing: &[&str]) -> String {
    let text = refusals::text(refusal.code());
    if missing.is_empty() {
        return text;
    }
    let columns: Vec<_> = missing
        .iter()
        .map(|column| format!("« {column} »"))
        .collect();
    let missing = t("load-missing").with("columns", columns.join(", "));
    format!("{text} {missing}")
}

/// The report in lines: of the file, of rows in its order, then the counts. `verbose` shows each row of the remarks
/// that are counted.
pub fn lines(report: &LoadReport, verbose: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if !report.file.remarks.is_empty() {
        let encoding = report.file.encoding;
        lines.push(t("load-encoding").with("encoding", encoding).to_string());
    }
    lines.extend(of_rows(report, verbose));
    let total = t("load-total")
        .with("created", report.created)
        .with("updated", report.updated)
        .with("unchanged", report.unchanged)
        .with(
            "refused",
            report.refused.len() - listed_out_of_scope(report),
        );
    lines.push(total.to_string());
    lines.extend(counts(report));
    lines
}

/// How many of the refused rows are out of scope, hence counted apart.
fn listed_out_of_scope(report: &LoadReport) -> usize {
    let code = pix_orga_domain::organization::directory::RowRefusal::OutOfScope.code();
    report.refused.iter().filter(|row| row.code == code).count()
}

fn of_rows(report: &LoadReport, verbose: bool) -> Vec<String> {
    let refused = report.refused.iter().map(|row| {
        (
            row.line,
            on_line(row.line, &row.uai, refusals::text(row.code)),
        )
    });
    let remarks = report.remarks.iter().filter_map(|remark| {
        let said = said(remark, verbose)?;
        Some((remark.line, on_line(remark.line, &remark.uai, said)))
    });
    let mut lines: Vec<_> = refused.chain(remarks).collect();
    lines.sort_by_key(|(line, _)| *line);
    lines.into_iter().map(|(_, said)| said).collect()
}

fn on_line(line: u64, uai: &str, said: impl std::fmt::Display) -> String {
    match uai.trim() {
        "" => format!("Ligne {line} : {said}"),
        uai => format!("Ligne {line} ({uai}) : {said}"),
    }
}

/// What a remark says; nothing for those that are counted only.
fn said(remark: &RemarkedLine, verbose: bool) -> Option<Text> {
    Some(match remark.code {
        "annexe" => t("load-annexe"),
        "several_addresses" => t("load-several_addresses"),
        "address_unreadable" => t("load-address_unreadable"),
        "address_kept" => t("load-address_kept"),
        "town_missing" => t("load-town_missing"),
        "uai_replaced" => t("load-uai_replaced").with("other", other(remark)),
        "may_replace" => t("load-may_replace")
            .with("other", other(remark))
            .with("uai", &remark.uai),
        _ if !verbose => return None,
        "school_opening" => t("load-school_opening"),
        "school_closing" => t("load-school_closing"),
        "school_closed" => t("load-school_closed"),
        "school_in_its_college" => t("load-school_in_its_college"),
        "school_abroad" => t("load-school_abroad"),
        _ => return None,
    })
}

/// The other number that a remark speaks of.
fn other(remark: &RemarkedLine) -> &str {
    remark.other_uai.as_deref().unwrap_or_default()
}

fn counts(report: &LoadReport) -> Vec<String> {
    type Count = fn(u32) -> Text;
    let remarks = report.remark_counts();
    let of = |code: &str| remarks.get(code).copied().unwrap_or_default();
    let counted: [(u32, Count); 8] = [
        (report.repeated, |count| {
            t("load-repeated").with("count", count)
        }),
        (of("annexe"), |count| t("load-annexes").with("count", count)),
        (of("school_opening"), |count| {
            t("load-openings").with("count", count)
        }),
        (of("school_closing"), |count| {
            t("load-closings").with("count", count)
        }),
        (of("school_closed"), |count| {
            t("load-closed").with("count", count)
        }),
        (of("school_in_its_college"), |count| {
            t("load-segpas").with("count", count)
        }),
        (of("school_abroad"), |count| {
            t("load-abroad").with("count", count)
        }),
        (report.out_of_scope.count, |count| {
            t("load-out-of-scope").with("count", count)
        }),
    ];
    let mut lines: Vec<_> = counted
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, text)| text(count).to_string())
        .collect();
    lines.extend(report.out_of_scope.natures.iter().map(of_nature));
    lines
}

fn of_nature(known: &NatureCount) -> String {
    let NatureCount {
        nature,
        label,
        count,
    } = known;
    match (nature.as_str(), label.as_str()) {
        ("", _) => t("load-nature-none").with("count", count),
        (nature, "") => t("load-nature").with("nature", nature).with("count", count),
        (nature, label) => t("load-nature-label")
            .with("nature", nature)
            .with("label", label)
            .with("count", count),
    }
    .to_string()
}

/// What replacing a number did.
pub fn replaced(new: Uai, replaced: Replaced) -> Vec<String> {
    let new = new.to_string();
    let Replaced::Now { former, gave_way } = replaced else {
        return vec![t("replace-already").with("new", new).to_string()];
    };
    let done = t("replace-done")
        .with("former", former.to_string())
        .with("new", &new);
    let gone = gave_way.then(|| t("replace-gave-way").with("new", &new));
    let lines = std::iter::once(done).chain(gone).chain([t("replace-then")]);
    lines.map(|line| line.to_string()).collect()
}

/// Why a school is not invited with all the others: it may be the new number of one where people work.
pub fn may_replace(new: Uai, old: Uai) -> String {
    t("invite-may-replace")
        .with("new", new.to_string())
        .with("old", old.to_string())
        .to_string()
}

/// What inviting again those whose invitation failed did.
pub fn invited_again(sent: u32, for_good: u32) -> Vec<String> {
    let total = t("invite-again-total").with("sent", sent);
    let for_good = (for_good > 0).then(|| t("invite-refused-for-good").with("count", for_good));
    let lines = std::iter::once(total).chain(for_good);
    lines.map(|line| line.to_string()).collect()
}

/// What inviting every school did.
pub fn invited(sent: u32, refused: u32, held_back: u32) -> Vec<String> {
    let total = t("invite-total")
        .with("sent", sent)
        .with("refused", refused);
    let held_back = (held_back > 0).then(|| t("invite-held-back").with("count", held_back));
    let lines = std::iter::once(total).chain(held_back);
    lines.map(|line| line.to_string()).collect()
}
