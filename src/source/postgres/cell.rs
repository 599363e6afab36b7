//! PostgreSQL's binary values as cells.

use crate::domain::{Decimal, NotADecimal};
use crate::source::rows::{Cell, Layout, Row, date_of_days};
use std::error::Error;
use tokio_postgres::types::{FromSql, Kind, Type};

/// A row of an answer, its columns in the order of the entity.
pub struct ServerRow<'r> {
    row: &'r tokio_postgres::Row,
    layout: &'r Layout,
}

impl<'r> ServerRow<'r> {
    pub fn new(row: &'r tokio_postgres::Row, layout: &'r Layout) -> ServerRow<'r> {
        ServerRow { row, layout }
    }

    /// Whose row it is.
    pub fn student(&self) -> Cell<'r> {
        at(self.row, self.layout.student)
    }
}

impl Row for ServerRow<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        self.layout.place(column).map_or(Cell::Null, |place| at(self.row, place))
    }

    fn column(&self, column: usize) -> Option<&str> {
        let place = self.layout.place(column)?;
        self.row.columns().get(place).map(|column| column.name())
    }
}

pub(super) fn at(row: &tokio_postgres::Row, place: usize) -> Cell<'_> {
    row.try_get::<_, Value<'_>>(place).map_or(Cell::Other("cannot be read"), |value| value.0)
}

struct Value<'r>(Cell<'r>);

impl<'r> FromSql<'r> for Value<'r> {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Value<'r>, Box<dyn Error + Sync + Send>> {
        Ok(Value(cell(kind, raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Value<'r>, Box<dyn Error + Sync + Send>> {
        Ok(Value(Cell::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn cell<'r>(kind: &Type, raw: &'r [u8]) -> Cell<'r> {
    match *kind {
        Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => text(raw),
        // Blanks at the end of char(n) mean nothing, as PostgreSQL says.
        Type::BPCHAR => match text(raw) {
            Cell::Text(padded) => Cell::Text(padded.trim_end_matches(' ')),
            other => other,
        },
        Type::INT2 => integer(raw.try_into().map(i16::from_be_bytes)),
        Type::INT4 => integer(raw.try_into().map(i32::from_be_bytes)),
        Type::INT8 => integer(raw.try_into().map(i64::from_be_bytes)),
        Type::NUMERIC => Cell::Decimal(numeric(raw)),
        Type::DATE => date(raw),
        Type::BOOL => Cell::Flag(raw != [0]),
        Type::FLOAT4 | Type::FLOAT8 => Cell::Float,
        Type::BYTEA => Cell::Binary,
        _ => match kind.kind() {
            Kind::Enum(_) => text(raw),
            Kind::Domain(inner) => cell(inner, raw),
            _ if kind.name() == "citext" => text(raw),
            _ => Cell::Other("is of a type that no column of a record has"),
        },
    }
}

fn text(raw: &[u8]) -> Cell<'_> {
    std::str::from_utf8(raw).map_or(Cell::NotUtf8, Cell::Text)
}

fn integer<T: Into<i64>, E>(number: Result<T, E>) -> Cell<'static> {
    number.map_or(Cell::Other("cannot be read"), |number| Cell::Integer(number.into()))
}

/// Days since 2000-01-01; the largest and the smallest number are the infinities.
fn date(raw: &[u8]) -> Cell<'_> {
    let days = raw.try_into().map(i32::from_be_bytes).ok();
    let date = days.and_then(|days| date_of_days(i64::from(days) + 10_957));
    date.map_or(Cell::Other("is a date outside the years 1 to 9999"), Cell::Date)
}

/// Four numbers of 16 bits (digits, weight, sign, places written), then the digits to the base 10,000.
fn numeric(raw: &[u8]) -> Result<Decimal, NotADecimal> {
    let mut numbers = raw.chunks_exact(2).map(|two| i16::from_be_bytes([two[0], two[1]]));
    let mut next = || numbers.next().ok_or(NotADecimal::Malformed);
    let (count, weight, sign, places) = (next()?, next()?, next()?, next()?);
    let negative = match sign as u16 {
        0 => false,
        0x4000 => true,
        // Not a number, or infinite.
        _ => return Err(NotADecimal::Malformed),
    };
    let mut micro = 0i64;
    for position in 0..count {
        let digit = i64::from(next()?);
        // The digit stands for itself times ten to the power of this, in millionths.
        let power = 4 * (i32::from(weight) - i32::from(position)) + 6;
        micro += match power {
            // Beyond nine digits before the point.
            18.. if digit > 0 => return Err(NotADecimal::TooLarge),
            0..18 => digit.checked_mul(10i64.pow(power as u32)).ok_or(NotADecimal::TooLarge)?,
            -2 if digit % 100 == 0 => digit / 100,
            _ if digit == 0 => 0,
            _ => return Err(NotADecimal::TooManyPlaces),
        };
    }
    let places = u8::try_from(places.clamp(0, 6)).unwrap_or_default();
    Decimal::from_micro(if negative { -micro } else { micro }, places).ok_or(NotADecimal::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As PostgreSQL sends it, by its own description: groups of four digits around the point.
    fn sent(text: &str) -> Vec<u8> {
        let (sign, digits) = text.strip_prefix('-').map_or((0u16, text), |rest| (0x4000, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let places = fraction.len() as u16;
        let whole = format!("{}{whole}", "0".repeat((4 - whole.len() % 4) % 4));
        let fraction = format!("{fraction}{}", "0".repeat((4 - fraction.len() % 4) % 4));
        let mut weight = (whole.len() / 4) as i16 - 1;
        let all = format!("{whole}{fraction}");
        let mut groups: Vec<u16> = (0..all.len() / 4).map(|i| all[4 * i..4 * i + 4].parse().unwrap()).collect();
        while groups.first() == Some(&0) {
            groups.remove(0);
            weight -= 1;
        }
        while groups.last() == Some(&0) {
            groups.pop();
        }
        let head = [groups.len() as u16, weight as u16, sign, places];
        head.into_iter().chain(groups).flat_map(u16::to_be_bytes).collect()
    }

    proptest! {
        #[test]
        fn numerics_read_as_their_text_does(text in "-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,9})?") {
            let (number, written) = (numeric(&sent(&text)), text.parse::<Decimal>());
            prop_assert_eq!(number.is_ok(), written.is_ok(), "{:?} {:?}", number, written);
            if let (Ok(number), Ok(written)) = (number, written) {
                prop_assert_eq!(number.to_string(), written.to_string());
            }
        }

        #[test]
        fn nothing_sent_can_panic(raw in prop::collection::vec(any::<u8>(), 0..40)) {
            for kind in [Type::NUMERIC, Type::DATE, Type::INT4, Type::BOOL, Type::TEXT, Type::BPCHAR, Type::POINT] {
                let _ = cell(&kind, &raw);
            }
        }
    }

    #[test]
    fn no_number_is_no_decimal() {
        for sign in [0xC000u16, 0xD000, 0xF000] {
            let raw: Vec<u8> = [0, 0, sign, 0].into_iter().flat_map(u16::to_be_bytes).collect();
            assert_eq!(numeric(&raw), Err(NotADecimal::Malformed));
        }
    }
}
