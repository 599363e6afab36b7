//! A rule that changed over the years: which version holds in a term.

use crate::domain::YearMonth;

/// The versions of one rule, each in force from a term on. The first holds from the beginning, so every
/// term has exactly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    first: T,
    /// In order of their terms, each of which differs.
    later: Vec<(YearMonth, T)>,
}

impl<T> Dated<T> {
    /// One version for all terms.
    pub fn always(rule: T) -> Dated<T> {
        Dated { first: rule, later: Vec::new() }
    }

    /// `None` when two versions begin in the same term. Any order is accepted.
    pub fn new(first: T, mut later: Vec<(YearMonth, T)>) -> Option<Dated<T>> {
        later.sort_by_key(|(from, _)| *from);
        let distinct = later.windows(2).all(|pair| pair[0].0 != pair[1].0);
        distinct.then_some(Dated { first, later })
    }

    /// The version in force in a term.
    pub fn at(&self, term: YearMonth) -> &T {
        self.later.iter().rev().find(|(from, _)| *from <= term).map_or(&self.first, |(_, rule)| rule)
    }

    /// The newest version.
    pub fn latest(&self) -> &T {
        self.later.last().map_or(&self.first, |(_, rule)| rule)
    }

    /// The same terms with something made of each version; `None` is the beginning.
    pub fn map_dated<U>(&self, mut make: impl FnMut(Option<YearMonth>, &T) -> U) -> Dated<U> {
        let first = make(None, &self.first);
        Dated { first, later: self.later.iter().map(|(from, rule)| (*from, make(Some(*from), rule))).collect() }
    }

    /// The same changes of another rule.
    pub fn map<U>(&self, rule: impl Fn(&T) -> U) -> Dated<U> {
        let later = self.later.iter().map(|(from, version)| (*from, rule(version))).collect();
        Dated { first: rule(&self.first), later }
    }

    /// Whether it ever changed.
    pub fn changes(&self) -> bool {
        !self.later.is_empty()
    }

    /// All versions, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.first).chain(self.later.iter().map(|(_, rule)| rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str) -> YearMonth {
        text.parse().expect(text)
    }

    #[test]
    fn a_version_holds_from_its_own_term_on() {
        let rule = Dated::new(1, vec![(term("2010-09"), 3), (term("2004-06"), 2)]).expect("distinct terms");
        let seen: Vec<i32> =
            ["1985-01", "2004-05", "2004-06", "2010-08", "2010-09", "2030-01"].map(|t| *rule.at(term(t))).into();
        assert_eq!(seen, [1, 1, 2, 2, 3, 3]);
        assert_eq!(*rule.latest(), 3);
        assert_eq!(rule.versions().copied().collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(*Dated::always(7).latest(), 7);
    }

    #[test]
    fn two_versions_cannot_begin_together() {
        assert!(Dated::new(1, vec![(term("2004-06"), 2), (term("2004-06"), 3)]).is_none());
    }
}
