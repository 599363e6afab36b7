//! The conductor: one runtime, one pool, limits, cancellation. No business rules.

mod degree;
mod desk;
mod drawing;
mod driver;
mod enrollment;
mod examine;
mod extract;
mod histogram;
pub mod limits;
mod lookup;
pub mod panics;
pub mod pool;
mod produce;
mod registrar;
mod request;
mod settings;
pub mod slot;
pub mod stats;
mod stream;
mod timings;

pub use degree::DegreeVerification;
pub use enrollment::EnrollmentVerification;
pub use extract::extract_record;
pub use histogram::Latency;
pub use limits::{Limits, Retry};
pub use pool::{CancelFlag, CpuPool};
pub use produce::{Transcript, produce, produce_watched};
pub use registrar::Registrar;
pub use request::Request;
pub use settings::Settings;
pub use slot::Slot;
pub use stats::{Stats, stats};
pub use stream::{Outcome, TranscriptStream};
pub use timings::Timings;

/// What crosses threads, and so must be able to: checked when this file is compiled.
const _: fn() = || {
    fn crosses_threads<T: Send + Sync + 'static>() {}
    fn is_sent<T: Send>(_: T) {}
    crosses_threads::<Slot>();
    crosses_threads::<Registrar>();
    crosses_threads::<Settings>();
    crosses_threads::<Request>();
    crosses_threads::<Transcript>();
    crosses_threads::<DegreeVerification>();
    crosses_threads::<EnrollmentVerification>();
    crosses_threads::<TranscriptStream>();
    crosses_threads::<crate::domain::StudentRecord>();
    crosses_threads::<crate::domain::Error>();
    crosses_threads::<crate::gpa::Evaluation>();
    crosses_threads::<crate::gpa::Policy>();
    crosses_threads::<crate::document::Document>();
    crosses_threads::<crate::document::Pages>();
    let _ = |registrar: &Registrar, slot: &std::sync::Arc<Slot>, id: &crate::domain::StudentId, request: &Request| {
        is_sent(registrar.issue(slot, id, request));
        is_sent(registrar.verify_degree(slot, id, request));
        is_sent(registrar.verify_enrollment(slot, id, request, Vec::new()));
    };
};
