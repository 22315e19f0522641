//! `cargo xtask deps`: who may depend on whom, held against what cargo reads in the manifests.

mod table;

use anyhow::{Result, bail};

use crate::metadata::{Kind, Metadata, Package};
use table::{BANNED, Banned, DOMAIN, DOMAIN_LIBRARIES, EDGES, Edges, RESERVED, Reserved};

/// Reads the tree and fails on the first look at a table that does not hold, naming every fault.
pub fn run() -> Result<()> {
    let metadata = Metadata::read()?;
    let faults = faults(&metadata);
    if faults.is_empty() {
        println!(
            "deps: {} packages of ours, {} in the tree, every edge is allowed",
            metadata.members().count(),
            metadata.packages.len()
        );
        return Ok(());
    }
    bail!("deps: {} fault(s)\n  {}", faults.len(), faults.join("\n  "))
}

/// One sentence for each edge the tables do not allow.
pub fn faults(metadata: &Metadata) -> Vec<String> {
    let mut faults = Vec::new();
    for package in metadata.members() {
        match EDGES.iter().find(|row| row.package == package.name) {
            Some(row) => faults.extend(edge_faults(metadata, package, row)),
            None => faults.push(format!(
                "`{}` is not in the table of allowed edges: add its row to `xtask/src/deps/table.rs`",
                package.name
            )),
        }
        faults.extend(
            RESERVED
                .iter()
                .flat_map(|rule| reserved_faults(package, rule)),
        );
        if package.name == DOMAIN {
            faults.extend(domain_faults(package));
        }
    }
    faults.extend(metadata.packages.iter().filter_map(banned_fault));
    faults
}

fn edge_faults(metadata: &Metadata, package: &Package, row: &Edges) -> Vec<String> {
    package
        .dependencies
        .iter()
        .filter(|dependency| metadata.has_member(&dependency.name))
        .filter(|dependency| {
            let name = dependency.name.as_str();
            let for_tests = dependency.kind == Some(Kind::Dev) && row.dev.contains(&name);
            !row.normal.contains(&name) && !for_tests
        })
        .map(|dependency| {
            format!(
                "`{}` may not depend on `{}`: {}",
                package.name, dependency.name, row.why
            )
        })
        .collect()
}

fn reserved_faults(package: &Package, rule: &Reserved) -> Vec<String> {
    if rule.owners.contains(&package.name.as_str()) {
        return Vec::new();
    }
    package
        .dependencies
        .iter()
        .filter(|dependency| rule.libraries.contains(&dependency.name.as_str()))
        .filter(|dependency| !(rule.free_in_tests && dependency.kind == Some(Kind::Dev)))
        .map(|dependency| {
            format!(
                "`{}` may not use `{}`: {}",
                package.name, dependency.name, rule.why
            )
        })
        .collect()
}

fn domain_faults(domain: &Package) -> Vec<String> {
    let mut found: Vec<&str> = domain
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != Some(Kind::Dev))
        .map(|dependency| dependency.name.as_str())
        .collect();
    found.sort_unstable();
    found.dedup();
    if found == DOMAIN_LIBRARIES {
        return Vec::new();
    }
    vec![format!(
        "`{DOMAIN}` depends on [{}], and its list is exactly [{}]: the domain does no I/O, each new library is a decision",
        found.join(", "),
        DOMAIN_LIBRARIES.join(", ")
    )]
}

fn banned_fault(package: &Package) -> Option<String> {
    let rule = BANNED.iter().find(|rule| rule.library == package.name)?;
    let refused = rule
        .below
        .is_none_or(|floor| major_minor(&package.version).is_none_or(|version| version < floor));
    refused.then(|| {
        let Banned { library, why, .. } = rule;
        format!(
            "`{library}` {} is in the tree: {why} (`cargo tree -i {library}` says who brings it)",
            package.version
        )
    })
}

fn major_minor(version: &str) -> Option<(u64, u64)> {
    let mut parts = version.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests;
