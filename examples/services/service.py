"""Two student-information systems on loopback that speak as others do: one like Ellucian Ethos, one like OneRoster.

Both serve the sample campus's records in their own words; ethos.toml and oneroster.toml beside this file turn the words
back into records. `python examples/services/service.py` shows it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import registrary
from loopback import Answer, Loopback, Request

Json = Any
KEY, CLIENT, SECRET = "campus-key", "campus-client", "campus-secret"
HERE = Path(__file__).resolve().parent

_CAREERS = {"undergraduate": "UG", "graduate": "GR", "law": "LW"}
_GRADES = {"undergraduate": "16", "graduate": "18", "law": "19"}
_STATUS = {"completed": "graded", "pass-fail-pass": "passed", "pass-fail-fail": "failed"}


class NotHereError(Exception):
    """There is no such thing at this address: 404."""


def answered(body: Json, headers: Mapping[str, str] | None = None, status: int = 200) -> Answer:
    """What goes back: JSON or text, and headers of its own."""
    kind = "text/plain" if isinstance(body, str) else "application/json"
    written = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, written.encode(), {"Content-Type": kind, **(headers or {})})


def campus(student_ids: Sequence[int]) -> dict[str, Json]:
    """The sample campus's records as mappings, by student id."""

    async def records() -> dict[str, Json]:
        registrar = registrary.Registrar()
        fetched = [await registrar.fetch_record(student_id) for student_id in student_ids]
        return {record.student_id: json.loads(record.to_json()) for record in fetched}

    return asyncio.run(records())


def _guid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


class EthosLike:
    """Persons, grades, standings, courses and periods as five resources that point at each other by GUID."""

    def __init__(self, records: Mapping[str, Json]) -> None:
        self.records = records

    def answer(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: str) -> Answer:
        if (method, path) == ("POST", "/auth"):
            good = headers.get("authorization") == f"Bearer {KEY}"
            return answered("token-of-ethos") if good else answered("", status=401)
        if headers.get("authorization") != "Bearer token-of-ethos":
            return answered("", status=401)
        criteria = json.loads(query.get("criteria", "{}"))
        rows: Callable[[Json], list[Json]] | None = {
            "/api/persons": self.persons,
            "/api/student-transcript-grades": self.grades,
            "/api/student-academic-standings": self.standings,
            "/api/courses": self.courses,
            "/api/academic-periods": self.periods,
        }.get(path)
        if rows is None:
            raise NotHereError
        found = rows(criteria)
        start = int(query.get("offset", 0))
        # A service caps the size of a page as it likes.
        return answered(found[start : start + min(int(query.get("limit", 500)), 30)] if "limit" in query else found)

    def persons(self, criteria: Json) -> list[Json]:
        wanted = [credential["value"] for credential in criteria.get("credentials", [])]
        chosen = [r for i, r in self.records.items() if not wanted or i in wanted]
        return [self.person(record) for record in chosen]

    def person(self, record: Json) -> Json:
        student = record["student"]
        legal = student["names"]["legal"]
        name = {"firstName": legal.get("given"), "middleName": legal.get("middle", ""), "lastName": legal.get("family")}
        return {
            "id": _guid("person", student["id"]),
            "names": [name],
            "dateOfBirth": student["birth"] + "T00:00:00Z" if "birth" in student else None,
            "credentials": [{"type": "bannerId", "value": student["id"]}],
        }

    def of_person(self, criteria: Json) -> Json:
        wanted = criteria["student"]["id"]
        return next(r for i, r in self.records.items() if _guid("person", i) == wanted)

    def grades(self, criteria: Json) -> list[Json]:
        record = self.of_person(criteria)
        return [
            {
                "student": criteria["student"],
                "period": {"id": _guid("period", term["name"])},
                "level": {"code": _CAREERS[term["level"]]},
                "course": {"id": _guid("course", *map(str, attempt["course"].values()))},
                "credit": {"attempted": attempt["credits"], "measure": attempt["unit"]},
                "grade": {"value": attempt.get("grade")},
                "status": _STATUS.get(attempt["status"], attempt["status"]),
            }
            for term in record.get("terms", [])
            for attempt in term.get("attempts", [])
        ]

    def standings(self, criteria: Json) -> list[Json]:
        return [
            {
                "student": criteria["student"],
                "period": {"id": _guid("period", term["name"])},
                "level": {"code": _CAREERS[term["level"]]},
                "standing": {"title": term.get("standing", "")},
            }
            for term in self.of_person(criteria).get("terms", [])
        ]

    def courses(self, criteria: Json) -> list[Json]:
        courses = {
            _guid("course", *map(str, attempt["course"].values())): attempt["course"]
            for record in self.records.values()
            for term in record.get("terms", [])
            for attempt in term.get("attempts", [])
        }
        return [
            {"id": i, "subject": {"abbreviation": c.get("subject")}, "number": c.get("number"), "title": c.get("title")}
            for i, c in courses.items()
        ]

    def periods(self, criteria: Json) -> list[Json]:
        terms = {t["name"]: t for record in self.records.values() for t in record.get("terms", [])}
        return [
            {"id": _guid("period", name), "title": name, "startOn": t["begins"], "endOn": t["ends"]}
            for name, t in terms.items()
        ]


class OneRosterLike:
    """Users and their results, wrapped in objects, in pages that link to the next."""

    def __init__(self, records: Mapping[str, Json]) -> None:
        self.records = records

    def answer(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: str) -> Answer:
        if (method, path) == ("POST", "/token"):
            basic = base64.b64encode(f"{CLIENT.replace('-', '%2D')}:{SECRET.replace('-', '%2D')}".encode()).decode()
            good = headers.get("authorization") == f"Basic {basic}" and body.startswith("grant_type=client_credentials")
            granted = {"access_token": "token-of-roster", "token_type": "bearer", "expires_in": 3600}
            return answered(granted) if good else answered({"error": "invalid_client"}, status=401)
        if headers.get("authorization") != "Bearer token-of-roster":
            return answered("", status=401)
        parts = path.removeprefix("/ims/oneroster/v1p2").strip("/").split("/")
        if parts == ["students"]:
            return self.page(path, "users", [{"sourcedId": i} for i in self.records], query)
        if parts[0] != "students" or parts[1] not in self.records:
            raise NotHereError
        record = self.records[parts[1]]
        if parts[2:] == ["results"]:
            return self.page(path, "results", self.results(record), query)
        return answered({"user": self.user(record)})

    def page(self, path: str, name: str, rows: list[Json], query: Mapping[str, str]) -> Answer:
        limit, offset = int(query.get("limit", 100)), int(query.get("offset", 0))
        links = [f'<{path}?limit={limit}&offset=0>; rel="first"']
        if offset + limit < len(rows):
            links.append(f'<{path}?limit={limit}&offset={offset + limit}>; rel="next"')
        return answered({name: rows[offset : offset + limit]}, {"Link": ", ".join(links)})

    def user(self, record: Json) -> Json:
        student = record["student"]
        legal = student["names"]["legal"]
        terms = [
            {
                "sourcedId": f"{term['designator']}-{term['level']}",
                "title": term["name"],
                "startDate": term["begins"],
                "endDate": term["ends"],
                "grade": _GRADES[term["level"]],
            }
            for term in record.get("terms", [])
        ]
        return {
            "sourcedId": student["id"],
            "givenName": legal.get("given"),
            "middleName": legal.get("middle"),
            "familyName": legal.get("family"),
            "demographics": {"birthDate": student.get("birth")},
            "terms": terms,
        }

    def results(self, record: Json) -> list[Json]:
        words = {"completed": "fully graded", "pass-fail-pass": "pass", "pass-fail-fail": "fail"}
        return [
            {
                "student": {"sourcedId": record["student"]["id"]},
                "term": {"sourcedId": f"{term['designator']}-{term['level']}"},
                "course": {
                    "subject": attempt["course"].get("subject"),
                    "courseCode": attempt["course"].get("number"),
                    "title": attempt["course"].get("title"),
                    "credits": float(attempt["credits"]),
                    "creditType": attempt["unit"],
                },
                "textScore": attempt.get("grade"),
                "scoreStatus": words.get(attempt["status"], attempt["status"]),
            }
            for term in record.get("terms", [])
            for attempt in term.get("attempts", [])
        ]


class Serving(Loopback):
    """A system as a service: `with Serving(EthosLike(records)) as service: service.url`."""

    def __init__(self, system: EthosLike | OneRosterLike) -> None:
        def answer(request: Request) -> Answer:
            parts = urlsplit(request.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            try:
                return system.answer(request.method, parts.path, query, request.headers, request.body.decode())
            except NotHereError:
                return answered("", status=404)

        super().__init__(answer)


def main() -> None:
    """Makes a transcript from each of the two services."""
    records = campus(range(101, 104))
    os.environ.update(CAMPUS_KEY=KEY, CAMPUS_CLIENT=CLIENT, CAMPUS_SECRET=SECRET)
    systems: dict[str, EthosLike | OneRosterLike] = {
        "ethos.toml": EthosLike(records),
        "oneroster.toml": OneRosterLike(records),
    }
    for name, system in systems.items():
        with Serving(system) as service:
            os.environ["CAMPUS_URL"] = service.url
            registrar = registrary.Registrar(source=HERE / name)
            for student_id in asyncio.run(registrar.student_ids()):
                pdf = registrar.generate_transcript_sync(student_id)
                print(f"{name}: {student_id}, {len(pdf):,} bytes")


if __name__ == "__main__":
    main()
