//! What a run makes: one document of one student, as an order asks for it or as everyone gets it; and shards of many.

use crate::domain::{Error, Partial, StudentId, Text};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// Which document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Transcript,
    /// The certificate of a degree.
    Degree,
    /// The page that certifies enrolment.
    Enrollment,
}

impl Kind {
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Transcript => "transcript",
            Kind::Degree => "degree",
            Kind::Enrollment => "enrollment",
        }
    }

    pub fn from_word(word: &str) -> Option<Kind> {
        [Kind::Transcript, Kind::Degree, Kind::Enrollment].into_iter().find(|kind| kind.word() == word)
    }
}

/// What somebody ordered, beyond what the run says for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Unique in the run.
    pub id: Arc<str>,
    pub kind: Kind,
    pub recipient: Option<Text>,
    pub purpose: Option<Text>,
    pub partial: Option<Partial>,
}

/// One document of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub student: StudentId,
    pub order: Option<Arc<Order>>,
}

impl Entry {
    /// What the run knows it by: the order's id, else the student's.
    pub fn key(&self) -> &str {
        self.order.as_ref().map_or(self.student.as_str(), |order| &order.id)
    }

    pub fn kind(&self) -> Kind {
        self.order.as_ref().map_or(Kind::Transcript, |order| order.kind)
    }
}

/// One share of a run that several processes make together: every student is in exactly one, whatever the others
/// are and in whatever order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    of: u64,
}

impl Shard {
    /// Number 1 to `of`.
    pub fn new(number: u64, of: u64) -> Result<Shard, Error> {
        if (1..=10_000).contains(&of) && (1..=of).contains(&number) {
            return Ok(Shard { number, of });
        }
        Err(Error::configuration("a shard is i of n, with n up to 10,000 and i from 1 to n"))
    }

    /// Whether this student's documents are made here.
    pub fn holds(self, student: &StudentId) -> bool {
        let digest = Sha256::digest(student.as_str());
        let number = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        number % self.of == self.number - 1
    }

    pub fn words(self) -> String {
        format!("{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_student_is_in_one_shard() {
        let shards: Vec<_> = (1..=7).map(|number| Shard::new(number, 7).unwrap()).collect();
        let mut sizes = [0; 7];
        for id in (1..2000).map(|id: u32| StudentId::new(&id.to_string()).unwrap()) {
            let holding: Vec<_> = (0..7).filter(|at| shards[*at].holds(&id)).collect();
            assert_eq!(holding.len(), 1);
            sizes[holding[0]] += 1;
        }
        assert!(sizes.iter().all(|size| (200..400).contains(size)), "{sizes:?}");
    }

    #[test]
    fn a_split_never_changes() {
        // Shards of one run may be made by different versions.
        let third = Shard::new(3, 4).unwrap();
        let held: Vec<_> = (101..125u32).filter(|id| third.holds(&StudentId::new(&id.to_string()).unwrap())).collect();
        assert_eq!(held, [101, 107, 108, 110, 111, 113, 115, 117, 124]);
        assert!(Shard::new(0, 4).is_err() && Shard::new(5, 4).is_err() && Shard::new(1, 0).is_err());
    }
}
