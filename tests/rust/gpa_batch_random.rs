//! Tables of random attempts in every encoding, and their totals recomputed with the domain's own numbers.

use arrow_array::types::{Decimal128Type, Int8Type, Int16Type, Int32Type, UInt32Type};
use arrow_array::*;
use registrary::domain::{Credits, Decimal, GradePoints, QualityPoints, Ratio};
use registrary::gpa::{Policy, Rounding};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Grade, points, attempted, earned.
pub const SCALE: [(&str, Option<&str>, bool, bool); 9] = [
    ("A+", Some("4.0"), true, true),
    ("A", Some("4.0"), true, true),
    ("A-", Some("3.667"), true, true),
    ("B", Some("3"), true, true),
    ("D-", Some("0.7"), true, true),
    ("F", Some("0"), true, false),
    ("W", None, true, false),
    ("Merit pass", None, true, true),
    ("AU", None, false, false),
];

pub fn policy(rounding: &str) -> Policy {
    let entry = |(grade, points, attempted, earned): (&str, Option<&str>, bool, bool)| match points {
        Some(points) => format!("\"{grade}\" = \"{points}\"\n"),
        None => format!("\"{grade}\" = {{ attempted = {attempted}, earned = {earned} }}\n"),
    };
    let scale: String = SCALE.into_iter().map(entry).collect();
    Policy::from_toml(&format!("rounding = {rounding}\n[scale]\n{scale}")).expect("a policy")
}

/// One attempt; keys as texts and numbers alike.
#[derive(Clone, Debug)]
pub struct Row {
    pub student: u64,
    pub term: i32,
    pub grade: usize,
    /// Thousandths.
    pub credits: u32,
    pub excluded: bool,
}

pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Students of one to seventy-nine attempts, five a term, in order or not.
pub fn rows(count: usize, students: u64, whole: bool, shuffled: bool, random: &mut Random) -> Vec<Row> {
    let credits = [3000, 4000, 1500, 500, 2667, 333, 0, 9_999_999];
    let mut rows = Vec::with_capacity(count);
    while rows.len() < count {
        let (student, first) = (random.below(students), 2004 + random.below(18) as i32);
        for attempt in 0..(1 + random.below(79) as i32).min((count - rows.len()) as i32) {
            let credits = credits[random.below(8) as usize];
            rows.push(Row {
                student,
                term: (first + attempt / 15) * 100 + (attempt / 5 % 3 + 1) * 10,
                grade: random.below(9) as usize,
                credits: if whole { credits / 1000 * 1000 } else { credits },
                excluded: random.below(50) == 0,
            });
        }
    }
    if shuffled {
        for at in (1..rows.len()).rev() {
            rows.swap(at, random.below(at as u64 + 1) as usize);
        }
    } else {
        rows.sort_by_key(|row| (row.student, row.term));
    }
    rows
}

/// How a student's number is written. The order of the written ids is that of the texts or numbers written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    Small,
    Wide,
    Hash,
    Short,
    Text,
    Long,
    View,
    Coded,
    CodedNumbers,
}

pub const IDS: [Ids; 9] =
    [Ids::Small, Ids::Wide, Ids::Hash, Ids::Short, Ids::Text, Ids::Long, Ids::View, Ids::Coded, Ids::CodedNumbers];

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    Number(i64),
    Text(String),
}

pub fn id(ids: Ids, student: u64) -> Id {
    match ids {
        Ids::Small => Id::Number(student as i64 - 20),
        Ids::Wide | Ids::CodedNumbers => Id::Number(900_000_000 + student as i64),
        Ids::Hash => Id::Number(Random(student).next() as i64),
        Ids::Short => Id::Text(format!("{student}")),
        Ids::Text | Ids::Coded => Id::Text(format!("U{student:08}")),
        Ids::Long => Id::Text(format!("{:032x}-é", Random(student).next())),
        // Of up to fifteen bytes, some of which are zero, and empty.
        Ids::View => Id::Text(if student == 0 {
            String::new()
        } else {
            "\0a".repeat(student as usize % 7) + &student.to_string()
        }),
    }
}

pub fn student_column(ids: Ids, rows: &[Row]) -> ArrayRef {
    let number = |row: &Row| match id(ids, row.student) {
        Id::Number(number) => number,
        Id::Text(_) => unreachable!("numbers are asked for"),
    };
    let text = |row: &Row| match id(ids, row.student) {
        Id::Text(text) => text,
        Id::Number(_) => unreachable!("texts are asked for"),
    };
    match ids {
        Ids::Small => Arc::new(Int16Array::from_iter_values(rows.iter().map(|row| number(row) as i16))),
        Ids::Wide => Arc::new(UInt32Array::from_iter_values(rows.iter().map(|row| number(row) as u32))),
        Ids::Hash => Arc::new(Int64Array::from_iter_values(rows.iter().map(number))),
        Ids::Short | Ids::Text => Arc::new(StringArray::from_iter_values(rows.iter().map(text))),
        Ids::Long => Arc::new(LargeStringArray::from_iter_values(rows.iter().map(text))),
        Ids::View => Arc::new(StringViewArray::from_iter_values(rows.iter().map(text))),
        Ids::Coded => Arc::new(
            rows.iter()
                .map(text)
                .map(Some)
                .collect::<Vec<_>>()
                .iter()
                .map(Option::as_deref)
                .collect::<DictionaryArray<Int32Type>>(),
        ),
        Ids::CodedNumbers => {
            let mut values: Vec<i64> = rows.iter().map(number).collect();
            values.sort_unstable_by(|a, b| b.cmp(a));
            values.dedup();
            let code = |row: &Row| values.iter().position(|value| *value == number(row)).expect("listed") as u32;
            let codes = UInt32Array::from_iter_values(rows.iter().map(code));
            Arc::new(
                DictionaryArray::<UInt32Type>::try_new(codes, Arc::new(Int64Array::from(values.clone())))
                    .expect("codes"),
            )
        }
    }
}

pub fn grade_column(form: usize, rows: &[Row]) -> ArrayRef {
    let texts = rows.iter().map(|row| SCALE[row.grade].0);
    match form {
        0 => Arc::new(texts.collect::<DictionaryArray<Int8Type>>()),
        1 => Arc::new(texts.collect::<DictionaryArray<UInt32Type>>()),
        2 => Arc::new(texts.collect::<DictionaryArray<Int16Type>>()),
        3 => Arc::new(StringArray::from_iter_values(texts)),
        4 => Arc::new(LargeStringArray::from_iter_values(texts)),
        _ => Arc::new(StringViewArray::from_iter_values(texts)),
    }
}

pub fn credit_column(form: usize, rows: &[Row]) -> ArrayRef {
    let credits = rows.iter().map(|row| row.credits);
    let decimal = |unit: i128, scale: i8| -> ArrayRef {
        let values = rows.iter().map(|row| i128::from(row.credits) * unit / 1000);
        let array = PrimitiveArray::<Decimal128Type>::from_iter_values(values);
        Arc::new(array.with_precision_and_scale(20, scale).expect("fits"))
    };
    match form {
        0 => Arc::new(Float64Array::from_iter_values(credits.map(|milli| f64::from(milli) / 1000.0))),
        1 => decimal(1000, 3),
        2 => decimal(100_000, 5),
        3 => Arc::new(Int64Array::from_iter_values(credits.map(|milli| i64::from(milli / 1000)))),
        4 => Arc::new(UInt16Array::from_iter_values(credits.map(|milli| (milli / 1000) as u16))),
        _ => decimal(1, 0),
    }
}

/// The places in the table of thousandths.
pub const WHOLE_CREDITS: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    pub attempted: i128,
    pub earned: i128,
    pub hours: i128,
    pub pico: i128,
}

impl Expected {
    pub fn printed(&self, rounding: Rounding) -> Option<i128> {
        let ratio = Ratio::new(self.pico, self.hours * 1_000_000_000)?;
        let unit = 10i128.pow(6 - u32::from(rounding.places()));
        rounding.apply(ratio).map(|printed| i128::from(printed.micro()) / unit)
    }
}

/// By the domain's own credits and points, one row after the other.
pub fn expected(rows: &[Row], ids: Ids, by_term: bool) -> BTreeMap<(Id, i32), Expected> {
    let mut groups: BTreeMap<(Id, i32), Expected> = BTreeMap::new();
    for row in rows {
        let key = (id(ids, row.student), if by_term { row.term } else { 0 });
        let sums = groups.entry(key).or_default();
        let (_, points, attempted, earned) = SCALE[row.grade];
        let credits = Credits::new(Decimal::from_micro(i64::from(row.credits) * 1000, 3).expect("fits")).expect("fits");
        let milli = i128::from(credits.decimal().micro()) / 1000;
        sums.attempted += if attempted { milli } else { 0 };
        if !row.excluded {
            sums.earned += if earned { milli } else { 0 };
            if let Some(points) = points {
                let points = GradePoints::new(points.parse().expect("a decimal")).expect("fits");
                sums.hours += milli;
                sums.pico += QualityPoints::of(credits, points).pico();
            }
        }
    }
    groups
}
