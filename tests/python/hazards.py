"""What the tests of hazards share: work that goes wrong on purpose, in processes of their own, with a deadline.

Such work is compiled only under the cargo feature `hazards` (`pip install . -C build-args="--features hazards"`);
without it the tests are skipped, and test_bridge.py speaks for the verbs.

Each hazard of a tokio runtime inside Python, and where it is tried (A: test_hazards_awaits.py,
L: test_hazards_loops.py, P: test_hazards_processes.py):

==  =======================================================  =========================================================
 1  work starts before the await                             A does_nothing_until_awaited
 2  called outside a loop, by asyncio.run, create_task       A called_like_any_coroutine_function
 3  2,000 cancelled in mid-flight                            A cancelled_means_ended
 4  a sibling in a TaskGroup fails                           A a_failing_sibling_ends_the_group
 5  wait_for, asyncio.timeout                                A a_time_limit_of_the_callers
 6  anyio cancels again each turn                            L anyio_on_asyncio; A a_second_cancel_keeps_joining
 7  cancelled while CPU work runs                            A cancelled_cpu_work_ends_between_its_stages
 8  cancelling races with completion, 3,000 times            A cancelling_races_with_completion
 9  the awaiting coroutine is closed or collected            A abandoned_and_unreferenced_calls
10  a task that nobody references                            A abandoned_and_unreferenced_calls
11  the loop is closed while calls are pending               L a_loop_closed_while_calls_are_pending
12  asyncio.run returns with a background task               L asyncio_run_cancels_background_calls
13  300 short loops                                          L loops_in_threads_and_many_short_loops
14  exceptions come out typed                                A the_callers_exception_comes_out_as_it_is
15  a panic                                                  A a_panic_is_an_internal_error
16  a forked child uses it; multiprocessing                  P a_forked_child_works; P multiprocessing_with_fork
17  gunicorn --preload                                       P gunicorn_that_loads_the_application_before_it_forks
18  a fork with calls in flight                              P a_child_whose_interpreter_ends; P a_child_closes
19  rayon's pool after a fork                                P the_cpu_pool_works_in_a_child
20  the interpreter ends while results arrive                P a_process_ends_cleanly_while_results_arrive
21  it ends while a CPU job runs                             P a_process_ends_cleanly_while_coroutines_and_cpu_jobs
22  four loops in four threads; two in turns in one          L loops_in_threads; L two_loops_taken_in_turns
23  Ctrl-C in asyncio.run                                    P ctrl_c_in_asyncio_run
24  Ctrl-C in a sync call                                    P ctrl_c_in_a_sync_call
25  a sync call inside a running loop                        A a_sync_call_inside_a_running_loop
26  waiting on a thread of the runtime                       A refused_on_a_thread_of_the_runtime
27  waiting without giving up the GIL                        A lets_other_threads_run_python_and_needs_them
28  a lock held while Python runs                            A no_lock_is_held_while_python_runs
29  context variables                                        L context_variables_stay_with_their_task
30  asyncio's debug mode                                     L debug_mode
31  eager tasks (3.12 and later)                             L eager_tasks
32  uvloop                                                   L uvloop
33  trio                                                     L trio, anyio_on_trio
34  a subinterpreter                                         P a_subinterpreter_is_refused
35  connections inherited by a child                         P connections_are_never_shared_with_a_child
==  =======================================================  =========================================================

Of each database, that a cancelled await ends the query on the server is tried with its source. Builds without a GIL
load no module of the stable ABI; Windows and macOS are not tried here.
"""

from __future__ import annotations

from interpreters import Script

PRELUDE = """
import asyncio, gc, os, signal, sys, threading, time, warnings
# From 3.12 on, a fork beside threads is warned of: it is what is tried here.
warnings.filterwarnings("ignore", message=".*multi-threaded", category=DeprecationWarning)
from registrary import _core, _bridge

async def call(kind, argument, function=None):
    return await _core.hazard(_bridge.current(), kind, argument, function)

def held():
    return _core.hazard_counts()[1]

def descriptors():
    return len(os.listdir("/proc/self/fd"))

FOREVER = 3_600_000_000
"""


class Hazard:
    """Runs a case under one interpreter."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.version = script.version
        self.is_this_one = script.interpreter.is_this_one
        self.needs = script.needs

    def __call__(self, body: str, deadline: float = 90) -> str:
        """What the case prints; it must end in time, with status 0 and nothing on standard error."""
        return self._script(body, deadline, PRELUDE)
