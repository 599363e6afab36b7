//! The border: values converted, errors mapped. PyO3 is named here alone, and no logic.
