//! Shares tasks among the threads of the pool that the caller is in.

use super::stop::Stop;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

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

/// What unwinds a sort that nobody waits for any more.
struct Left;

/// Sorts by `order`, which tells all elements apart or does not care. A sort of millions looks at the flag too: from
/// inside a comparison, unwinding is the one way out.
pub(super) fn sort<T: Send>(
    values: &mut [T],
    cancelled: &AtomicBool,
    order: impl Fn(&T, &T) -> Ordering + Sync,
) -> Result<(), Stop> {
    let order = |a: &T, b: &T| {
        if cancelled.load(Relaxed) {
            resume_unwind(Box::new(Left));
        }
        order(a, b)
    };
    let sorted = catch_unwind(AssertUnwindSafe(|| {
        if rayon::current_thread_index().is_some() {
            values.par_sort_unstable_by(order);
        } else {
            values.sort_unstable_by(order);
        }
    }));
    match sorted {
        Ok(()) => Ok(()),
        Err(left) if left.is::<Left>() => Err(Stop::Cancelled),
        Err(panic) => resume_unwind(panic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn a_sort_ends_soon_after_it_is_cancelled_in_a_pool_and_outside() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let sorted = || {
            let (cancelled, compared) = (AtomicBool::new(false), AtomicUsize::new(0));
            let mut values: Vec<u32> = (0..100_000u32).map(|at| at.wrapping_mul(0x9e37_79b1)).collect();
            let outcome = sort(&mut values, &cancelled, |a, b| {
                if compared.fetch_add(1, Relaxed) == 1000 {
                    cancelled.store(true, Relaxed);
                }
                a.cmp(b)
            });
            (outcome, compared.into_inner())
        };
        for (outcome, compared) in [sorted(), pool.install(sorted)] {
            assert_eq!(outcome, Err(Stop::Cancelled));
            assert!(compared < 1100, "{compared}");
        }
    }

    #[test]
    fn what_nobody_cancels_is_sorted() {
        let mut values = vec![3, 1, 2];
        assert_eq!(sort(&mut values, &AtomicBool::new(false), Ord::cmp), Ok(()));
        assert_eq!(values, [1, 2, 3]);
    }
}
