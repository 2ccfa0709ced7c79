"""A raster of steps as a PNG with a palette, small and the same bytes each time."""

import struct
import zlib
from base64 import b64encode

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CLEAR = 255
"""The index of cells that are see-through."""


def picture(steps: NDArray[np.int64], palette: NDArray[np.uint8]) -> bytes:
    """Return a PNG: steps of shape (rows, columns), top row first, -1 see-through; palette of shape (255, 3)."""
    rows, columns = steps.shape
    index = np.where(steps < 0, CLEAR, steps).astype(np.uint8)
    lines = np.hstack([np.zeros((rows, 1), np.uint8), index])
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    clear = np.full(CLEAR + 1, 255, np.uint8)
    clear[CLEAR] = 0
    colours = np.vstack([palette, np.zeros((1, 3), np.uint8)])
    parts = ((b"IHDR", header), (b"PLTE", colours.tobytes()), (b"tRNS", clear.tobytes()),
             (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))  # fmt: skip
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def data_address(image: bytes) -> str:
    """Return an image as the address of itself: 'data:image/png;base64,…'."""
    return f"data:image/png;base64,{b64encode(image).decode('ascii')}"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
