//! What the rules of the roster say no to.

crate::refusals! {
    /// Why nothing was imported, confirmed, abandoned or undone.
    RosterRefusal {
        /// Only an administrator may.
        RoleInsufficient = "role_insufficient",
        /// No such pupil or import in this school.
        NotFound = "not_found",
        /// The school's import is being read: one at a time.
        ImportInProgress = "import_in_progress",
        /// The policy allows one import, and it was made.
        RosterAlreadyImported = "roster_already_imported",
        /// The upload is beyond the limit.
        TooLarge = "too_large",
        /// The import has no plan that waits for an answer.
        PlanNotWaiting = "plan_not_waiting",
        /// The roster changed since the plan was shown: here it is again.
        PlanStale = "plan_stale",
        /// The number of leavers typed is not the plan's.
        LeaversCountWrong = "leavers_count_wrong",
        /// The import can no longer be undone.
        UndoExpired = "undo_expired",
    }
}
