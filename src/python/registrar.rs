//! A registrar in Python: the service's registrar, and how each verb becomes a call or a wait.

use super::batch::{BatchRun, GivenBatch};
use super::bridge::{Call, Caller, Door, LoopBridge, Outcome, Part, Task};
use super::callers::{CallerSource, CallerVerifier, GivenSource};
use super::degree::DegreeVerification;
use super::enrollment::{EnrollmentVerification, GivenLoad, load_rules};
use super::errors::OrRaise;
use super::limits::{Limits, Retry};
use super::own_schema::GivenPlace;
use super::record::StudentRecord;
use super::request::{Request, student_id};
use super::settings::Settings;
use super::stream::TranscriptStream;
use super::transcript::Transcript;
use super::waiting::wait;
use crate::domain::{Error, StudentId};
use crate::http::Manners;
use crate::service::{self, Slot, panics};
use crate::sink::{DirectorySink, ObjectSink};
use crate::source::{self, MemorySource, Source};
use crate::verifier::{HttpVerifier, Verifier};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

/// The caller's own functions, where a stream has them: its source and its verifier.
type Functions = (Option<Py<PyAny>>, Option<Py<PyAny>>);

/// Where records come from, how documents look, where they go and who confirms them.
#[pyclass(frozen, module = "registrary._core")]
pub struct Registrar(service::Registrar);

/// A registrar for one call or stream: with the caller's own functions and record in place, once the door is open.
pub struct Equipment {
    registrar: service::Registrar,
    asks_record: bool,
    asks_confirmation: bool,
    /// The number of functions that several calls share.
    same_as: Option<u64>,
}

impl Equipment {
    pub fn put_on(self, door: Option<Arc<Door>>) -> service::Registrar {
        let mut registrar = self.registrar;
        let same_as = self.same_as;
        if let Some(door) = door {
            if self.asks_record {
                registrar.source = Arc::new(CallerSource { door: Arc::clone(&door), same_as });
            }
            if self.asks_confirmation {
                registrar.verifier = Some(Arc::new(CallerVerifier { door, same_as }));
            }
        }
        registrar
    }
}

impl Registrar {
    fn equipment(&self, caller: Option<&Caller>, given: Option<GivenSource>) -> Equipment {
        let mut registrar = self.0.clone();
        let asks_record = given.is_none() && caller.is_some_and(Caller::asks_record);
        if let Some(record) = given {
            registrar.source = Arc::new(record);
        }
        Equipment {
            registrar,
            asks_record,
            asks_confirmation: caller.is_some_and(Caller::asks_confirmation),
            same_as: caller.and_then(Caller::shared),
        }
    }

    /// For work on many students, whose functions nobody else's calls share.
    fn equipment_of_many(
        &self,
        py: Python<'_>,
        functions: Option<Functions>,
    ) -> PyResult<(Equipment, Option<Py<Caller>>)> {
        let (record, confirmation) = functions.unwrap_or_default();
        let asks = record.is_some() || confirmation.is_some();
        let caller = asks.then(|| Py::new(py, Caller::new(record, confirmation))).transpose()?;
        Ok((self.equipment(caller.as_ref().map(Py::get), None), caller))
    }

    /// A call that runs `verb` on the registrar and turns what it yields into a Python object.
    fn call<T, V, F, I>(
        &self,
        bridge: &Bound<'_, LoopBridge>,
        id: Option<StudentId>,
        (caller, given): (Option<Py<Caller>>, Option<GivenSource>),
        verb: V,
        into: I,
    ) -> PyResult<Call>
    where
        T: Send + 'static,
        V: FnOnce(service::Registrar, Arc<Slot>) -> F + Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
        I: FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
    {
        let equipment = self.equipment(caller.as_ref().map(Py::get), given);
        let work = Box::new(move |slot: Arc<Slot>, door: Option<Arc<Door>>| {
            let work = verb(equipment.put_on(door), slot);
            let outcome = async move {
                let value = work.await?;
                let outcome: Outcome = Box::new(move |py, _| into(py, value));
                Ok(outcome)
            };
            Box::pin(outcome) as super::bridge::Work
        });
        Ok(Call::new(bridge, Task { work, student_id: id, part: Part::Asks, caller }))
    }
}

#[pymethods]
impl Registrar {
    #[new]
    #[pyo3(signature = (source, settings, *, save_to=None, verify_with=None, limits, retry))]
    fn new(
        py: Python<'_>,
        source: Option<GivenPlace<'_>>,
        settings: &Settings,
        save_to: Option<(PathBuf, Vec<(String, String)>)>,
        verify_with: Option<&str>,
        limits: &Limits,
        retry: &Retry,
    ) -> PyResult<Registrar> {
        let manners = limits.0.concurrency.map_or_else(Manners::own_service, Manners::at_once);
        let source: Arc<dyn Source> = match source {
            Some(GivenPlace::Address(address)) => {
                py.detach(|| panics::caught(|| source::from_url_with(&address, &manners))).or_raise(py)?
            }
            Some(GivenPlace::Made(made)) => Arc::clone(&made.get().0),
            None => Arc::new(MemorySource::default()),
        };
        let verifier = verify_with.map(HttpVerifier::new).transpose().or_raise(py)?;
        let mut registrar = service::Registrar::new(source, Arc::clone(&settings.0));
        if let Some((place, store_options)) = save_to {
            match place.to_str().filter(|place| place.starts_with("s3://")) {
                Some(address) => {
                    // The machine's certificates are read from the disk.
                    let open = || panics::caught(|| ObjectSink::new(address, &store_options, false));
                    registrar.store = Some(Arc::new(py.detach(open).or_raise(py)?));
                }
                None => registrar.sink = Some(DirectorySink::new(place)),
            }
        }
        // Others ask a verifier as well: it is not the institution's own to be asked without measure.
        let manners = limits.0.concurrency.map_or_else(Manners::default, Manners::at_once);
        registrar.verifier = verifier.map(|verifier| Arc::new(verifier.with_manners(manners)) as Arc<dyn Verifier>);
        (registrar.limits, registrar.retry) = (limits.0, retry.0);
        Ok(Registrar(registrar))
    }

    /// The transcript of one student.
    #[pyo3(signature = (bridge, id, request, caller=None, given=None))]
    fn issue(
        &self,
        bridge: &Bound<'_, LoopBridge>,
        id: &str,
        request: &Request,
        caller: Option<Py<Caller>>,
        given: Option<GivenSource>,
    ) -> PyResult<Call> {
        let id = student_id(bridge.py(), id)?;
        let (whose, request) = (id.clone(), request.0.clone());
        let verb = move |registrar: service::Registrar, slot: Arc<Slot>| async move {
            registrar.issue(&slot, &id, &request).await
        };
        let into = |py: Python<'_>, transcript| Ok(Py::new(py, Transcript(transcript))?.into_any());
        self.call(bridge, Some(whose), (caller, given), verb, into)
    }

    /// The PDF of one student's transcript.
    #[pyo3(signature = (bridge, id, request, caller=None, given=None))]
    fn generate(
        &self,
        bridge: &Bound<'_, LoopBridge>,
        id: &str,
        request: &Request,
        caller: Option<Py<Caller>>,
        given: Option<GivenSource>,
    ) -> PyResult<Call> {
        let id = student_id(bridge.py(), id)?;
        let (whose, request) = (id.clone(), request.0.clone());
        let verb = move |registrar: service::Registrar, slot: Arc<Slot>| async move {
            Ok(registrar.issue(&slot, &id, &request).await?.pdf)
        };
        let into = |py: Python<'_>, pdf: Arc<[u8]>| Ok(PyBytes::new(py, &pdf).into_any().unbind());
        self.call(bridge, Some(whose), (caller, given), verb, into)
    }

    /// As `issue`, waiting here.
    #[pyo3(signature = (id, request, given=None))]
    fn issue_sync(
        &self,
        py: Python<'_>,
        id: &str,
        request: &Request,
        given: Option<GivenSource>,
    ) -> PyResult<Transcript> {
        let id = student_id(py, id)?;
        let slot = Slot::current().or_raise(py)?;
        let registrar = self.equipment(None, given).put_on(None);
        let (whose, request, threads) = (id.clone(), request.0.clone(), Arc::clone(&slot));
        let work = async move { registrar.issue(&threads, &id, &request).await };
        wait(py, &slot, Some(&whose), work).map(Transcript)
    }

    /// One student's record, as the source gives it.
    #[pyo3(signature = (bridge, id, caller=None, given=None))]
    fn fetch(
        &self,
        bridge: &Bound<'_, LoopBridge>,
        id: &str,
        caller: Option<Py<Caller>>,
        given: Option<GivenSource>,
    ) -> PyResult<Call> {
        let id = student_id(bridge.py(), id)?;
        let whose = id.clone();
        let verb = move |registrar: service::Registrar, slot: Arc<Slot>| async move {
            registrar.fetch_record(&slot, &id).await
        };
        let into = |py: Python<'_>, record| Ok(Py::new(py, StudentRecord(record))?.into_any());
        self.call(bridge, Some(whose), (caller, given), verb, into)
    }

    /// A student's degree: the record's award, the service's word, and a certificate.
    #[pyo3(signature = (bridge, id, request, caller=None, given=None))]
    fn verify_degree(
        &self,
        bridge: &Bound<'_, LoopBridge>,
        id: &str,
        request: &Request,
        caller: Option<Py<Caller>>,
        given: Option<GivenSource>,
    ) -> PyResult<Call> {
        let id = student_id(bridge.py(), id)?;
        let (whose, request) = (id.clone(), request.0.clone());
        let verb = move |registrar: service::Registrar, slot: Arc<Slot>| async move {
            registrar.verify_degree(&slot, &id, &request).await
        };
        let into = |py: Python<'_>, verified| Ok(Py::new(py, DegreeVerification(verified))?.into_any());
        self.call(bridge, Some(whose), (caller, given), verb, into)
    }

    /// The terms a student was enrolled in, and a page that certifies them.
    #[pyo3(signature = (bridge, id, request, loads, caller=None, given=None))]
    fn verify_enrollment(
        &self,
        bridge: &Bound<'_, LoopBridge>,
        id: &str,
        request: &Request,
        loads: Vec<GivenLoad<'_>>,
        caller: Option<Py<Caller>>,
        given: Option<GivenSource>,
    ) -> PyResult<Call> {
        let id = student_id(bridge.py(), id)?;
        let (whose, request, rules) = (id.clone(), request.0.clone(), load_rules(bridge.py(), &loads)?);
        let verb = move |registrar: service::Registrar, slot: Arc<Slot>| async move {
            registrar.verify_enrollment(&slot, &id, &request, rules).await
        };
        let into = |py: Python<'_>, verified| Ok(Py::new(py, EnrollmentVerification(verified))?.into_any());
        self.call(bridge, Some(whose), (caller, given), verb, into)
    }

    /// All student ids of the source.
    fn student_ids(&self, bridge: &Bound<'_, LoopBridge>) -> PyResult<Call> {
        let verb = |registrar: service::Registrar, slot: Arc<Slot>| async move { registrar.student_ids(&slot).await };
        let into = |py: Python<'_>, ids: Vec<StudentId>| {
            let ids: Vec<&str> = ids.iter().map(StudentId::as_str).collect();
            Ok(ids.into_pyobject(py)?.into_any().unbind())
        };
        self.call(bridge, None, (None, None), verb, into)
    }

    /// Connects to the source and tells what is found, line by line.
    fn check_source(&self, bridge: &Bound<'_, LoopBridge>) -> PyResult<Call> {
        let verb = |registrar: service::Registrar, slot: Arc<Slot>| async move { registrar.check_source(&slot).await };
        let into = |py: Python<'_>, lines: Vec<String>| Ok(lines.into_pyobject(py)?.into_any().unbind());
        self.call(bridge, None, (None, None), verb, into)
    }

    /// As `check_source`, as JSON, with records judged by the policy.
    fn examine_source(&self, bridge: &Bound<'_, LoopBridge>) -> PyResult<Call> {
        let verb = |registrar: service::Registrar, slot: Arc<Slot>| async move {
            let report = registrar.examine_source(&slot).await?;
            serde_json::to_string(&report).map_err(|_| Error::Internal { message: "a report that is no JSON".into() })
        };
        let into = |py: Python<'_>, report: String| Ok(report.into_pyobject(py)?.into_any().unbind());
        self.call(bridge, None, (None, None), verb, into)
    }

    /// The transcripts of many students, at most `max_concurrency` in the works at once.
    #[pyo3(signature = (ids, request, *, max_concurrency, ordered, functions=None))]
    fn stream(
        &self,
        py: Python<'_>,
        ids: Vec<String>,
        request: &Request,
        max_concurrency: usize,
        ordered: bool,
        functions: Option<Functions>,
    ) -> PyResult<TranscriptStream> {
        let ids = ids.iter().map(|id| student_id(py, id)).collect::<PyResult<Vec<_>>>()?;
        let (equipment, caller) = self.equipment_of_many(py, functions)?;
        Ok(TranscriptStream::new(equipment, caller, ids, request.0.clone(), max_concurrency, ordered))
    }

    /// A run of many documents; what of it is told in `batch`, a mapping.
    #[pyo3(signature = (batch, request, functions=None))]
    fn run_batch(
        &self,
        py: Python<'_>,
        batch: GivenBatch<'_>,
        request: &Request,
        functions: Option<Functions>,
    ) -> PyResult<BatchRun> {
        let (equipment, caller) = self.equipment_of_many(py, functions)?;
        Ok(BatchRun::new(equipment, caller, batch.read(py, request)?))
    }

    /// The pure middle: no I/O.
    fn produce(&self, py: Python<'_>, record: &StudentRecord, request: &Request) -> PyResult<Transcript> {
        let whose = record.0.student.id.clone();
        let produced = py.detach(|| panics::caught(|| self.0.produce_record(Arc::clone(&record.0), &request.0)));
        produced.map(Transcript).map_err(|error| super::errors::raised(py, &error, Some(&whose)))
    }
}
