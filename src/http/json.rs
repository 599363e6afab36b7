//! Bounds of JSON before it is parsed: depth and number of values, by one pass over its bytes.

/// How deep an answer may be nested, and how many values it may hold.
const DEEPEST: usize = 64;
const MOST_VALUES: usize = 1_000_000;

/// Whether the JSON keeps the bounds, in words that hold nothing of it; and whether all that it opens it closes.
/// Says nothing about its syntax.
pub fn check_json(bytes: &[u8]) -> Result<Whole, &'static str> {
    let (mut depth, mut values) = (0_usize, 1_usize);
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'"' => {
                if !pass_string(&mut rest) {
                    return Ok(Whole(false));
                }
            }
            b'[' | b'{' => {
                depth += 1;
                values += 1;
                if depth > DEEPEST {
                    return Err("the answer is nested deeper than 64 levels");
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if values > MOST_VALUES {
            return Err("the answer holds more than a million values");
        }
    }
    Ok(Whole(depth == 0 && !bytes.is_empty()))
}

/// Whether everything opened was closed: an answer that broke off was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole(pub bool);

/// Goes to behind the closing quotation mark; false where there is none.
fn pass_string<'a>(rest: &mut impl Iterator<Item = &'a u8>) -> bool {
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => {
                rest.next();
            }
            b'"' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_and_number_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check_json(nested(64).as_bytes()), Ok(Whole(true)));
        assert!(check_json(nested(65).as_bytes()).unwrap_err().contains("64 levels"));
        let many = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
        assert_eq!(check_json(many(900_000).as_bytes()), Ok(Whole(true)));
        assert!(check_json(many(1_000_001).as_bytes()).unwrap_err().contains("a million"));
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        let text = format!(r#"{{"a\"[": "{}\\"}}"#, "[{".repeat(100));
        assert_eq!(check_json(text.as_bytes()), Ok(Whole(true)));
    }

    #[test]
    fn every_true_beginning_of_an_object_is_not_whole() {
        let text = br#"{"a": ["b\"", {"c": "]}"}], "d": "\\"}"#;
        assert_eq!(check_json(text), Ok(Whole(true)));
        for end in 0..text.len() {
            assert_eq!(check_json(&text[..end]), Ok(Whole(false)), "{end}");
        }
    }
}
