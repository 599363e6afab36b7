//! The `name` table of an embedded font: whose it is. Readers take its other names from the PDF file.

use super::program::number;

pub const NAMES: [u8; 4] = *b"name";
/// Number of the name that is the copyright.
const COPYRIGHT: usize = 0;
const HEAD: usize = 6;
const RECORD: usize = 12;

/// The table with its shortest form of the copyright and nothing else; `None` if it is cut short.
pub fn alone(table: &[u8]) -> Option<Vec<u8>> {
    let strings = number(table, 4, 2)?;
    let mut kept: Option<(&[u8], &[u8])> = None;
    for index in 0..number(table, 2, 2)? {
        let record = table.get(HEAD + index * RECORD..HEAD + (index + 1) * RECORD)?;
        let (size, offset) = (number(record, 8, 2)?, strings + number(record, 10, 2)?);
        let string = table.get(offset..offset + size)?;
        if number(record, 6, 2)? == COPYRIGHT && kept.is_none_or(|(_, other)| string.len() < other.len()) {
            kept = Some((record, string));
        }
    }
    let mut alone = vec![0, 0, 0, u8::from(kept.is_some()), 0, HEAD as u8];
    if let Some((record, string)) = kept {
        alone[5] += RECORD as u8;
        alone.extend_from_slice(&record[..10]);
        alone.extend_from_slice(&[0, 0]);
        alone.extend_from_slice(string);
    }
    Some(alone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Face;

    #[test]
    fn the_copyright_of_every_face_stays() {
        for face in Face::ALL {
            let raw = ttf_parser::RawFace::parse(face.file(), 0).unwrap();
            let whole = raw.table(ttf_parser::Tag::from_bytes(&NAMES)).unwrap();
            let alone = alone(whole).unwrap();
            assert!(alone.len() < whole.len() / 2);
            let names = ttf_parser::name::Table::parse(&alone).unwrap().names;
            assert_eq!(names.len(), 1);
            let name = names.get(0).unwrap();
            assert_eq!(name.name_id, ttf_parser::name_id::COPYRIGHT_NOTICE);
            assert!(String::from_utf8_lossy(name.name).replace('\0', "").contains("Adobe"));
        }
        assert_eq!(alone(&[0, 0, 0, 1, 0, 6]), None);
    }
}
