//! What the grades of a scale do to the four totals: a row of weights for each class of grades that count alike.

use crate::domain::Grade;
use crate::gpa::policy::InForce;
use crate::gpa::scale::{GradeEntry, GradeScale};

/// What one credit adds to each total; the last in units of the points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weights {
    pub attempted: u32,
    pub earned: u32,
    pub gpa_hours: u32,
    pub points: u32,
}

impl Weights {
    /// Of an attempt marked as left out: it is attempted alone.
    pub fn left_out(self) -> Weights {
        Weights { attempted: self.attempted, ..Weights::default() }
    }
}

/// Places of grade points where no grade of the scale needs more.
pub(super) const FEW_PLACES: u8 = 3;
const ALL_PLACES: u8 = 6;
/// As many as a packed attempt can name.
const MOST_CLASSES: usize = 128;

/// The grades of a scale, in classes.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    weights: Vec<Weights>,
    /// Grades as the scale spells them, in order, with their classes.
    by_grade: Vec<(Grade, usize)>,
    /// Decimal places of `Weights::points`.
    pub point_places: u8,
}

impl Classes {
    pub fn of(rules: &InForce) -> Classes {
        Classes::of_scale(rules.scale)
    }

    pub fn of_scale(scale: &GradeScale) -> Classes {
        let micro = |entry: &GradeEntry| entry.points.map_or(0, |points| points.decimal().micro());
        let few = scale.entries().iter().all(|entry| micro(entry) % 1000 == 0);
        let (point_places, unit) = if few { (FEW_PLACES, 1000) } else { (ALL_PLACES, 1) };
        let mut weights: Vec<Weights> = Vec::new();
        let mut by_grade = Vec::new();
        for entry in scale.entries() {
            let points = u32::try_from(micro(entry) / unit).unwrap_or_default();
            let weight = Weights {
                attempted: entry.attempted.into(),
                earned: entry.earned.into(),
                gpa_hours: entry.in_gpa.into(),
                points,
            };
            let class = weights.iter().position(|known| *known == weight).unwrap_or(weights.len());
            if class == weights.len() {
                weights.push(weight);
            }
            by_grade.push((entry.grade.clone(), class));
        }
        by_grade.sort();
        Classes { weights, by_grade, point_places }
    }

    /// The same, numbered as a dictionary numbers its grades, so that its codes need no translation. As they are where
    /// it has a grade that is not on the scale.
    pub fn numbered_as<'g>(self, dictionary: impl Iterator<Item = Option<&'g [u8]>>) -> Classes {
        let places: Option<Vec<usize>> = dictionary.map(|raw| self.place(raw?)).collect();
        let Some(places) = places.filter(|places| places.len() <= MOST_CLASSES) else { return self };
        let weights_of = |place: usize| {
            let class = self.by_grade.get(place).map_or(0, |(_, class)| *class);
            self.weights.get(class).copied().unwrap_or_default()
        };
        let mut weights: Vec<Weights> = places.iter().map(|place| weights_of(*place)).collect();
        let mut by_grade = self.by_grade.clone();
        for (place, (_, class)) in by_grade.iter_mut().enumerate() {
            let own = weights_of(place);
            // Grades that the dictionary lacks are in classes behind it.
            let code = places.iter().position(|at| *at == place);
            let behind =
                || weights.iter().skip(places.len()).position(|other| *other == own).map(|at| at + places.len());
            *class = code.or_else(behind).unwrap_or(weights.len());
            if *class == weights.len() {
                weights.push(own);
            }
        }
        if weights.len() > MOST_CLASSES {
            return self;
        }
        Classes { weights, by_grade, point_places: self.point_places }
    }

    /// The class of a grade as a table spells it: outer and double spaces do not matter.
    pub fn class(&self, raw: &[u8]) -> Option<usize> {
        self.by_grade.get(self.place(raw)?).map(|(_, class)| *class)
    }

    fn place(&self, raw: &[u8]) -> Option<usize> {
        let raw = std::str::from_utf8(raw).ok()?;
        let exact = self.by_grade.binary_search_by(|(grade, _)| grade.as_str().cmp(raw));
        let found = exact.or_else(|place| {
            let grade = Grade::new(raw).map_err(|_| place)?;
            self.by_grade.binary_search_by(|(known, _)| known.cmp(&grade))
        });
        found.ok()
    }

    /// Every grade as the scale spells it, with its class.
    pub fn spellings(&self) -> impl Iterator<Item = (&str, usize)> {
        self.by_grade.iter().map(|(grade, class)| (grade.as_str(), *class))
    }

    pub fn weights(&self) -> &[Weights] {
        &self.weights
    }
}
