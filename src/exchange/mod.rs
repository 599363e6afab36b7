//! The same record in standards: JSON, and PESC College Transcript XML.
