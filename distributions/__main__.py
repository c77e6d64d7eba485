"""`python -m distributions [folder]`: wheel and sdist of both, into dist/ or that folder. `make dist` calls it."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from distributions import staging


def build(folder: Path, *, root: Path = staging.ROOT, kinds: Sequence[str] = ("--sdist", "--wheel")) -> list[Path]:
    """Returns what was made. The build tools are those of this environment, as pinned in requirements-dev.txt."""
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    for stage in (staging.fairlead, staging.accounts):
        with tempfile.TemporaryDirectory() as staged:
            stage(Path(staged), root=root)
            command = [sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", str(folder.resolve())]
            done = subprocess.run(command, cwd=staged, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
    return sorted(set(folder.iterdir()) - before)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else staging.ROOT / "dist"
    for old in folder.glob("fairlead*"):
        old.unlink()
    for made in build(folder):
        print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
