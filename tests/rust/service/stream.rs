//! Many transcripts: bounded, in order or as they are done, and one student's failure never another's.

use super::loopback::{patiently, until};
use super::records::{Scripted, official, record, registrar, student, students, text};
use registrary::domain::Error;
use registrary::service::{Outcome, Request, Slot, TranscriptStream};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Barrier, Notify};

fn stream(source: Scripted, count: usize, limit: usize, ordered: bool) -> TranscriptStream {
    let slot = Slot::current().unwrap();
    Arc::new(registrar(source)).stream(slot, students(count), limit, ordered, official())
}

async fn all(mut stream: TranscriptStream) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    loop {
        let chunk = stream.next_chunk(7).await;
        assert!(chunk.len() <= 7);
        outcomes.extend(chunk);
        assert_eq!(stream.done(), outcomes.len());
        if stream.done() == stream.total() {
            assert!(stream.next_chunk(7).await.is_empty(), "more than was asked for");
            return outcomes;
        }
    }
}

#[test]
fn each_student_has_an_outcome_of_their_own() {
    patiently(async {
        let source = Scripted::each(|id| match id.as_str() {
            "s3" => Err(Error::RecordNotFound),
            _ => Ok(record(id)),
        });
        let outcomes = all(stream(source, 20, 4, false)).await;
        let ids: HashSet<_> = outcomes.iter().map(|(id, _)| id.clone()).collect();
        assert_eq!(ids.len(), 20);
        for (id, outcome) in outcomes {
            match outcome {
                Ok(transcript) => assert_eq!(transcript.student_id, id),
                Err(error) => assert_eq!((id, error), (student("s3"), Error::RecordNotFound)),
            }
        }
    });
}

#[test]
fn an_empty_list_ends_at_once() {
    patiently(async { assert!(stream(Scripted::generous(), 0, 4, true).next_chunk(1).await.is_empty()) });
}

/// The first student's record comes last: the others are done before, and still wait for their turn.
#[test]
fn the_order_is_kept_where_asked_for() {
    patiently(async {
        let gate = Arc::new(Notify::new());
        let opening = Arc::clone(&gate);
        let source = Scripted::new(move |ids| {
            let gate = Arc::clone(&gate);
            Box::pin(async move {
                if ids[0].as_str() == "s0" {
                    gate.notified().await;
                }
                ids.iter().map(|id| Ok(record(id))).collect()
            })
        });
        let ordered = stream(source.clone(), 12, 4, true);
        // Concurrency 4 lets 8 be begun and not taken: all but the first are done by then.
        until(|| source.asked() == 8 && source.open() == 1).await;
        opening.notify_one();
        let ids: Vec<_> = all(ordered).await.into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, students(12));
    });
}

/// Each fetch waits until `limit` of them are open at once: fewer at once would hang, more would be counted.
#[test]
fn as_many_run_at_once_as_are_allowed_and_no_more() {
    patiently(async {
        let together = Arc::new(Barrier::new(5));
        let source = Scripted::new(move |ids| {
            let together = Arc::clone(&together);
            Box::pin(async move {
                together.wait().await;
                ids.iter().map(|id| Ok(record(id))).collect()
            })
        });
        assert_eq!(all(stream(source.clone(), 40, 5, false)).await.len(), 40);
        assert_eq!(source.most(), 5);
    });
}

#[test]
fn a_slow_consumer_bounds_the_work() {
    patiently(async {
        for ordered in [false, true] {
            let source = Scripted::generous();
            let mut slow = stream(source.clone(), 200, 8, ordered);
            let mut taken = 0;
            while taken < 20 {
                taken += slow.next_chunk(20 - taken).await.len();
            }
            // Twenty taken, and at most twice the limit begun and not taken.
            until(|| source.asked() == 36).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert_eq!(source.asked(), 36);
        }
    });
}

#[test]
fn a_source_that_likes_groups_is_asked_in_groups() {
    patiently(async {
        let source = Scripted::generous().in_groups_of(32);
        assert_eq!(all(stream(source.clone(), 100, 20, true)).await.len(), 100);
        assert!(source.calls().iter().all(|asked| *asked == 10), "{:?}", source.calls());
        let alone = Scripted::generous().in_groups_of(32);
        assert_eq!(all(stream(alone.clone(), 3, 1, false)).await.len(), 3);
        assert_eq!(alone.calls(), [1, 1, 1]);
    });
}

#[test]
fn dropping_the_stream_ends_its_work() {
    patiently(async {
        let source = Scripted::silent();
        let dropped = stream(source.clone(), 100, 8, false);
        until(|| source.open() == 8).await;
        drop(dropped);
        until(|| source.open() == 0).await;
        assert_eq!(source.asked(), 8);
    });
}

#[test]
fn closing_the_stream_waits_for_its_work_to_end() {
    patiently(async {
        let source = Scripted::silent();
        let mut closed = stream(source.clone(), 100, 8, false);
        until(|| source.open() == 8).await;
        closed.close().await;
        assert_eq!(source.open(), 0);
        assert!(closed.next_chunk(5).await.is_empty());
        closed.close().await;
    });
}

#[test]
fn a_source_that_panics_harms_its_own_student_alone() {
    patiently(async {
        let source = Scripted::each(|id| match id.as_str() {
            "s1" => panic!("the source fell over"),
            _ => Ok(record(id)),
        });
        let outcomes = all(stream(source, 3, 2, true)).await;
        assert_eq!(
            outcomes[1].1.as_ref().unwrap_err(),
            &Error::Internal { message: "the source fell over".to_owned() }
        );
        assert!(outcomes[0].1.is_ok() && outcomes[2].1.is_ok());
    });
}

#[test]
fn a_request_that_cannot_be_met_is_refused_for_every_student() {
    patiently(async {
        let source = Scripted::generous();
        let slot = Slot::current().unwrap();
        let registrar = Arc::new(registrar(source.clone()));
        for request in [Request { serial: Some(text("T-1")), ..official() }, Request { save: true, ..official() }] {
            let stream = Arc::clone(&registrar).stream(Arc::clone(&slot), students(30), 2, false, request);
            let outcomes = all(stream).await;
            assert!(outcomes.iter().all(|(_, outcome)| outcome.as_ref().unwrap_err().code() == "configuration"));
        }
        assert_eq!(source.asked(), 0);
    });
}
