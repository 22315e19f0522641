//! A product that is held in the middle of a write by its own PostgreSQL, so that it can be killed there.

use std::time::Duration;

use crate::database::{Database, Link};

/// What the product waits for, and the test holds.
const LOCK: i64 = 0x0070_6175_7365;
const LOOKS_MAX: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Holds every write that comes to one point, from [`Pause::hold`] to [`Pause::release`].
pub struct Pause {
    link: Link,
}

/// Where a write is held: which rows of which table, and from which of them on.
pub struct Point {
    /// Such as `before insert on students for each row`.
    pub trigger: &'static str,
    /// Held at the commit itself rather than at the row.
    pub at_commit: bool,
    /// The first row that is held, from 1: those before it go through.
    pub from_row: i64,
}

impl Point {
    /// At each row.
    pub const fn at(trigger: &'static str) -> Self {
        Self {
            trigger,
            at_commit: false,
            from_row: 1,
        }
    }
}

impl Pause {
    /// Sets the point, and holds it.
    pub async fn at(database: &Database, point: &Point) -> Self {
        let mut link = database.open().await;
        let Point {
            trigger,
            at_commit,
            from_row,
        } = point;
        // A constraint's trigger may wait for the commit; it runs after the row.
        let (kind, trigger) = if *at_commit {
            let (table, when) = trigger.split_once(" for each row").unwrap();
            let deferred = format!("{table} deferrable initially deferred for each row{when}");
            ("constraint trigger", deferred)
        } else {
            ("trigger", (*trigger).to_owned())
        };
        let statements = format!(
            "create sequence paused_rows;
             create function pause() returns trigger language plpgsql as $$
             begin
                 if nextval('paused_rows') >= {from_row} then
                     perform pg_advisory_xact_lock_shared({LOCK});
                 end if;
                 return new;
             end $$;
             create {kind} pause {trigger} execute function pause()"
        );
        link.run("", &statements).await;
        let mut pause = Self { link };
        pause.hold().await;
        pause
    }

    /// Holds what comes from now on.
    pub async fn hold(&mut self) {
        let hold = format!("select pg_advisory_lock({LOCK})");
        self.link.run("", &hold).await;
    }

    /// Waits until a write is held.
    pub async fn reached(&mut self) {
        let held = "select 'held' from pg_locks where locktype = 'advisory' and not granted \
                    and database = (select oid from pg_database where datname = current_database())";
        for _ in 0..LOOKS_MAX {
            if !self.link.rows("", held).await.is_empty() {
                return;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("nothing came to the point");
    }

    /// Lets go what was held, and what comes.
    pub async fn release(&mut self) {
        let release = format!("select pg_advisory_unlock({LOCK})");
        self.link.run("", &release).await;
    }
}
