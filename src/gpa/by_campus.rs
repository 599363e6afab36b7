//! A rule that may differ from campus to campus, each by term.

use super::dated::Dated;
use crate::domain::{Text, YearMonth};

/// Each campus with the rules of its own; `None` is the beginning.
pub type OwnRules<T> = Vec<(Text, Vec<(Option<YearMonth>, T)>)>;

/// The rule of everywhere, and of campuses that have their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByCampus<T> {
    general: Dated<T>,
    own: OwnRules<T>,
}

impl<T> ByCampus<T> {
    /// One rule for all campuses and terms.
    pub fn everywhere(general: Dated<T>) -> ByCampus<T> {
        ByCampus { general, own: Vec::new() }
    }

    /// `own` lists each campus once; its rules begin in different terms.
    pub fn new(general: Dated<T>, mut own: OwnRules<T>) -> ByCampus<T> {
        own.iter_mut().for_each(|(_, rules)| rules.sort_by_key(|(from, _)| *from));
        ByCampus { general, own }
    }

    /// The versions of everywhere, oldest first.
    pub fn general_versions(&self) -> impl Iterator<Item = &T> {
        self.general.versions()
    }

    /// Whether it ever changed, where no campus has its own.
    pub fn changes(&self) -> bool {
        self.general.changes()
    }

    /// The rule in force in a term, the newest without one. Before its own first rule, and without a campus, the
    /// general one holds.
    pub fn at(&self, term: Option<YearMonth>, campus: Option<&Text>) -> &T {
        let own = self.own.iter().find(|(known, _)| Some(known) == campus).map(|(_, rules)| rules.as_slice());
        let begun = |from: &Option<YearMonth>| term.is_none_or(|term| from.is_none_or(|from| from <= term));
        let own = own.unwrap_or_default().iter().rev().find(|(from, _)| begun(from)).map(|(_, rule)| rule);
        own.unwrap_or_else(|| term.map_or(self.general.latest(), |term| self.general.at(term)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campus_has_its_own_rule_from_its_own_term_on() {
        let term = |text: &str| text.parse::<YearMonth>().ok();
        let campus = |text: &str| Text::new(text).expect(text);
        let general = Dated::new(1, vec![(term("2004-06").expect("a term"), 2)]).expect("distinct terms");
        let own = vec![
            (campus("Dubai"), vec![(term("2010-09"), 4), (None, 3)]),
            (campus("Kosovo"), vec![(term("2010-09"), 5)]),
        ];
        let rules = ByCampus::new(general, own);
        let seen = |raw: &str, at: &str| *rules.at(term(at), Some(&campus(raw)));
        assert_eq!([seen("Dubai", "1990-01"), seen("Dubai", "2010-09"), seen("Dubai", "2020-01")], [3, 4, 4]);
        assert_eq!([seen("Kosovo", "1990-01"), seen("Kosovo", "2010-08"), seen("Kosovo", "2010-09")], [1, 2, 5]);
        assert_eq!([seen("Main", "1990-01"), seen("Main", "2020-01")], [1, 2]);
        assert_eq!((*rules.at(None, None), *rules.at(None, Some(&campus("Dubai")))), (2, 4));
    }
}
