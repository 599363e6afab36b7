//! Columns that lie in memory already (numpy's, `array.array`'s): taken as they are, by Python's buffer protocol.

use arrow_array::builder::StringBuilder;
use arrow_array::types::{
    ArrowPrimitiveType, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{ArrayRef, PrimitiveArray};
use arrow_buffer::{Buffer, ScalarBuffer};
use arrow_schema::DataType;
use pyo3::buffer::{PyBuffer, PyUntypedBuffer};
use pyo3::prelude::*;
use pyo3::types::PyMemoryView;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::sync::Arc;

/// Keeps a buffer where it is. Dropped on a thread that is not attached, the reference waits for one that is.
struct Kept(#[allow(dead_code, reason = "held, never looked at")] Py<PyMemoryView>);

impl UnwindSafe for Kept {}
impl RefUnwindSafe for Kept {}

/// The column, if it is one dimension of numbers, contiguous and of this machine's byte order; else `None`.
pub fn numbers(column: &Bound<'_, PyAny>) -> PyResult<Option<ArrayRef>> {
    let Ok(view) = PyMemoryView::from(column) else { return Ok(None) };
    let buffer = PyUntypedBuffer::get(&view)?;
    let Some(kind) = kind_of(&buffer) else { return Ok(None) };
    let rows = buffer.item_count();
    let Some(start) = NonNull::new(buffer.buf_ptr().cast::<u8>()).filter(|_| rows > 0) else {
        return Ok(Some(arrow_array::new_empty_array(&kind)));
    };
    // SAFETY: the exporter keeps these bytes in place as long as the view lives, and the view lives with the buffer.
    // That nobody writes to them meanwhile is asked of the caller, as by everything that shares memory with numpy.
    let bytes =
        unsafe { Buffer::from_custom_allocation(start, buffer.len_bytes(), Arc::new(Kept(view.clone().unbind()))) };
    Ok(Some(match kind {
        DataType::Int8 => primitive::<Int8Type>(bytes, rows),
        DataType::Int16 => primitive::<Int16Type>(bytes, rows),
        DataType::Int32 => primitive::<Int32Type>(bytes, rows),
        DataType::Int64 => primitive::<Int64Type>(bytes, rows),
        DataType::UInt8 => primitive::<UInt8Type>(bytes, rows),
        DataType::UInt16 => primitive::<UInt16Type>(bytes, rows),
        DataType::UInt32 => primitive::<UInt32Type>(bytes, rows),
        DataType::UInt64 => primitive::<UInt64Type>(bytes, rows),
        _ => primitive::<Float64Type>(bytes, rows),
    }))
}

fn primitive<T: ArrowPrimitiveType>(bytes: Buffer, rows: usize) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::new(bytes, 0, rows), None))
}

/// Arrow's type of the buffer's elements; `None` where they cannot be taken as they lie.
fn kind_of(buffer: &PyUntypedBuffer) -> Option<DataType> {
    let aligned = (buffer.buf_ptr() as usize).is_multiple_of(buffer.item_size().max(1));
    if buffer.dimensions() != 1 || !buffer.is_c_contiguous() || !aligned {
        return None;
    }
    let kind = match buffer.format().to_bytes() {
        [kind] | [b'@' | b'=', kind] => *kind,
        [b'<', kind] if cfg!(target_endian = "little") => *kind,
        _ => return None,
    };
    // `l` has four bytes on some machines and eight on others: the size decides, the letter tells the sign.
    Some(match (kind, buffer.item_size()) {
        (b'b', 1) => DataType::Int8,
        (b'h', 2) => DataType::Int16,
        (b'i' | b'l', 4) => DataType::Int32,
        (b'l' | b'q' | b'n', 8) => DataType::Int64,
        // A bool is a byte of 0 or 1.
        (b'B' | b'?', 1) => DataType::UInt8,
        (b'H', 2) => DataType::UInt16,
        (b'I' | b'L', 4) => DataType::UInt32,
        (b'L' | b'Q' | b'N', 8) => DataType::UInt64,
        (b'd', 8) => DataType::Float64,
        _ => return None,
    })
}

/// Texts of `width` UCS-4 characters each, filled up with zeros: numpy's own form of text.
pub fn fixed_width_texts(characters: &Bound<'_, PyAny>, width: usize) -> PyResult<Option<ArrayRef>> {
    let py = characters.py();
    let characters = PyBuffer::<u32>::get(characters)?.to_vec(py)?;
    Ok(py.detach(|| texts(&characters, width)))
}

fn texts(characters: &[u32], width: usize) -> Option<ArrayRef> {
    let mut texts = StringBuilder::new();
    let mut text = String::new();
    for cell in characters.chunks(width.max(1)) {
        text.clear();
        let used = cell.iter().rposition(|character| *character != 0).map_or(0, |last| last + 1);
        for character in &cell[..used] {
            text.push(char::from_u32(*character)?);
        }
        texts.append_value(&text);
    }
    Some(Arc::new(texts.finish()))
}
