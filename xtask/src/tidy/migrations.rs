//! Migrations: numbered, and the same names in every store.

use std::collections::BTreeMap;

use super::Tree;

/// The migration from which a schema says which programs may work with it.
const LEVELS: &str = "_program_levels.sql";

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut stores: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut silent = Vec::new();
    let levels = tree.ending(LEVELS).map(|(path, _)| number(path)).max();
    for (path, text) in tree.ending(".sql") {
        let later = levels.is_some_and(|levels| number(path) > levels);
        if later && path.contains("/migrations/") && !says_for_whom(text, number(path)) {
            silent.push(format!(
                "{path}: which older programs may go on? `INSERT INTO program_levels (migration, lowest) VALUES \
                 ({number}, …);`, or `-- alone: why`",
                number = number(path)
            ));
        }
        if let Some((store, name)) = path.split_once("/migrations/") {
            stores.entry(store).or_default().push(name);
        }
    }
    let mut faults: Vec<String> = stores
        .iter()
        .flat_map(|(store, names)| numbering_faults(store, names))
        .collect();
    let mut pairs = stores.iter();
    if let Some((first, names)) = pairs.next() {
        for (other, others) in pairs {
            faults.extend(absent(names, first, others, other));
            faults.extend(absent(others, other, names, first));
        }
    }
    faults.extend(silent);
    faults
}

/// The number that a migration's name begins with.
fn number(path: &str) -> u32 {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('_')
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

fn says_for_whom(text: &str, number: u32) -> bool {
    let row = format!("INSERT INTO program_levels (migration, lowest) VALUES ({number}, ");
    text.contains(&row) || text.contains("-- alone: ")
}

fn numbering_faults(store: &str, names: &[&str]) -> Vec<String> {
    (1_u32..)
        .zip(names)
        .filter(|(number, name)| !is_named(name, *number))
        .map(|(number, name)| {
            format!("{store}/migrations/{name}: migration {number} is named `{number:04}_what_it_does.sql`")
        })
        .collect()
}

fn is_named(name: &str, number: u32) -> bool {
    name.strip_prefix(&format!("{number:04}_"))
        .and_then(|rest| rest.strip_suffix(".sql"))
        .is_some_and(|rest| {
            !rest.is_empty()
                && rest
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
}

fn absent(names: &[&str], store: &str, others: &[&str], other: &str) -> Vec<String> {
    names
        .iter()
        .filter(|name| !others.contains(name))
        .map(|name| format!("{store}/migrations/{name} has no twin in {other}/migrations"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::tidy::Tree;

    fn found(paths: &[&str]) -> Vec<String> {
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, "")).collect();
        faults(&Tree::of(&files))
    }

    #[test]
    fn numbers_follow_each_other() {
        assert_eq!(
            found(&[
                "s/migrations/0001_first.sql",
                "s/migrations/0002_next_one.sql"
            ])
            .len(),
            0
        );
        assert_eq!(
            found(&["s/migrations/0001_first.sql", "s/migrations/0003_next.sql"]).len(),
            1
        );
        assert_eq!(
            found(&["s/migrations/0001_first.sql", "s/migrations/0001_other.sql"]).len(),
            1
        );
        assert_eq!(found(&["s/migrations/1_first.sql"]).len(), 1);
        assert_eq!(found(&["s/migrations/0001_First.sql"]).len(), 1);
    }

    #[test]
    fn stores_have_the_same_names() {
        assert_eq!(
            found(&["s/migrations/0001_first.sql", "t/migrations/0001_first.sql"]).len(),
            0
        );
        let both = found(&["s/migrations/0001_first.sql", "t/migrations/0001_other.sql"]);
        assert_eq!(both.len(), 2);
        assert!(both[0].contains("no twin in t/migrations"), "{both:?}");
    }

    #[test]
    fn each_migration_says_which_older_programs_may_go_on() {
        let faults = |later: &str| {
            faults(&Tree::of(&[
                ("s/migrations/0001_first.sql", "CREATE TABLE a (b TEXT);"),
                ("s/migrations/0002_program_levels.sql", ""),
                ("s/migrations/0003_later.sql", later),
            ]))
        };
        for fine in [
            "CREATE TABLE b (c TEXT);\nINSERT INTO program_levels (migration, lowest) VALUES (3, 2);",
            "-- alone: b is gone\nALTER TABLE a DROP COLUMN b;",
        ] {
            assert_eq!(faults(fine).len(), 0, "{fine}");
        }
        for silent in [
            "CREATE TABLE b (c TEXT);",
            "INSERT INTO program_levels (migration, lowest) VALUES (4, 2);",
        ] {
            assert_eq!(faults(silent).len(), 1, "{silent}");
        }
    }
}
