"""What is asked of bare Django, and the rows it needs for that."""

from bench.served.calls import Call


def make(*, issuer: str) -> dict[str, Call]:
    return {"bare Django": Call(path="/hello")}
