//! Bytes to a zlib stream in one pass (RFC 1950, RFC 1951): repeats are found with a small table, and written at once in a code
//! known beforehand, so that nothing is counted and no tree is built. The same bytes always give the same stream.

use super::code::{Code, Kind, Word};

/// Entries of the table of places, by four bytes: few enough to stay in the nearest cache.
const TABLE_BITS: u32 = 13;
/// How far back a repeat may lie, and how long it may be. (Repeats that are searched for have four bytes or more.)
const WINDOW: usize = 32 * 1024;
const LONGEST: usize = 258;
const SHORTEST: usize = 3;

/// What is known beforehand about the bytes from a place on, until the next such place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Nothing: repeats are looked for.
    Search,
    /// They are numbers and spaces, and nothing in them repeats.
    Numbers,
    /// They are much like those so many bytes before.
    Like(u32),
}

/// A compressor with its scratch space.
pub struct Packer {
    /// Where four bytes were last seen, counted from `base`.
    places: Box<[u32; 1 << TABLE_BITS]>,
    /// Places before this one belong to earlier streams.
    base: u32,
    out: Vec<u8>,
}

/// Bits on their way into bytes, the first lowest.
struct Bits<'o> {
    out: &'o mut [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    /// At most 56 bits between two calls of `flush`.
    #[inline(always)]
    fn put(&mut self, (bits, count): (u64, u32)) {
        self.held |= bits << self.count;
        self.count += count;
    }

    #[inline(always)]
    fn flush(&mut self) {
        if let Some(room) = self.out.get_mut(self.at..self.at + 8) {
            room.copy_from_slice(&self.held.to_le_bytes());
        }
        self.at += (self.count >> 3) as usize;
        self.held >>= self.count & !7;
        self.count &= 7;
    }
}

#[inline(always)]
fn four(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes)
}

#[inline(always)]
fn sixteen(bytes: &[u8], at: usize) -> Option<u128> {
    bytes.get(at..at + 16).and_then(|sixteen| sixteen.try_into().ok()).map(u128::from_le_bytes)
}

#[inline(always)]
fn slot(four: u32) -> usize {
    (four.wrapping_mul(0x9E37_79B1) >> (32 - TABLE_BITS)) as usize
}

impl Packer {
    pub fn new() -> Packer {
        Packer { places: Box::new([0; 1 << TABLE_BITS]), base: 1, out: Vec::new() }
    }

    /// The zlib form of some bytes, until the next call. Wrong advice makes it longer, never wrong; it stands in the order of
    /// its places.
    pub fn pack(&mut self, kind: Kind, bytes: &[u8], advice: &[(u32, Advice)]) -> &[u8] {
        let code = Code::of(kind);
        // No literal takes more than 15 bits, and a repeat takes fewer than its bytes would.
        let room = 64 + code.head.len() + bytes.len() * 2;
        if self.out.len() < room {
            self.out.resize(room, 0);
        }
        if (u32::MAX - self.base) as usize <= bytes.len() {
            self.places.fill(0);
            self.base = 1;
        }
        let head = code.head.len();
        self.out[..head].copy_from_slice(&code.head);
        let bits = Bits { out: &mut self.out, at: head, held: code.held.0, count: code.held.1 };
        let mut pass = Pass { places: &mut self.places, base: self.base, bytes, code, bits };
        let (mut at, mut current) = (0, Advice::Search);
        for (place, next) in advice.iter().copied().chain([(bytes.len() as u32, Advice::Search)]) {
            at = pass.advised(at, (place as usize).min(bytes.len()), current);
            current = next;
        }
        let mut bits = pass.bits;
        bits.put(code.end);
        bits.flush();
        // The last byte may be begun only.
        let end = bits.at + usize::from(bits.count > 0);
        self.base += bytes.len() as u32;
        self.out[end..end + 4].copy_from_slice(&simd_adler32::adler32(&bytes).to_be_bytes());
        &self.out[..end + 4]
    }
}

/// One pass over some bytes.
struct Pass<'p> {
    places: &'p mut [u32; 1 << TABLE_BITS],
    base: u32,
    bytes: &'p [u8],
    code: &'static Code,
    bits: Bits<'p>,
}

impl Pass<'_> {
    /// Writes the bytes of a part; returns where the next begins, which the last repeat may have gone beyond.
    fn advised(&mut self, at: usize, end: usize, advice: Advice) -> usize {
        match advice {
            Advice::Search => self.search(at, end),
            Advice::Numbers => self.numbers(at, end),
            Advice::Like(distance) if (1..=WINDOW.min(at)).contains(&(distance as usize)) => {
                self.like(at, end, distance as usize)
            }
            Advice::Like(_) => self.search(at, end),
        }
    }

    #[inline(always)]
    fn again(&mut self, length: usize, distance: Word) {
        self.bits.put(self.code.lengths[length - SHORTEST]);
        self.bits.put(distance);
        self.bits.flush();
    }

    fn plain(&mut self, at: usize, end: usize) -> usize {
        // Three literals of at most 15 bits fit between two calls of `flush`.
        for three in self.bytes.get(at..end).unwrap_or_default().chunks(3) {
            three.iter().for_each(|byte| self.bits.put(self.code.literals[usize::from(*byte)]));
            self.bits.flush();
        }
        at.max(end)
    }

    /// More at a time than other literals: their codes are short.
    fn numbers(&mut self, at: usize, end: usize) -> usize {
        let mut at = at;
        while let Some(six) = self.bytes.get(at..end.min(at + 6)).filter(|six| six.len() == 6) {
            let words = six.iter().map(|byte| self.code.literals[usize::from(*byte)]);
            let (bits, count) =
                words.fold((0u64, 0), |(bits, count), word| (bits | word.0.wrapping_shl(count), count + word.1));
            // Then they are no numbers.
            if count > 56 {
                break;
            }
            self.bits.put((bits, count));
            self.bits.flush();
            at += 6;
        }
        self.plain(at, end)
    }

    fn like(&mut self, mut at: usize, end: usize, distance: usize) -> usize {
        let word = self.code.distance(distance);
        // Bits that are put and not flushed: of a repeat's length at most 20, of a literal at most 15.
        let (repeat, most) = (20 + word.1, 56 - 15);
        let mut held = 0;
        while at < end {
            let length = common(self.bytes, at - distance, at);
            if length >= SHORTEST {
                if held + repeat > 56 {
                    self.bits.flush();
                }
                self.again(length, word);
                held = 0;
                at += length;
            } else {
                self.bits.put(self.code.literals[usize::from(self.bytes[at])]);
                at += 1;
                held += 15;
                if held > most {
                    self.bits.flush();
                    held = 0;
                }
            }
        }
        self.bits.flush();
        at
    }

    fn search(&mut self, mut at: usize, end: usize) -> usize {
        // Three literals of at most 15 bits fit between two calls of `flush`.
        let mut held = 0;
        while at < end {
            let Some(next) = four(self.bytes, at) else {
                self.bits.flush();
                return self.plain(at, end);
            };
            let here = self.base + at as u32;
            let before = std::mem::replace(&mut self.places[slot(next)], here);
            let distance = here.wrapping_sub(before) as usize;
            if before >= self.base && distance <= WINDOW && four(self.bytes, at - distance) == Some(next) {
                let length = common(self.bytes, at - distance, at);
                self.bits.flush();
                held = 0;
                self.again(length, self.code.distance(distance));
                self.note(at, length);
                at += length;
            } else {
                self.bits.put(self.code.literals[usize::from(self.bytes[at])]);
                at += 1;
                held += 1;
                if held == 3 {
                    self.bits.flush();
                    held = 0;
                }
            }
        }
        self.bits.flush();
        at
    }

    /// Remembers places inside a repeat: enough of them that what begins there is found again.
    fn note(&mut self, at: usize, length: usize) {
        for inside in [at + 1, at + length - 1] {
            if let Some(next) = four(self.bytes, inside) {
                self.places[slot(next)] = self.base + inside as u32;
            }
        }
    }
}

/// How many bytes from `at` are those from `from`.
#[inline(always)]
fn common(bytes: &[u8], from: usize, at: usize) -> usize {
    let most = LONGEST.min(bytes.len() - at);
    let mut length = 0;
    while let (Some(one), Some(other)) = (sixteen(bytes, from + length), sixteen(bytes, at + length)) {
        let differing = one ^ other;
        if differing != 0 {
            length += (differing.trailing_zeros() >> 3) as usize;
            return length.min(most);
        }
        length += 16;
        if length >= most {
            return most;
        }
    }
    while length < most && bytes[from + length] == bytes[at + length] {
        length += 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    fn unpacked(packed: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        flate2::read::ZlibDecoder::new(packed).read_to_end(&mut plain).expect("a zlib stream");
        plain
    }

    fn kinds() -> impl Strategy<Value = Kind> {
        prop_oneof![Just(Kind::Content), Just(Kind::Structure), Just(Kind::Text)]
    }

    fn advice() -> impl Strategy<Value = Vec<(u32, Advice)>> {
        let one = prop_oneof![Just(Advice::Search), Just(Advice::Numbers), (0..400u32).prop_map(Advice::Like)];
        prop::collection::vec((0..3000u32, one), 0..20).prop_map(|mut all| {
            all.sort_by_key(|(at, _)| *at);
            all
        })
    }

    proptest! {
        #[test]
        fn another_unpacker_gives_back_what_was_packed(
            kind in kinds(),
            parts in prop::collection::vec(("[ -~]{0,40}|[a-c]{0,300}", 0..8usize), 0..40),
            noise in prop::collection::vec(any::<u8>(), 0..300),
            advice in advice(),
        ) {
            let mut bytes: Vec<u8> = parts.iter().flat_map(|(text, times)| text.repeat(*times).into_bytes()).collect();
            bytes.extend(noise);
            let advice: Vec<_> = advice.into_iter().filter(|(at, _)| *at as usize <= bytes.len()).collect();
            let mut packer = Packer::new();
            let first = packer.pack(kind, &bytes, &advice).to_vec();
            prop_assert_eq!(unpacked(&first), bytes.clone());
            // Nothing of another stream stays behind.
            packer.pack(Kind::Text, &[b"between".as_slice(), &bytes].concat(), &[]);
            prop_assert_eq!(packer.pack(kind, &bytes, &advice), first);
        }
    }

    #[test]
    fn repeats_at_every_distance_and_length_come_back() {
        let mut packer = Packer::new();
        for gap in [1usize, 2, 3, 4, 5, 7, 300, 4_000, 32_767, 32_768, 32_769, 40_000] {
            for length in [3usize, 4, 10, 11, 130, 131, 257, 258, 259, 600] {
                let mut bytes: Vec<u8> = (0..length).map(|at| (at * 7 + at / 250) as u8).collect();
                bytes.extend((length..gap).map(|at| (at % 251) as u8));
                let again: Vec<u8> = bytes[..length.min(bytes.len())].to_vec();
                bytes.extend(again);
                for advice in [Advice::Search, Advice::Like(gap as u32), Advice::Numbers] {
                    let packed = packer.pack(Kind::Structure, &bytes, &[(gap as u32, advice)]).to_vec();
                    assert!(unpacked(&packed) == bytes, "{gap} {length} {advice:?}");
                }
            }
        }
    }
}
