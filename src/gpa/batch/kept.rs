//! Memory of large columns, kept from one call to the next: pages that are new cost more than what is written to them.

use arrow_buffer::{ArrowNativeType, Buffer};
use std::any::Any;
use std::collections::VecDeque;
use std::panic::RefUnwindSafe;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, MutexGuard};

/// In bytes, of all that lies on the shelf.
const MOST: usize = 128 << 20;
/// Smaller ones are quick to come by.
const LEAST: usize = 64 << 10;

struct Kept {
    bytes: usize,
    values: Box<dyn Any + Send>,
}

#[derive(Default)]
struct Shelf {
    kept: VecDeque<Kept>,
    bytes: usize,
}

static SHELF: Mutex<Shelf> = Mutex::new(Shelf { kept: VecDeque::new(), bytes: 0 });

/// Nobody waits for the shelf: a forked child may find it locked for ever.
fn shelf() -> Option<MutexGuard<'static, Shelf>> {
    SHELF.try_lock().ok()
}

/// One from the shelf, with room for so many and not for far more.
fn found<T: Send + 'static>(length: usize) -> Option<Vec<T>> {
    let bytes = length * size_of::<T>();
    if bytes < LEAST {
        return None;
    }
    let mut shelf = shelf()?;
    let fits = |kept: &Kept| kept.bytes >= bytes && kept.bytes / 2 <= bytes && kept.values.is::<Vec<T>>();
    // What was put down last is the first to be looked at: many of one size come and go together.
    let place = shelf.kept.iter().rposition(fits)?;
    let kept = shelf.kept.remove(place)?;
    shelf.bytes -= kept.bytes;
    kept.values.downcast().ok().map(|values| *values)
}

/// Empty, with room for so many.
pub(super) fn room<T: Send + 'static>(length: usize) -> Vec<T> {
    match found(length) {
        Some(mut values) => {
            values.clear();
            values
        }
        None => {
            let values: Vec<T> = Vec::with_capacity(length);
            in_large_pages(values.as_ptr().cast(), values.capacity() * size_of::<T>());
            values
        }
    }
}

/// So many, of whatever value.
pub(super) fn filled<T: Copy + Default + Send + 'static>(length: usize) -> Vec<T> {
    match found(length) {
        Some(mut values) => {
            values.resize(length, T::default());
            values
        }
        None => {
            let mut values: Vec<T> = Vec::with_capacity(length);
            in_large_pages(values.as_ptr().cast(), values.capacity() * size_of::<T>());
            values.resize(length, T::default());
            values
        }
    }
}

/// For another call.
pub(super) fn keep<T: Send + 'static>(values: Vec<T>) {
    let bytes = values.capacity() * size_of::<T>();
    if !(LEAST..=MOST).contains(&bytes) {
        return;
    }
    if let Some(mut shelf) = shelf() {
        shelf.bytes += bytes;
        shelf.kept.push_back(Kept { bytes, values: Box::new(values) });
        while shelf.bytes > MOST
            && let Some(oldest) = shelf.kept.pop_front()
        {
            shelf.bytes -= oldest.bytes;
        }
    }
}

/// Is kept when the last reader of its buffer has gone.
struct Lent<T: Send + 'static>(Vec<T>);

impl<T: Send + 'static> RefUnwindSafe for Lent<T> {}

impl<T: Send + 'static> Drop for Lent<T> {
    fn drop(&mut self) {
        keep(std::mem::take(&mut self.0));
    }
}

/// As Arrow reads it.
pub(super) fn lent<T: ArrowNativeType>(values: Vec<T>) -> Buffer {
    let (start, bytes) = (NonNull::from(values.as_slice()).cast(), size_of_val(values.as_slice()));
    // SAFETY: the vector lives as long as the buffer, is never written to meanwhile, and its values have no padding.
    unsafe { Buffer::from_custom_allocation(start, bytes, Arc::new(Lent(values))) }
}

/// Asks for pages of two megabytes: a fault for each of four kilobytes would take as long as the work.
#[cfg(target_os = "linux")]
fn in_large_pages(start: *const u8, bytes: usize) {
    const LARGE: usize = 2 << 20;
    let first = start.addr().next_multiple_of(LARGE);
    let end = (start.addr() + bytes) & !(LARGE - 1);
    if first < end {
        let begin = start.wrapping_add(first - start.addr()).cast_mut().cast();
        // SAFETY: whole pages of memory that is ours; the advice changes nothing that a program sees.
        unsafe { libc::madvise(begin, end - first, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn in_large_pages(_: *const u8, _: usize) {}
