"""The folder of calibrated files: written whole or not at all, with where its numbers come from."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Yield a folder beside `out` to write to, which takes its name at the end; after a failure nothing is left.

    Raises:
        FileExistsError: there is something of that name already.
    """
    if out.exists():
        raise FileExistsError(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield folder
        folder.chmod(0o755)
        folder.rename(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def add_provenance(path: Path, entries: Mapping[str, Any]) -> None:
    """Add entries, such as the source and the store, to calibration.json."""
    known = json.loads(path.read_text(encoding="utf-8")) | dict(entries)
    path.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
