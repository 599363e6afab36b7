//! Columns of many chunks, each out of a stream of its own: read side by side, a chunk with few allocations.
//!
//! A table of thousands of chunks costs more to bring in than to add up. What a column's schema tells once is not
//! asked of every chunk again, and a dictionary that chunks share is brought in once.

use arrow_array::array::make_array;
use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, DictionaryArray, PrimitiveArray};
use arrow_buffer::{Buffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field};
use std::collections::VecDeque;
use std::ffi::CStr;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A column as it comes, chunk by chunk.
pub struct ChunkStream {
    stream: FFI_ArrowArrayStream,
    kind: DataType,
    /// The last dictionary, and where its own structures lie.
    dictionary: Option<(Place, ArrayRef)>,
}

/// The addresses of a dictionary's buffers, its offset and its length.
type Place = ([usize; 3], usize, usize);

/// Chunks that one thread reads of a column before it turns to another.
const TURN: usize = 64;

impl ChunkStream {
    /// Asks the stream for its type.
    pub fn new(mut stream: FFI_ArrowArrayStream) -> Result<ChunkStream, ArrowError> {
        let get_schema = stream.get_schema().filter(|_| stream.release().is_some()).ok_or_else(unusable)?;
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the callback belongs to this stream, which has not been released; it fills what it is given.
        let code = unsafe { get_schema(&raw mut stream, &raw mut schema) };
        if code != 0 {
            return Err(failed(&mut stream, code));
        }
        let kind = Field::try_from(&schema)?.data_type().clone();
        Ok(ChunkStream { stream, kind, dictionary: None })
    }

    pub fn kind(&self) -> &DataType {
        &self.kind
    }

    /// `None` after the last.
    fn next(&mut self) -> Result<Option<ArrayRef>, ArrowError> {
        let get_next = self.stream.get_next().ok_or_else(unusable)?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: the callback belongs to this stream, which has not been released; it fills what it is given.
        let code = unsafe { get_next(&raw mut self.stream, &raw mut array) };
        match code {
            0 if array.is_released() => Ok(None),
            0 => self.taken(array).map(Some),
            _ => Err(failed(&mut self.stream, code)),
        }
    }

    fn taken(&mut self, array: FFI_ArrowArray) -> Result<ArrayRef, ArrowError> {
        let place = array.dictionary().and_then(place_of);
        let light = match (&self.kind, &self.dictionary) {
            (DataType::Dictionary(codes, _), Some((known, values))) if place == Some(*known) => {
                coded(array, codes, values)
            }
            (kind, _) => plain(array, kind),
        };
        let array = match light {
            Ok(chunk) => return Ok(chunk),
            Err(array) => array,
        };
        // SAFETY: the interface promises that the array is of the stream's type.
        let chunk = make_array(unsafe { from_ffi_and_data_type(array, self.kind.clone()) }?);
        // The chunk that is kept with it keeps what lies at the place there.
        let values = chunk.as_any_dictionary_opt().map(|dictionary| dictionary.values().clone());
        self.dictionary = place.zip(values);
        Ok(chunk)
    }
}

/// All chunks of all columns. Columns of many chunks are shared among threads: none of the streams may need Python.
pub fn read(streams: Vec<ChunkStream>) -> Result<Vec<Vec<ArrayRef>>, ArrowError> {
    let columns = streams.len();
    let mut begun = VecDeque::with_capacity(columns);
    let mut ended = Vec::with_capacity(columns);
    for (place, stream) in streams.into_iter().enumerate() {
        let mut column = Reading { place, stream, chunks: Vec::new() };
        if column.turn()? { ended.push(column) } else { begun.push_back(column) }
    }
    let threads = if begun.is_empty() { 0 } else { cores().min(begun.len()) };
    let columns = Mutex::new((begun, ended));
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(|| take_turns(&columns))).collect();
        let own = take_turns(&columns);
        let died = || ArrowError::CDataInterface("a thread that read chunks has died".to_owned());
        let others = others.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(died())));
        others.fold(own, Result::and)
    })?;
    let (_, mut ended) = columns.into_inner().unwrap_or_else(PoisonError::into_inner);
    ended.sort_unstable_by_key(|column| column.place);
    Ok(ended.into_iter().map(|column| column.chunks).collect())
}

/// How many there are: the system takes its time to say it.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// A column that is being read.
struct Reading {
    place: usize,
    stream: ChunkStream,
    chunks: Vec<ArrayRef>,
}

impl Reading {
    /// A few more chunks; whether the column is at its end.
    fn turn(&mut self) -> Result<bool, ArrowError> {
        for _ in 0..TURN {
            match self.stream.next()? {
                Some(chunk) => self.chunks.push(chunk),
                None => return Ok(true),
            }
        }
        Ok(false)
    }
}

/// Reads what columns are there until none is left. The last ones may be in other hands: those end them.
fn take_turns(columns: &Mutex<(VecDeque<Reading>, Vec<Reading>)>) -> Result<(), ArrowError> {
    loop {
        let column = columns.lock().unwrap_or_else(PoisonError::into_inner).0.pop_front();
        let Some(mut column) = column else { return Ok(()) };
        let at_end = column.turn()?;
        let mut columns = columns.lock().unwrap_or_else(PoisonError::into_inner);
        if at_end { columns.1.push(column) } else { columns.0.push_back(column) }
    }
}

/// Of a dictionary of few buffers.
fn place_of(dictionary: &FFI_ArrowArray) -> Option<Place> {
    let mut buffers = [0; 3];
    if dictionary.num_buffers() > buffers.len() || dictionary.num_children() > 0 || dictionary.dictionary().is_some() {
        return None;
    }
    for (number, place) in buffers.iter_mut().enumerate().take(dictionary.num_buffers()) {
        *place = dictionary.buffer(number).addr();
    }
    Some((buffers, dictionary.offset(), dictionary.len()))
}

macro_rules! of_integers {
    ($kind:expr, $work:ident ( $($given:expr),* ), $other:expr) => {
        match $kind {
            DataType::Int8 => $work::<Int8Type>($($given),*),
            DataType::Int16 => $work::<Int16Type>($($given),*),
            DataType::Int32 => $work::<Int32Type>($($given),*),
            DataType::Int64 => $work::<Int64Type>($($given),*),
            DataType::UInt8 => $work::<UInt8Type>($($given),*),
            DataType::UInt16 => $work::<UInt16Type>($($given),*),
            DataType::UInt32 => $work::<UInt32Type>($($given),*),
            DataType::UInt64 => $work::<UInt64Type>($($given),*),
            _ => $other,
        }
    };
}

/// Numbers without nulls; whatever else it is, the array comes back.
fn plain(array: FFI_ArrowArray, kind: &DataType) -> Result<ArrayRef, FFI_ArrowArray> {
    match kind {
        DataType::Float64 => column::<Float64Type>(array),
        DataType::Date32 => column::<Date32Type>(array),
        kind => of_integers!(kind, column(array), Err(array)),
    }
}

fn column<T: ArrowPrimitiveType>(array: FFI_ArrowArray) -> Result<ArrayRef, FFI_ArrowArray> {
    numbers::<T>(array).map(|numbers| Arc::new(numbers) as ArrayRef)
}

/// Codes without nulls of a dictionary that is known.
fn coded(array: FFI_ArrowArray, codes: &DataType, values: &ArrayRef) -> Result<ArrayRef, FFI_ArrowArray> {
    of_integers!(codes, coded_by(array, values), Err(array))
}

fn coded_by<T: ArrowDictionaryKeyType>(array: FFI_ArrowArray, values: &ArrayRef) -> Result<ArrayRef, FFI_ArrowArray> {
    // SAFETY: the interface promises that every code is a place in the dictionary.
    numbers::<T>(array).map(|codes| Arc::new(unsafe { DictionaryArray::new_unchecked(codes, values.clone()) }) as _)
}

fn numbers<T: ArrowPrimitiveType>(array: FFI_ArrowArray) -> Result<PrimitiveArray<T>, FFI_ArrowArray> {
    let (rows, offset) = (array.len(), array.offset());
    let bytes = rows.checked_add(offset).and_then(|rows| rows.checked_mul(size_of::<T::Native>()));
    let two_buffers = array.num_buffers() == 2;
    let whole = two_buffers && (array.null_count_opt() == Some(0) || array.buffer(0).is_null());
    let start = if whole { NonNull::new(array.buffer(1).cast_mut()) } else { None };
    let start = start.filter(|start| start.addr().get().is_multiple_of(align_of::<T::Native>()));
    match (start, bytes) {
        (Some(start), Some(bytes)) if rows > 0 => {
            // SAFETY: the interface promises so many values there, and that they stay as long as the array is not
            // released, which it is when the last reader of this buffer has gone.
            let buffer = unsafe { Buffer::from_custom_allocation(start, bytes, Arc::new(array)) };
            Ok(PrimitiveArray::new(ScalarBuffer::new(buffer, offset, rows), None))
        }
        _ => Err(array),
    }
}

fn unusable() -> ArrowError {
    ArrowError::CDataInterface("the stream has been taken before, or lacks a callback".to_owned())
}

/// What the producer says of its failure, or its code.
fn failed(stream: &mut FFI_ArrowArrayStream, code: i32) -> ArrowError {
    let words = stream.get_last_error().and_then(|get_last_error| {
        // SAFETY: the last call on this stream failed, so it may be asked why; the words, where there are any, end
        // with a zero and stay until the next call.
        unsafe {
            let words = get_last_error(stream);
            (!words.is_null()).then(|| CStr::from_ptr(words).to_string_lossy().into_owned())
        }
    });
    ArrowError::CDataInterface(words.unwrap_or_else(|| format!("the stream failed with code {code}")))
}
