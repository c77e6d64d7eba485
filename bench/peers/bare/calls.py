from bench.served.calls import Call


def make(*, issuer: str) -> dict[str, Call]:
    return {"bare Django": Call(path="/hello")}
