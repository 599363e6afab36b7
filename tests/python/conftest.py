"""The package under test is the installed wheel, and it is this source: anything else would prove nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import interpreters
import verapdf
from campus_servers import campus, mariadb_campus, postgresql_campus
from hazards import Hazard

#: Found by pytest here, for all tests.
__all__ = ["campus", "mariadb_campus", "postgresql_campus"]

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "python" / "registrary"


def pytest_configure(config: pytest.Config) -> None:
    try:
        import registrary
    except ImportError as error:
        raise pytest.UsageError(f"registrary is not installed here ({error}): pip install '.[test]'") from error
    installed = Path(registrary.__file__).resolve().parent
    if installed == SOURCE:
        # `maturin develop` while working on the package; never in .ci/run.
        if not os.environ.get("REGISTRARY_TEST_SOURCE_TREE"):
            raise pytest.UsageError("registrary comes from the source tree; the tests run on the wheel: pip install .")
        return
    stale = [path.relative_to(SOURCE) for path in SOURCE.rglob("*.py*") if _differs(path, installed)]
    if stale:
        raise pytest.UsageError(f"the installed registrary is not this source (see {stale[0]}): pip install .")


def _differs(path: Path, installed: Path) -> bool:
    if path.suffix not in (".py", ".pyi"):
        return False
    other = installed / path.relative_to(SOURCE)
    return not other.is_file() or other.read_bytes() != path.read_bytes()


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder, for schemas, truths and documents."""
    return ROOT


@pytest.fixture(scope="session")
def validator(root: Path) -> verapdf.Validator:
    return verapdf.obtained(root)


@pytest.fixture(scope="session")
def campus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample campus as a database of the published schema."""
    import own_schemas
    import registrary

    path = tmp_path_factory.mktemp("campus") / "campus.db"
    registrary.write_sample_campus(path, own_schemas.STUDENTS)
    return path


@pytest.fixture(scope="session")
def campus_records(campus_file: Path) -> dict[str, str]:
    """Its records as JSON, by student."""
    import own_schemas

    return own_schemas.records(campus_file)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What must hold for a process is tried under every CPython on the machine."""
    if "script" in metafunc.fixturenames:
        found = interpreters.found()
        metafunc.parametrize("script", found, ids=[one.name for one in found], indirect=True)


@pytest.fixture(scope="session")
def shared_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return interpreters.share(tmp_path_factory.mktemp("packages"))


@pytest.fixture
def script(request: pytest.FixtureRequest, shared_packages: Path) -> interpreters.Script:
    """Runs a script under one interpreter."""
    return interpreters.Script(request.param, shared_packages)


@pytest.fixture
def hazard(script: interpreters.Script) -> Hazard:
    """Runs a case of work that goes wrong on purpose."""
    from registrary import _core

    if not hasattr(_core, "hazard"):
        pytest.skip("built without the cargo feature `hazards`")
    return Hazard(script)
