from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "basket_id,timestamp,product,quantity,net_sales"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows under a header, or bytes as they are, into a file."""

    def write(*rows: str, header: str = HEADER, name: str = "pos.csv", content: bytes | None = None) -> Path:
        path = tmp_path / name
        path.write_bytes(content if content is not None else "\n".join([header, *rows, ""]).encode())
        return path

    return write
