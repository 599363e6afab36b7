//! MySQL's values as cells.

use crate::domain::{Date, NotADecimal};
use crate::source::rows::{Cell, Layout, Row};
use mysql_async::Value;
use mysql_async::consts::ColumnType;

/// The character set of columns that hold bytes, not text.
const BINARY: u16 = 63;

/// A row of an answer, its columns in the order of the entity.
pub struct ServerRow<'r> {
    row: &'r mysql_async::Row,
    layout: &'r Layout,
}

impl<'r> ServerRow<'r> {
    pub fn new(row: &'r mysql_async::Row, layout: &'r Layout) -> ServerRow<'r> {
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
}

pub(super) fn at(row: &mysql_async::Row, place: usize) -> Cell<'_> {
    let column = row.columns_ref().get(place);
    match row.as_ref(place).zip(column) {
        Some((value, column)) => cell(value, column.column_type(), column.character_set()),
        None => Cell::Other("cannot be read"),
    }
}

fn cell(value: &Value, kind: ColumnType, character_set: u16) -> Cell<'_> {
    match value {
        Value::NULL => Cell::Null,
        Value::Int(number) => Cell::Integer(*number),
        Value::UInt(number) => i64::try_from(*number).map_or(Cell::Other("is too large an integer"), Cell::Integer),
        Value::Float(_) | Value::Double(_) => Cell::Float,
        Value::Date(year, month, day, ..) if kind == ColumnType::MYSQL_TYPE_DATE => {
            Date::new(*year, *month, *day).map_or(Cell::Other("is no day of the calendar"), Cell::Date)
        }
        Value::Date(..) => Cell::Other("is a time of day"),
        Value::Time(..) => Cell::Other("is a time"),
        Value::Bytes(bytes) => text(bytes, kind, character_set),
    }
}

fn text(bytes: &[u8], kind: ColumnType, character_set: u16) -> Cell<'_> {
    match kind {
        ColumnType::MYSQL_TYPE_DECIMAL | ColumnType::MYSQL_TYPE_NEWDECIMAL => {
            let text = std::str::from_utf8(bytes).map_err(|_| NotADecimal::Malformed);
            Cell::Decimal(text.and_then(str::parse))
        }
        ColumnType::MYSQL_TYPE_BIT => match bytes {
            [0] => Cell::Flag(false),
            [1] => Cell::Flag(true),
            _ => Cell::Binary,
        },
        _ if character_set == BINARY => Cell::Binary,
        _ => std::str::from_utf8(bytes).map_or(Cell::NotUtf8, Cell::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_from_the_others() {
        let utf8 = 255;
        let read = |value: &Value, kind| format!("{:?}", cell(value, kind, utf8));
        let bytes = |text: &str| Value::Bytes(text.as_bytes().to_vec());
        assert_eq!(cell(&bytes("A"), ColumnType::MYSQL_TYPE_VAR_STRING, utf8), Cell::Text("A"));
        assert_eq!(cell(&bytes("A"), ColumnType::MYSQL_TYPE_VAR_STRING, BINARY), Cell::Binary);
        let written = bytes("3.00");
        let decimal = cell(&written, ColumnType::MYSQL_TYPE_NEWDECIMAL, BINARY);
        assert!(matches!(decimal, Cell::Decimal(Ok(number)) if number.to_string() == "3.00"), "{decimal:?}");
        let day = Value::Date(2024, 2, 29, 0, 0, 0, 0);
        assert!(
            matches!(cell(&day, ColumnType::MYSQL_TYPE_DATE, utf8), Cell::Date(date) if date.to_string() == "2024-02-29")
        );
        assert!(read(&day, ColumnType::MYSQL_TYPE_DATETIME).contains("time of day"));
        // MySQL stores days that are none.
        let zero = Value::Date(0, 0, 0, 0, 0, 0, 0);
        assert!(read(&zero, ColumnType::MYSQL_TYPE_DATE).contains("no day"));
        assert_eq!(cell(&Value::Double(3.0), ColumnType::MYSQL_TYPE_DOUBLE, utf8), Cell::Float);
        assert_eq!(cell(&Value::Bytes(vec![1]), ColumnType::MYSQL_TYPE_BIT, BINARY), Cell::Flag(true));
        assert_eq!(cell(&Value::Bytes(vec![0xff]), ColumnType::MYSQL_TYPE_STRING, utf8), Cell::NotUtf8);
    }
}
