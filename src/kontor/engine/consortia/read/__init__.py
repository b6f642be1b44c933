"""The documented format in, and its JSON Schema."""

from kontor.engine.consortia.read.own import FORMAT, problem_from_json, read_problem
from kontor.engine.consortia.read.schema import consortium_schema
from kontor.engine.consortia.read.write import problem_as_json

__all__ = ["FORMAT", "consortium_schema", "problem_as_json", "problem_from_json", "read_problem"]
