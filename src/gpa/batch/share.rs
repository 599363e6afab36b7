//! Shares tasks among the threads of the pool that the caller is in.

use rayon::prelude::*;

/// The results in the order of the tasks. Outside a pool the calling thread does them all: rayon would start its
/// global pool, which does not survive a fork.
pub(super) fn each<T: Send, R: Send>(tasks: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if rayon::current_thread_index().is_some() && tasks.len() > 1 {
        tasks.into_par_iter().with_max_len(1).map(work).collect()
    } else {
        tasks.into_iter().map(work).collect()
    }
}

/// How many threads there are to share among.
pub(super) fn threads() -> usize {
    if rayon::current_thread_index().is_some() { rayon::current_num_threads() } else { 1 }
}

/// Sorts by `order`, which tells all elements apart or does not care.
pub(super) fn sort<T: Send>(values: &mut [T], order: impl Fn(&T, &T) -> std::cmp::Ordering + Sync) {
    if rayon::current_thread_index().is_some() {
        values.par_sort_unstable_by(order);
    } else {
        values.sort_unstable_by(order);
    }
}
