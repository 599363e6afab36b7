//! The prefix codes that documents' own streams are written in (RFC 1951, 3.2.7), one for each kind of stream. They were fitted
//! to the files of the sample campus (`benchmarks/fit_codes.py`) and can write any bytes, only these kinds shortest.

use std::sync::OnceLock;

/// What a stream holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Operators and text of a page.
    Content,
    /// Objects: tags, bookmarks, dictionaries.
    Structure,
    /// Anything to be read as text, such as a record in JSON.
    Text,
}

/// Lengths in bits of the codes of bytes, the end and repeats, and of distances, as hexadecimal digits.
struct Fitted {
    symbols: &'static str,
    distances: &'static str,
}

const FITTED: [Fitted; 3] = [
    Fitted {
        symbols: "8abbcedded7cefeefffffffefcdcefff4ffffffe67fca7585455555555ad8f6ed87678aa98bc98aa9da86abafcf8bcfff7a8678886da88778c7778aac9effffffffccffffdfffffeffffffffedffffeffffdfffffffffffffffffffbfffffeddeffffffffffddffffffffffffffffffffffffffdfefffffffffffdefddefecdabd556676778894578878a9accacbe9",
        distances: "9bba88877746554535454443455667",
    },
    Fitted {
        symbols: "8fffffffffaffffffffeffffffffffff3fffffffbbfedba74444444445ffaf8ffabaababbbeabbcb9e999bdddecafafef8b997b9b8dd9a99af8889dccaffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeedd7664767897877a77aa8fffefffff",
        distances: "c7c6b27877345446455455566a7779",
    },
    Fitted {
        symbols: "ffffffffff9fffffffffffffffffffff5f5ffffcfffba6a976678899898fffffd787979888db88888f978aa9fadbf9fbf576648675a966557b565689b7daf9ffceffffffffffeefffffffffffdfffffefdffeffdfcfffefffeffffffeeddeefffffafeffffffefffdffffffdddfffffffcdfffffffffffffffffffffffffffffaf45666655688875887a96779998bd",
        distances: "4eeec89a75555545454434444556be",
    },
];

/// Lengths of the codes in which the lengths above are written, for 0 to 15, and in the order that the format wants.
const OF_LENGTHS: [u8; 16] = [7, 7, 7, 7, 5, 4, 5, 5, 4, 4, 5, 5, 5, 5, 4, 1];
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Bits, the first lowest, and how many.
pub type Word = (u64, u32);

/// A code, ready to write with.
pub struct Code {
    /// How every stream in this code begins, and the bits after its last whole byte.
    pub head: Vec<u8>,
    pub held: Word,
    pub literals: [Word; 256],
    pub end: Word,
    /// By length, from 3, with the bits that tell lengths of one symbol apart.
    pub lengths: [Word; 256],
    /// By the distance's symbol.
    distances: [Word; 30],
}

static CODES: [OnceLock<Code>; 3] = [const { OnceLock::new() }; 3];

impl Code {
    /// The code of a kind, made once per process.
    pub fn of(kind: Kind) -> &'static Code {
        let place = &CODES[kind as usize];
        place.get().unwrap_or_else(|| {
            let made = Code::new(&FITTED[kind as usize]);
            place.get_or_init(|| made)
        })
    }

    fn new(fitted: &Fitted) -> Code {
        let (symbols, distances) = (digits(fitted.symbols), digits(fitted.distances));
        let words = canonical(&symbols);
        let (head, held) = head(&symbols, &distances);
        let distances = canonical(&distances);
        Code {
            head,
            held,
            literals: std::array::from_fn(|byte| words[byte]),
            end: words[256],
            lengths: std::array::from_fn(|index| length(&words, index + 3)),
            distances: std::array::from_fn(|symbol| distances[symbol]),
        }
    }

    /// The bits of a distance from 1 to 32,768.
    #[inline(always)]
    pub fn distance(&self, distance: usize) -> Word {
        let from_zero = distance as u64 - 1;
        if from_zero < 4 {
            return self.distances[from_zero as usize];
        }
        let extra = from_zero.ilog2() - 1;
        let (bits, count) = self.distances[(2 * extra as usize + (from_zero >> extra) as usize).min(29)];
        (bits | (from_zero & ((1 << extra) - 1)) << count, count + extra)
    }
}

fn digits(text: &str) -> Vec<u8> {
    text.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect()
}

/// The canonical code of these lengths (3.2.2), its bits turned round as they are written.
fn canonical(lengths: &[u8]) -> Vec<Word> {
    let mut words = vec![(0, 0); lengths.len()];
    let mut next = 0u32;
    for length in 1..=15 {
        for (word, _) in words.iter_mut().zip(lengths).filter(|(_, own)| **own == length) {
            *word = (u64::from(next.reverse_bits() >> (32 - u32::from(length))), u32::from(length));
            next += 1;
        }
        next <<= 1;
    }
    words
}

/// The symbol of a repeat's length and the bits after it (3.2.5).
fn length(words: &[Word], length: usize) -> Word {
    let from_three = length as u64 - 3;
    let (symbol, extra) = match length {
        258 => (285, 0),
        3..11 => (257 + from_three, 0),
        _ => {
            let extra = from_three.ilog2() - 2;
            (257 + 4 * u64::from(extra) + (from_three >> extra), extra)
        }
    };
    let (bits, count) = words[symbol as usize];
    (bits | (from_three & ((1 << extra) - 1)) << count, count + extra)
}

/// The stream's and the only block's heads (RFC 1950, 2.2; RFC 1951, 3.2.3 and 3.2.7).
fn head(symbols: &[u8], distances: &[u8]) -> (Vec<u8>, Word) {
    let mut own = OF_LENGTHS.to_vec();
    own.resize(19, 0);
    let words = canonical(&own);
    // Deflate with the largest window; then the last block, with codes of its own, for all symbols and distances.
    let mut parts: Vec<Word> = vec![(0x78, 8), (0x01, 8), (0b101, 3), (286 - 257, 5), (30 - 1, 5), (19 - 4, 4)];
    parts.extend(ORDER.map(|symbol| (u64::from(own[symbol]), 3)));
    parts.extend(symbols.iter().chain(distances).map(|length| words[usize::from(*length)]));
    let (mut head, mut held, mut count) = (Vec::new(), 0, 0);
    for (bits, more) in parts {
        held |= bits << count;
        count += more;
        while count >= 8 {
            head.push(held as u8);
            held >>= 8;
            count -= 8;
        }
    }
    (head, (held, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_complete() {
        let full = |lengths: &[u8]| lengths.iter().map(|length| 1u32 << (15 - length)).sum::<u32>() == 1 << 15;
        assert!(full(&OF_LENGTHS));
        for fitted in &FITTED {
            let (symbols, distances) = (digits(fitted.symbols), digits(fitted.distances));
            assert_eq!((symbols.len(), distances.len()), (286, 30));
            assert!(full(&symbols) && full(&distances));
            assert!(symbols.iter().chain(&distances).all(|length| (1..16).contains(length)));
        }
    }
}
