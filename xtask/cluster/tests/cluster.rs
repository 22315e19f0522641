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
