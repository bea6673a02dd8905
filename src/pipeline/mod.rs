//! The only place that chains the stages. In: sources, a fetcher, a store. Out: what each poll did.
//! Deliberately absent: when to poll (the daemon asks `schedule`), HTTP serving, printing.

mod changes;

pub use changes::Changes;
