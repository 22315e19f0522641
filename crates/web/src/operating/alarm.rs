//! The alarm of a school where too many birth dates find nobody: said once, and not for each further try.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::Timestamp;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::reconciliation::tries::ALARM_WINDOW;

/// The schools whose alarm this process said within the time it looks back, and when.
#[derive(Debug, Default)]
pub struct Alarms {
    said: Mutex<HashMap<OrganizationId, Timestamp>>,
}

impl Alarms {
    /// Whether the alarm of a school is to be said now. Exactly the hundredth try would not do: of two at once, none
    /// may be it.
    pub fn is_new(&self, school: OrganizationId, now: Timestamp) -> bool {
        let mut said = self
            .said
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        said.retain(|_, at| now.duration_since(*at) < ALARM_WINDOW);
        let new = !said.contains_key(&school);
        said.entry(school).or_insert(now);
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn an_alarm_is_said_once_an_hour_for_each_school() {
        let alarms = Alarms::default();
        let school = |number| {
            let id = format!("0192f0c1-8c5e-7b7a-9d6c-00000000000{number}");
            OrganizationId::parse(&id).unwrap()
        };
        let (one, other) = (school(1), school(2));
        let start: Timestamp = "2026-09-01T08:00:00Z".parse().unwrap();
        let after = |minutes| start + SignedDuration::from_mins(minutes);
        for (school, minutes, new) in [
            (one, 0, true),
            (one, 0, false),
            (other, 1, true),
            (one, 59, false),
            (one, 60, true),
            (other, 60, false),
            (other, 61, true),
            (one, 119, false),
        ] {
            assert_eq!(alarms.is_new(school, after(minutes)), new, "{minutes}");
        }
    }
}
