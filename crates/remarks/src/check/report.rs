//! The report in French.

use pix_orga_domain::roster::reading::{
    Coded, FileFacts, FileRefusal, Reading, RejectionCode, Remark, SetAsideCode, WarningCode,
};
use pix_orga_domain::roster::source::RosterSource;

use crate::texts::say;
use crate::variables::{Variables, french, given};
use crate::{refusal_sentence, sentence};

/// Remarks shown under one heading: the JSON has them all.
const REMARKS_SHOWN_MAX: usize = 50;

/// Writes the whole report.
pub fn write(outcome: &Result<Reading, FileRefusal>, source: RosterSource) -> String {
    let mut report = Report {
        lines: Vec::new(),
        source,
    };
    match outcome {
        Ok(reading) => {
            report.add(say("check-accepted", &Variables::new()));
            report.facts(&reading.file);
            report.counts(reading);
            report.remarks(reading);
            report.next_step(reading);
        }
        Err(refusal) => {
            let code = given([("code", refusal.code.code().into())]);
            report.add(say("check-refused", &code));
            report.add(refusal_sentence(refusal, source));
            if let Some(reading) = refusal.partial.as_deref() {
                report.facts(&reading.file);
                if !(reading.set_aside.is_empty() && reading.rejected.is_empty()) {
                    report.counts(reading);
                }
                report.remarks(reading);
            }
        }
    }
    report.add(String::new());
    // A damaged name may hold characters that command a terminal.
    let shown = |c: char| {
        if c.is_control() && c != '\n' {
            '\u{FFFD}'
        } else {
            c
        }
    };
    report.lines.join("\n").chars().map(shown).collect()
}

struct Report {
    lines: Vec<String>,
    source: RosterSource,
}

impl Report {
    fn add(&mut self, line: String) {
        self.lines.push(line);
    }

    /// A line under the one above.
    fn add_below(&mut self, line: &str) {
        self.lines.push(format!("  {line}"));
    }

    fn facts(&mut self, file: &FileFacts) {
        let year = file
            .school_year
            .map(|year| format!("{year}-{}", year.saturating_add(1)));
        let known: Vec<(&str, String)> = [
            ("uai", file.uai.map(|uai| uai.to_string())),
            ("school_year", year),
            ("exported_on", file.exported_on.map(french)),
            ("encoding", file.encoding.clone()),
            ("version", file.version.clone()),
        ]
        .into_iter()
        .filter_map(|(what, value)| Some((what, value?)))
        .collect();
        if !known.is_empty() {
            self.add(String::new());
        }
        for (what, value) in known {
            let value = given([("value", value.into())]);
            self.add_below(&say(&format!("fact-{what}"), &value));
        }
    }

    fn counts(&mut self, reading: &Reading) {
        self.add(String::new());
        for (what, count) in [
            ("students", reading.students.len()),
            ("rejected", reading.count_rejected()),
            ("set_aside", reading.set_aside.len()),
            ("warnings", reading.warnings.len()),
        ] {
            let count = given([("count", count.into())]);
            self.add_below(&say(&format!("count-{what}"), &count));
        }
    }

    fn remarks(&mut self, reading: &Reading) {
        for code in RejectionCode::ALL {
            self.group(&reading.rejected, code);
        }
        for code in WarningCode::ALL {
            self.group(&reading.warnings, code);
        }
        for code in SetAsideCode::ALL {
            self.group(&reading.set_aside, code);
        }
    }

    fn group<C: Coded + PartialEq>(&mut self, remarks: &[Remark<C>], code: &C) {
        let of_code: Vec<&Remark<C>> = remarks
            .iter()
            .filter(|remark| remark.code == *code)
            .collect();
        if of_code.is_empty() {
            return;
        }
        let title = say(&format!("title-{}", code.code()), &Variables::new());
        self.add(String::new());
        self.add(say(
            "check-group",
            &given([
                ("title", title.into()),
                ("code", code.code().into()),
                ("count", of_code.len().into()),
            ]),
        ));
        for remark in of_code.iter().take(REMARKS_SHOWN_MAX) {
            let sentence = sentence(remark, self.source);
            let Some(line) = remark.line else {
                self.add_below(&sentence);
                continue;
            };
            let line = given([("line", line.into()), ("sentence", sentence.into())]);
            self.add_below(&say("check-line", &line));
        }
        if let Some(more) = of_code
            .len()
            .checked_sub(REMARKS_SHOWN_MAX)
            .filter(|more| *more > 0)
        {
            self.add_below(&say("check-more", &given([("count", more.into())])));
        }
    }

    fn next_step(&mut self, reading: &Reading) {
        self.add(String::new());
        self.add(if reading.rejected.is_empty() {
            say("check-next-sound", &Variables::new())
        } else {
            let system = given([("system", self.source.name().into())]);
            say("check-next-rejected", &system)
        });
    }
}
