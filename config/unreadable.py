"""What `manage.py doctor` says where the settings cannot be read: there is no Django then. Knows nothing of it."""

import json
import sys

_NEXT = "Correct what is named there, then run: python manage.py doctor"


def report(fault: str, *, as_json: bool) -> int:
    """Print one problem, as `doctor` does. Returns its exit status."""
    if not as_json:
        sys.stdout.write(f"Settings\n{fault}\n{_NEXT}\n1 problem, 0 warnings.\n")
        return 2
    finding = {"area": "settings", "what": "Settings", "verdict": "problem", "text": fault, "why": "", "remedy": _NEXT}
    document = {
        "verdict": "problem",
        "counts": {"ok": 0, "note": 0, "warning": 0, "problem": 1},
        "findings": [finding],
    }
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return 2
