//! What every store of rosters lists.

use jiff::civil::date;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::roster::listing::{
    Connection, ConnectionKind, ListQuery, ListRequest, SortBy,
};
use pix_orga_domain::roster::reading::StudentRow;

use crate::build::Build;
use crate::build::roster::{TODAY, imported, row, rows};
use crate::stores::Stores;

/// Every clause of lists of pupils.
#[macro_export]
macro_rules! listing_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, listing:
            another_schools_pupil_is_not_found,
            the_list_is_searched_and_filtered,
            the_list_is_sorted_and_cut,
            nobody_is_in_a_class_that_no_file_can_name,
        );
    };
}

/// An address can hold any character; it finds nobody, and nothing fails.
pub async fn nobody_is_in_a_class_that_no_file_can_name(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    imported(&build, &stores, id, rows(2)).await;
    for division in ["\0", "6\u{0}A", "\u{10ffff}", "'; --"] {
        let request = ListRequest {
            division: Some(division.to_owned()),
            ..ListRequest::default()
        };
        let query = ListQuery::all(id, &request, TODAY);
        assert_eq!(stores.rosters.list(&query).await.unwrap().total, 0);
    }
}

/// Another school's pupil is not found, and no list shows them.
pub async fn another_schools_pupil_is_not_found(stores: Stores) {
    let build = Build::new();
    let (one, other) = (
        build.school(&stores).await.id,
        build.school(&stores).await.id,
    );
    let student = imported(&build, &stores, one, rows(1)).await.inserted[0].clone();
    let found = stores
        .rosters
        .student(one, student.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.student, student);
    assert_eq!(found.connection, Connection::NotLinked);
    assert_eq!(
        stores.rosters.student(other, student.id).await.unwrap(),
        None
    );
    let list = stores
        .rosters
        .list(&ListQuery::all(other, &ListRequest::default(), TODAY))
        .await
        .unwrap();
    assert_eq!((list.lines.len(), list.total), (0, 0));
}

/// The list is searched without accents nor order, filtered by class, and never shows who left.
pub async fn the_list_is_searched_and_filtered(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let mut usage = row(4, "Petit", "Jean", "6B");
    usage.usage_name = Some("Grandjean".to_owned());
    let all = vec![
        row(1, "N’Doye", "Éloïse", "6A"),
        row(2, "Lefèvre", "Noé", "6A"),
        row(3, "Le Goff", "Anaïs-Lou", "6B"),
        usage,
        row(5, "Parti", "Noé", "6B"),
    ];
    imported(&build, &stores, id, all.clone()).await;
    imported(&build, &stores, id, all[..4].to_vec()).await;
    for (search, division, expected) in [
        ("", None, vec!["Le Goff", "Lefèvre", "N’Doye", "Petit"]),
        ("eloise NDOYE", None, vec!["N’Doye"]),
        ("doye n elo", None, vec!["N’Doye"]),
        ("lou goff", None, vec!["Le Goff"]),
        ("grandjean", None, vec!["Petit"]),
        ("noe", None, vec!["Lefèvre"]),
        ("%", None, vec!["Le Goff", "Lefèvre", "N’Doye", "Petit"]),
        ("zzz", None, vec![]),
        ("", Some("6B"), vec!["Le Goff", "Petit"]),
        ("le", Some("6A"), vec!["Lefèvre"]),
        ("", Some("6b"), vec![]),
    ] {
        let request = ListRequest {
            search: search.to_owned(),
            division: division.map(str::to_owned),
            ..ListRequest::default()
        };
        assert_eq!(
            names(&stores, id, &request).await,
            expected,
            "{search} {division:?}"
        );
    }
}

/// The list is sorted as asked, cut in pages, and says how many match.
pub async fn the_list_is_sorted_and_cut(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let born = |mut row: StudentRow, day| {
        row.birthdate = date(2013, 1, day);
        row
    };
    imported(
        &build,
        &stores,
        id,
        vec![
            born(row(1, "Émile", "Zoé", "6B"), 2),
            born(row(2, "Durand", "Ève", "6C"), 3),
            born(row(3, "Zola", "Anne", "6A"), 1),
        ],
    )
    .await;
    for (sort, descending, expected) in [
        (SortBy::Name, false, ["Durand", "Émile", "Zola"]),
        (SortBy::Name, true, ["Zola", "Émile", "Durand"]),
        (SortBy::FirstName, false, ["Zola", "Durand", "Émile"]),
        (SortBy::Birthdate, true, ["Durand", "Émile", "Zola"]),
        (SortBy::Division, false, ["Zola", "Émile", "Durand"]),
        (SortBy::LinkedSince, true, ["Durand", "Émile", "Zola"]),
    ] {
        let request = ListRequest {
            sort,
            descending,
            ..ListRequest::default()
        };
        assert_eq!(
            names(&stores, id, &request).await,
            expected,
            "{sort:?} {descending}"
        );
    }
    let query = ListQuery {
        offset: 1,
        limit: Some(1),
        ..ListQuery::all(id, &ListRequest::default(), TODAY)
    };
    let second = stores.rosters.list(&query).await.unwrap();
    assert_eq!(second.total, 3);
    assert_eq!(second.lines[0].student.last_name, "Émile");
    let linked = ListRequest {
        connection: Some(ConnectionKind::Linked),
        ..ListRequest::default()
    };
    assert!(names(&stores, id, &linked).await.is_empty());
    let not_linked = ListRequest {
        connection: Some(ConnectionKind::NotLinked),
        ..ListRequest::default()
    };
    assert_eq!(names(&stores, id, &not_linked).await.len(), 3);
}

async fn names(
    stores: &Stores,
    organization: OrganizationId,
    request: &ListRequest,
) -> Vec<String> {
    let lines = stores
        .rosters
        .list(&ListQuery::all(organization, request, TODAY))
        .await
        .unwrap();
    assert_eq!(lines.total as usize, lines.lines.len());
    lines
        .lines
        .into_iter()
        .map(|line| line.student.last_name)
        .collect()
}
