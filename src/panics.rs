//! Panics: where they end, and what they leave in the log.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

/// Tells every panic by its place in the program and its thread alone: its message may quote a record. Spans of the log say in which request or submission.
pub fn tell_by_place() {
    set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        tracing::error!(place, thread = std::thread::current().name().unwrap_or("unnamed"), "the program panicked");
    }));
}

/// Runs `work`; `None`: it panicked. What it changed through references must be sound after each of its steps, or be thrown away.
pub fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Panics in a debug build whose environment says so, for tests: `SCHOOL_GATEWAY_TEST_PANIC=place=marker,…` makes `place` panic at what `holds` the marker.
/// A release does not hold it.
#[cfg(debug_assertions)]
#[allow(clippy::panic)]
pub fn trap(place: &str, holds: impl Fn(&str) -> bool) {
    static TRAPS: std::sync::LazyLock<Vec<(String, String)>> = std::sync::LazyLock::new(|| {
        let text = std::env::var("SCHOOL_GATEWAY_TEST_PANIC").unwrap_or_default();
        text.split(',')
            .filter_map(|trap| trap.split_once('='))
            .map(|(place, marker)| (place.to_owned(), marker.to_owned()))
            .collect()
    });
    for (_, marker) in TRAPS.iter().filter(|(known, _)| known == place) {
        if holds(marker) {
            match place.ends_with("abort") {
                true => std::process::abort(),
                false => panic!("a trap of the tests at {marker}"),
            }
        }
    }
}

/// A release has no traps.
#[cfg(not(debug_assertions))]
pub fn trap(_: &str, _: impl Fn(&str) -> bool) {}

#[cfg(test)]
mod tests {
    use super::contained;

    #[test]
    #[allow(clippy::panic)]
    fn a_panic_ends_where_it_is_contained() {
        assert_eq!(contained(|| 7), Some(7));
        assert_eq!(contained(|| if std::env::args().len() > 0 { panic!("on purpose") } else { 7 }), None);
    }
}
