//! Awards conferred, and holds that keep a transcript back.

use super::date::Date;
use super::level::Level;
use super::student::Program;
use super::text::Text;

/// A degree, diploma or certificate [AcademicAward].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    pub title: Text,
    pub level: Option<Level>,
    /// The day it was conferred; absent when it is not conferred yet.
    pub conferred: Option<Date>,
    pub programs: Vec<Program>,
    /// Latin or departmental honours ("magna cum laude").
    pub honors: Vec<Text>,
    pub thesis_title: Option<Text>,
    pub notes: Vec<Text>,
}

/// A hold on the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The institution's short code ("BURSAR").
    pub code: Text,
    pub reason: Option<Text>,
    pub since: Option<Date>,
    /// Whether it keeps official transcripts back.
    pub blocks_transcript: bool,
}
