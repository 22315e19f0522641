use super::*;

fn day(value: &str) -> Option<String> {
    read(value).map(|written| written.day.to_string())
}

fn form(value: &str) -> Option<&'static str> {
    read(value).unwrap().form
}

#[test]
fn days_are_real_and_written_the_french_way() {
    for (raw, read) in [
        ("01/09/2012", Some("2012-09-01")),
        ("1/9/2012", Some("2012-09-01")),
        ("29/02/2012", Some("2012-02-29")),
        ("29/02/2013", None),
        ("31/04/2012", None),
        ("00/09/2012", None),
        ("001/09/2012", None),
        ("01/09/12", None),
        ("01/09/02012", None),
        ("01/09/2012/", None),
        ("+1/09/2012", None),
        ("1 / 9 / 2012", None),
        ("//", None),
        ("", None),
        ("é/09/2012", None),
    ] {
        assert_eq!(day(raw).as_deref(), read, "{raw}");
    }
    assert_eq!(form("01/09/2012"), None);
}

#[test]
fn days_that_other_tools_write_are_read_when_they_are_one_day_alone() {
    for (raw, written) in [
        ("2012-09-01", "aaaa-mm-jj"),
        ("2012-9-1", "aaaa-mm-jj"),
        ("2012/09/01", "aaaa/mm/jj"),
        ("2012.09.01", "aaaa.mm.jj"),
        ("20120901", "aaaammjj"),
        ("01092012", "jjmmaaaa"),
        ("01-09-2012", "jj-mm-aaaa"),
        ("1.9.2012", "jj.mm.aaaa"),
        ("2012-09-01T00:00:00", "aaaa-mm-jj"),
        ("2012-09-01T00:00:00Z", "aaaa-mm-jj"),
        ("2012-09-01 00:00:00.000", "aaaa-mm-jj"),
        ("2012-09-01 00:00:00 +02:00", "aaaa-mm-jj"),
        ("2012-09-01Z", "aaaa-mm-jj"),
        ("2012-09-01+02:00", "aaaa-mm-jj"),
        ("01/09/2012 00:00", "jj/mm/aaaa hh:mm"),
    ] {
        assert_eq!(day(raw).as_deref(), Some("2012-09-01"), "{raw}");
        assert_eq!(form(raw), Some(written), "{raw}");
    }
}

#[test]
fn what_may_be_another_day_or_none_is_not_read() {
    for raw in [
        "04/03/11",
        "11-03-04",
        "40983",
        "4 mars 2011",
        "04-mars-11",
        "2012-13-01",
        "2012-02-30",
        "2012-09-01T22:00:00Z",
        "2012-09-01T",
        "2012-09-01 x",
        "2012-09/01",
        "2012-09",
        "99999999",
        "12/25/2011",
        "2012é09é01",
        "123456789é",
    ] {
        assert_eq!(read(raw), None, "{raw}");
    }
}

fn habits(dates: &[&str]) -> Habits {
    let mut habits = Habits::default();
    for (date, line) in dates.iter().zip(1..) {
        match read(date) {
            Some(written) => habits.note(&written, line),
            None => habits.note_unreadable(date, line),
        }
    }
    habits
}

#[test]
fn months_before_days_are_told_by_the_whole_file() {
    for (dates, month_first) in [
        (&["3/4/2011", "3/25/2011", "12/31/2010"][..], true),
        (&["03-25-2011", "12-31-2010"], true),
        (&["3/25/2011 00:00", "12/31/2010 00:00"], true),
        // One day alone is SIECLE's way.
        (&["25/3/2011", "3/25/2011", "12/31/2010"], false),
        // A slip.
        (&["3/4/2011", "3/25/2011"], false),
        // Too few of too many.
        (
            &[
                "3/4/2011",
                "3/4/2011",
                "3/4/2011",
                "3/4/2011",
                "3/4/2011",
                "3/25/2011",
                "12/31/2010",
            ],
            false,
        ),
        (&["2011-03-25", "2011-03-04"], false),
        (&["30/02/2011", "02/30/2011"], false),
    ] {
        assert_eq!(habits(dates).month_first(), month_first, "{dates:?}");
    }
}

#[test]
fn what_is_not_siecles_way_is_counted_from_its_first_line() {
    let seen = habits(&[
        "13/02/2012",
        "2012-02-01",
        "2012-02-02",
        "bientôt",
        "40983",
        "1/2/12",
    ]);
    assert_eq!(
        (
            seen.otherwise.count,
            seen.otherwise.line,
            seen.otherwise.form
        ),
        (2, 2, "aaaa-mm-jj")
    );
    assert_eq!((seen.unreadable.count, seen.unreadable.line), (2, 5));
    for raw in ["31/02/2012", "bientôt", "?", "0", "2012"] {
        assert_eq!(habits(&[raw]).unreadable.count, 0, "{raw}");
    }
}
