//! What reading one file may cost, in bytes held or looked at: a small file can ask for any amount of either.

use std::cell::Cell;

pub struct Budget(Cell<usize>);

impl Budget {
    pub fn of(bytes: usize) -> Budget {
        Budget(Cell::new(bytes))
    }

    /// Takes the cost off; `None` where the rest does not cover it, and from then on.
    pub fn spend(&self, cost: usize) -> Option<()> {
        let rest = self.0.get().checked_sub(cost);
        self.0.set(rest.unwrap_or(0));
        rest.map(|_| ())
    }

    pub fn rest(&self) -> usize {
        self.0.get()
    }
}
