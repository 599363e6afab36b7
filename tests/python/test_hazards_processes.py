"""Hazards of a process: forks, servers that fork, its end while work goes on, Ctrl-C, subinterpreters.

Which hazard is tried where is told in hazards.py.
"""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from hazards import Hazard


def test_a_forked_child_works_and_its_parent_goes_on(hazard: Hazard) -> None:
    hazard("""
    assert asyncio.run(call("wait", 1000)) == 1000
    asyncio.run(call("busy", 1000))
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        ok = asyncio.run(call("wait", 1000)) == 1000 and _core.hazard_sync(100) == 100
        asyncio.run(call("busy", 1000))
        sys.exit(0 if ok else 9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert asyncio.run(call("wait", 1000)) == 1000
    async def main():
        calls = [asyncio.create_task(call("wait", 100_000)) for _ in range(50)]
        await asyncio.sleep(0.02)
        child = os.fork()
        if child == 0: os._exit(0)
        os.waitpid(child, 0)
        assert len(await asyncio.gather(*calls)) == 50
    asyncio.run(main())
    """)


def test_a_child_of_a_process_that_never_used_the_runtime(hazard: Hazard) -> None:
    """The child of a process that never used the runtime works too."""
    hazard("""
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        sys.exit(0 if asyncio.run(call("wait", 100)) == 100 else 9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    """)


def test_multiprocessing_with_fork(hazard: Hazard) -> None:
    hazard("""
    import multiprocessing
    asyncio.run(call("wait", 1000))
    def child(micros): return asyncio.run(call("wait", micros))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(child, [1000, 2000, 3000]) == [1000, 2000, 3000]
    """)


def test_a_child_that_just_ends_while_its_parents_calls_are_in_flight(hazard: Hazard) -> None:
    hazard("""
    async def main():
        calls = [asyncio.create_task(call("wait", 100_000)) for _ in range(50)]
        while held() < 50: await asyncio.sleep(0.005)
        child = os.fork()
        if child == 0:
            _core.shut_down(0.5)  # What the interpreter's end does.
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert len(await asyncio.gather(*calls)) == 50
    asyncio.run(main())
    """)


def test_a_child_whose_interpreter_ends_while_its_parents_calls_are_in_flight(hazard: Hazard) -> None:
    """`asyncio.run` cancels every task as the child leaves it: none of them waits for a thread that is not there."""
    hazard("""
    async def slow_end(student_id):
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.2)
    async def main():
        calls = [asyncio.create_task(call("wait", 300_000)) for _ in range(50)]
        asks = [asyncio.create_task(call("ask", n, slow_end)) for n in range(20)]
        while held() < 70: await asyncio.sleep(0.005)
        # Some are cancelled already, and wait for their coroutines.
        for ask in asks[:10]: ask.cancel()
        await asyncio.sleep(0.05)
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            sys.exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert len(await asyncio.gather(*calls)) == 50
        for ask in asks: ask.cancel()
        await asyncio.gather(*asks, return_exceptions=True)
        assert held() == 0
    for _ in range(5): asyncio.run(main())
    """)


def test_a_child_closes_its_parents_stream_and_run_at_once(hazard: Hazard) -> None:
    hazard("""
    import registrary, tempfile
    running = []
    async def never(student_id):
        running.append(student_id)
        await asyncio.sleep(3600)
    async def main():
        registrar = registrary.Registrar(never)
        stream = registrar.generate_transcripts(range(10))
        # It waits for a result, and holds the stream meanwhile.
        waiting = asyncio.create_task(anext(stream, None))
        run = asyncio.create_task(registrar.run_batch(range(10), sink=tempfile.mkdtemp()))
        while len(running) < 20: await asyncio.sleep(0.005)
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            try:
                asyncio.run(anext(stream))
                os._exit(8)
            except registrary.ConfigurationError:
                pass
            asyncio.run(stream.aclose())
            asyncio.run(registrar.aclose())
            del stream
            gc.collect()
            sys.exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert not waiting.done() and not run.done()
        await stream.aclose()
        assert await waiting is None
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        assert registrary.runtime_stats().in_flight == 0
    asyncio.run(main())
    """)


def test_the_cpu_pool_works_in_a_child(hazard: Hazard) -> None:
    hazard("""
    import registrary
    def work():
        asyncio.run(call("busy", 1000))
        return len(registrary.generate_transcript_sync(101))
    expected = work()
    for _ in range(3):
        child = os.fork()
        if child == 0:
            signal.alarm(60)
            os._exit(0 if work() == expected else 9)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert work() == expected
    """)


def test_connections_are_never_shared_with_a_child(hazard: Hazard) -> None:
    """A service that tells by which connection it was asked, and a database file: both are opened anew."""
    hazard("""
    import http.server, registrary, tempfile
    class Service(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def do_GET(self):
            asked.append((self.path, self.client_address[1]))
            self.send_response(404); self.send_header("Content-Length", "0"); self.end_headers()
        def log_message(self, *told): pass
    asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    # The fork happens on this thread: a child has the service's socket, but not its thread.
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = tempfile.mkdtemp()
    registrary.write_sample_campus(folder + "/campus.db", 300)
    database = registrary.Registrar(folder + "/campus.db")
    service = registrary.Registrar(f"http://127.0.0.1:{server.server_port}")
    def ask(student_id):
        try:
            service.generate_transcript_sync(student_id)
            raise AssertionError
        except registrary.RecordNotFoundError:
            pass
        return database.generate_transcript_sync(101).startswith(b"%PDF")
    assert ask(1) and ask(2)
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os._exit(0 if ask(3) else 9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ask(4)
    by = {path.rsplit("/", 1)[1]: connection for path, connection in asked}
    assert set(by) == {"1", "2", "3", "4"}
    assert by["3"] not in (by["1"], by["2"], by["4"])
    server.shutdown()
    """)


GUNICORN = """
import asyncio, os
from registrary import _core, _bridge
async def call(micros): return await _core.hazard(_bridge.current(), "wait", micros)
MASTER = asyncio.run(call(1000))
def app(environ, start_response):
    body = f"{MASTER} {asyncio.run(call(2000))} {os.getppid()}".encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""


def test_gunicorn_that_loads_the_application_before_it_forks(hazard: Hazard, tmp_path: Path) -> None:
    pytest.importorskip("gunicorn", reason="gunicorn is not installed: pip install gunicorn")
    if not hazard.is_this_one:
        pytest.skip("gunicorn is installed for another interpreter")
    (tmp_path / "hazard_app.py").write_text(GUNICORN)
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", "2", "--bind", "127.0.0.1:0"]
    command += ["--timeout", "60", "hazard_app:app"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            log = iter(process.stderr.readline, "")
            told = next(found for line in log if (found := re.search(r"Listening at: (http://\S+)", line)))
            for _ in range(6):
                with urllib.request.urlopen(told[1], timeout=60) as answer:
                    assert answer.read().decode() == f"1000 2000 {process.pid}"
        finally:
            process.terminate()
        assert process.wait(60) == 0


@pytest.mark.parametrize("attempt", range(12))
def test_a_process_ends_cleanly_while_results_arrive(hazard: Hazard, attempt: int) -> None:
    hazard(f"""
    loop = asyncio.new_event_loop()
    waiting = []
    async def main():
        for n in range(200): waiting.append(asyncio.ensure_future(call("wait", 20_000 + n * {100 + attempt * 30})))
        await asyncio.sleep(0.03)
    loop.run_until_complete(main())
    for task in waiting: task._log_destroy_pending = False
    """)


def test_a_process_ends_cleanly_while_coroutines_and_cpu_jobs_run(hazard: Hazard) -> None:
    hazard(
        """
    loop = asyncio.new_event_loop()
    async def never(student_id): await asyncio.sleep(3600)
    async def main():
        for n in range(20):
            asyncio.ensure_future(call("ask", n, never))
            asyncio.ensure_future(call("busy", FOREVER))
        await asyncio.sleep(0.05)
        for task in asyncio.all_tasks(): task._log_destroy_pending = False
    loop.run_until_complete(main())
    """,
        deadline=20,
    )


def test_ctrl_c_in_a_sync_call(hazard: Hazard) -> None:
    hazard("""
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        _core.hazard_sync(FOREVER)
        raise AssertionError
    except KeyboardInterrupt:
        assert held() == 0
    """)


def test_ctrl_c_in_asyncio_run_ends_the_work(hazard: Hazard) -> None:
    hazard("""
    async def main():
        calls = [asyncio.create_task(call("wait", FOREVER)) for _ in range(100)]
        while held() < 100: await asyncio.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.gather(*calls)
    try:
        asyncio.run(main())
        raise AssertionError
    except KeyboardInterrupt:
        assert held() == 0, held()
    assert asyncio.run(call("wait", 10)) == 10
    """)


def test_a_subinterpreter_is_refused_and_harms_nobody(hazard: Hazard) -> None:
    """Its end would end the runtime, which is the process's."""
    told = hazard("""
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    assert asyncio.run(call("wait", 10)) == 10
    attempt = '''
    try:
        import registrary._core
        said = "imported"
    except ImportError as error:
        said = "refused" if "interpreter" in str(error) else repr(error)
    with open(path, "w") as file: file.write(said)
    '''
    import tempfile, textwrap
    path = tempfile.mkdtemp() + "/said"
    other = interpreters.create()
    interpreters.run_string(other, "path = %r" % path + textwrap.dedent(attempt))
    interpreters.destroy(other)
    with open(path) as file: print(file.read())
    assert asyncio.run(call("wait", 10)) == 10
    """)
    assert told == "refused\n"
