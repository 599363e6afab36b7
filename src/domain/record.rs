//! A student's whole record: facts as recorded, nothing judged.

use super::award::{Award, Hold};
use super::institution::Institution;
use super::student::{Program, Student};
use super::summary::StatedSummary;
use super::term::{Balance, Term, TransferBlock};
use super::text::Text;

/// Whose totals the page carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotalsAuthority {
    /// The institution's policy computes them.
    Policy,
    /// The document states them (a PESC transcript of another institution): shown, never recomputed.
    Stated,
}

/// The facts a transcript is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudentRecord {
    pub student: Student,
    /// The issuing institution when the record itself names it; else the service's settings do.
    pub institution: Option<Institution>,
    pub programs: Vec<Program>,
    /// In order of level, then designator, then as recorded.
    pub terms: Vec<Term>,
    pub transfers: Vec<TransferBlock>,
    pub balances: Vec<Balance>,
    pub awards: Vec<Award>,
    pub holds: Vec<Hold>,
    pub notes: Vec<Text>,
    pub totals: TotalsAuthority,
    /// Totals the sender states for the whole record.
    pub stated: Vec<StatedSummary>,
    /// Invented data: every page says SAMPLE.
    pub sample: bool,
    /// Terms are left out ([`super::Partial`]): every page says PARTIAL, and no total is of more than is shown.
    pub partial: bool,
}
