//! The verification code printed on a document: 80 bits, derived from the record it is made of and how it was
//! issued, in a form that a person can read out over the telephone.

use crate::domain::{Issue, Marking};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// Crockford's alphabet: no I, L, O or U, so nothing is misread and no word appears.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 16;
/// Keeps these digests apart from every other use of SHA-256, and a certificate's from a transcript's; the number
/// changes when the derivation does.
const TRANSCRIPT: &[u8] = b"registrary verification code 1\0";
const CERTIFICATE: &[u8] = b"registrary certificate code 1\0";
const ENROLLMENT: &[u8] = b"registrary enrollment code 1\0";

/// Sixteen symbols of Crockford's base 32, written `XXXX-XXXX-XXXX-XXXX`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerificationCode([u8; SYMBOLS]);

/// The text is no verification code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a verification code has sixteen letters and digits, none of them U")]
pub struct NotAVerificationCode;

/// The code of one transcript of one record: the same record (as canonical JSON) and issue, the same code.
pub fn verification_code(record_json: &str, issue: &Issue) -> VerificationCode {
    code(Sha256::new_with_prefix(TRANSCRIPT), record_json, issue)
}

/// The code of the certificate of one of the record's awards, counted from 0.
pub fn certificate_code(record_json: &str, award: usize, issue: &Issue) -> VerificationCode {
    let mut hash = Sha256::new_with_prefix(CERTIFICATE);
    hash.update((award as u64).to_be_bytes());
    code(hash, record_json, issue)
}

/// The code of an enrolment verification; `table` is what it certifies, as data.
pub fn enrollment_code(record_json: &str, table: &str, issue: &Issue) -> VerificationCode {
    let mut hash = Sha256::new_with_prefix(ENROLLMENT);
    add(&mut hash, Some(table));
    code(hash, record_json, issue)
}

fn code(mut hash: Sha256, record_json: &str, issue: &Issue) -> VerificationCode {
    let date = issue.date.to_string();
    let marking = match issue.marking {
        Marking::Official => "official",
        Marking::Unofficial => "unofficial",
    };
    for part in [Some(record_json), Some(&date), Some(issue.serial.as_str()), Some(marking)] {
        add(&mut hash, part);
    }
    add(&mut hash, issue.recipient.as_ref().map(AsRef::as_ref));
    add(&mut hash, issue.purpose.as_ref().map(AsRef::as_ref));
    VerificationCode::of_bits(&hash.finalize())
}

/// Presence and length go before each part, so no two lists of parts give the same bytes.
fn add(hash: &mut Sha256, part: Option<&str>) {
    hash.update([u8::from(part.is_some())]);
    let text = part.unwrap_or_default();
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text.as_bytes());
}

impl VerificationCode {
    /// The first 80 bits, five to a symbol.
    fn of_bits(bytes: &[u8]) -> VerificationCode {
        let bits = bytes.iter().take(10).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        VerificationCode(std::array::from_fn(|place| {
            let shift = 5 * (SYMBOLS - 1 - place);
            ALPHABET[(bits >> shift) as usize & 31]
        }))
    }
}

impl fmt::Display for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, symbol) in self.0.iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*symbol))?;
        }
        Ok(())
    }
}
impl fmt::Debug for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerificationCode({self})")
    }
}

impl FromStr for VerificationCode {
    type Err = NotAVerificationCode;

    /// Reads what a person types: any case, hyphens and spaces anywhere, O for 0, I or L for 1.
    fn from_str(text: &str) -> Result<VerificationCode, NotAVerificationCode> {
        let mut symbols = [0; SYMBOLS];
        let mut count = 0;
        for character in text.chars().filter(|c| *c != '-' && !c.is_whitespace()) {
            *symbols.get_mut(count).ok_or(NotAVerificationCode)? = symbol(character).ok_or(NotAVerificationCode)?;
            count += 1;
        }
        (count == SYMBOLS).then_some(VerificationCode(symbols)).ok_or(NotAVerificationCode)
    }
}

fn symbol(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().copied().find(|known| char::from(*known) == upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Date, Text};

    fn issue() -> Issue {
        let date = Date::new(2026, 5, 29).unwrap();
        let serial = Text::new("T-1").unwrap();
        Issue { date, serial, marking: Marking::Official, recipient: None, purpose: None }
    }

    fn text(raw: &str) -> Option<Text> {
        Some(Text::new(raw).unwrap())
    }

    /// By hand: these ten bytes are the five-bit numbers 0 to 15 in order.
    #[test]
    fn writes_five_bits_to_a_symbol() {
        let bits = [0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF];
        assert_eq!(VerificationCode::of_bits(&bits).to_string(), "0123-4567-89AB-CDEF");
        assert_eq!(VerificationCode::of_bits(&[255; 10]).to_string(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    }

    #[test]
    fn every_field_of_the_issue_counts() {
        let other_date = Issue { date: Date::new(2026, 5, 30).unwrap(), ..issue() };
        let other_serial = Issue { serial: Text::new("T-2").unwrap(), ..issue() };
        let unofficial = Issue { marking: Marking::Unofficial, ..issue() };
        let to_somebody = Issue { recipient: text("A"), ..issue() };
        let for_something = Issue { purpose: text("A"), ..issue() };
        let issues = [issue(), other_date, other_serial, unofficial, to_somebody, for_something];
        let mut codes: Vec<_> = issues.iter().map(|issue| verification_code("{}", issue)).collect();
        codes.push(verification_code("{ }", &issue()));
        codes.extend([0, 1].map(|award| certificate_code("{}", award, &issue())));
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 9, "two different issuings share a code");
        assert_eq!(verification_code("{}", &issue()), verification_code("{}", &issue()));
    }

    #[test]
    fn reads_what_people_type() {
        let code: VerificationCode = "0123-4567-89AB-CDEF".parse().unwrap();
        for typed in ["0123456789abcdef", "oL23 4567 89ab cdef", "-O-i-2345678 9AbCdEf"] {
            assert_eq!(typed.parse(), Ok(code), "{typed}");
        }
        for wrong in ["", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEFG", "U123-4567-89AB-CDEF", "é123-4567-89AB-CDEF"] {
            assert_eq!(wrong.parse::<VerificationCode>(), Err(NotAVerificationCode), "{wrong}");
        }
    }
}
