"""The large bodies."""


def png() -> bytes:
    """64 KB that begin like a PNG image."""
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + bytes((i * i + (i >> 3)) & 0xFF for i in range(len(signature), 65_536))


def text(size: int) -> str:
    """The line "0123456789abcdef" again and again, cut at the size."""
    line = "0123456789abcdef\n"
    return (line * (size // len(line) + 1))[:size]
