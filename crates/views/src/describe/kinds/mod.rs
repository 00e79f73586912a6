//! The kinds that have a page of their own. A new one is a file here and a line in the list.

use super::Describer;

kloupe_model::registry! {
    /// All pages.
    pub DESCRIBERS: Describer = DESCRIBER in {
        pod,
        deployment,
        replica_set,
        stateful_set,
        daemon_set,
        job,
        cron_job,
        secret,
    }
}
