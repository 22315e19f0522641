//! Samples of an import once over, and of the history.

use super::{HistoryPage, PastLine, ReportPage, UndoOffer};
use crate::samples::{AWKWARD, Sample, member_page, space_page};
use crate::space::students::plan::samples::counts;
use crate::space::students::remarks::samples::{file, remark};

/// The offer to undo.
pub fn undo() -> UndoOffer {
    UndoOffer {
        until: "2 septembre 2026 à 10 h 00".to_owned(),
        text: AWKWARD.to_owned(),
        action: "/espace/1/eleves/imports/1/annuler".to_owned(),
    }
}

/// A success with everything to say, a failure, and a past full and empty.
pub fn samples() -> Vec<Sample> {
    let (report, history) = (
        "pages/students/import_report.html",
        "pages/students/import_history.html",
    );
    let past = |imports| HistoryPage {
        page: member_page("students"),
        imports,
    };
    vec![
        Sample::new(report, "success", &report_page("success", 3)),
        Sample::new(report, "only refusals", &report_page("warning", 2)),
        Sample::new(report, "failure", &report_page("error", 0)),
        Sample::new(history, "full", &past(vec![past_line(), past_line()])),
        Sample::new(history, "empty", &past(Vec::new())),
    ]
}

fn report_page(kind: &'static str, remarks: usize) -> ReportPage {
    let remarks = || (0..remarks).map(|_| remark()).collect();
    ReportPage {
        page: space_page("students"),
        heading: AWKWARD.to_owned(),
        text: AWKWARD.to_owned(),
        kind,
        file: file(),
        counts: counts(usize::from(kind != "error")),
        applied: kind != "error",
        rejected: remarks(),
        set_aside: remarks(),
        remarks: remarks(),
        shown_max: 2,
        remarks_url: "/espace/1/eleves/imports/1/lignes.csv".to_owned(),
        undo: (kind == "success").then(undo),
        advice: vec![AWKWARD.to_owned()],
    }
}

fn past_line() -> PastLine {
    PastLine {
        url: "/espace/1/eleves/imports/1".to_owned(),
        sent_at: "1er septembre 2026".to_owned(),
        sent_by: AWKWARD.to_owned(),
        file_name: AWKWARD.to_owned(),
        kind: "success",
        outcome: AWKWARD.to_owned(),
        summary: AWKWARD.to_owned(),
    }
}
