//! A throwaway server, where the machine has one to throw away.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

use xtask_cluster::{Binaries, Cluster};

fn folder_of(cluster: &Cluster) -> PathBuf {
    let url = cluster.url();
    let own = url.split_once("?host=").unwrap().1;
    Path::new(own).parent().unwrap().to_path_buf()
}

fn answers(cluster: &Cluster) -> bool {
    let ready = Command::new(cluster.binaries().program("pg_isready"))
        .args(["-q", "-d", &cluster.url()])
        .status();
    ready.unwrap().success()
}

#[test]
fn a_server_answers_survives_a_stop_and_leaves_nothing() {
    let Some(binaries) = Binaries::found() else {
        panic!("no PostgreSQL: `cargo xtask test` provides one");
    };
    let cluster = Cluster::start(&binaries).unwrap();
    let folder = folder_of(&cluster);
    assert!(answers(&cluster));
    cluster.stop().unwrap();
    assert!(!answers(&cluster));
    cluster.resume().unwrap();
    assert!(answers(&cluster));
    drop(cluster);
    assert!(!folder.exists(), "{}", folder.display());
}

#[test]
fn a_standby_follows_takes_no_writes_and_is_promoted() {
    let binaries = Binaries::found().expect("no PostgreSQL: `cargo xtask test` provides one");
    let primary = Cluster::start(&binaries).unwrap();
    let standby = primary.standby().unwrap();
    let folder = folder_of(&standby);
    let asks = |server: &Cluster, statement: &str| {
        let psql = Command::new(server.binaries().program("psql"))
            .args(["-X", "-q", "-A", "-t", "-c", statement, &server.url()])
            .output();
        String::from_utf8(psql.unwrap().stdout)
            .unwrap()
            .trim()
            .to_owned()
    };
    let only_reads = "show transaction_read_only";
    assert_eq!(
        (
            asks(&primary, only_reads).as_str(),
            asks(&standby, only_reads).as_str()
        ),
        ("off", "on")
    );
    primary.stop().unwrap();
    standby.promote().unwrap();
    assert_eq!(asks(&standby, only_reads), "off");
    drop(standby);
    assert!(!folder.exists(), "{}", folder.display());
}
