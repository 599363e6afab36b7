//! Asks the memory for what is read soon. Its own look ahead ends with every page, and rests while a block is summed.

/// Bytes between what is read and what is asked for.
const DISTANCE: usize = 4096;

/// What follows `values` by a page; past the end of the column it asks in vain.
#[inline(always)]
pub(super) fn ask<T>(values: &[T]) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let place = values.as_ptr().cast::<i8>().wrapping_add(DISTANCE);
        // SAFETY: a prefetch reads nothing that the program sees and never faults, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(place) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, DISTANCE);
}
