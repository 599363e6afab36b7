"""The demonstration, and the two services it stands on: a student-information system and a verification service."""

from registrary.demo.five_stages import run

__all__ = ["run"]
