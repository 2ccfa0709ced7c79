"""The address of a Dask scheduler: its form, and whether a scheduler answers there."""

import socket
import ssl
import time
from urllib.parse import SplitResult, urlsplit

from storesim.experiment.cluster_failures import ClusterError

AGAIN_AFTER_S = 0.2


def check_address(text: str) -> str | None:
    """Return what is wrong with the form of an address, and what would be right; None when nothing is."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port
        if whole and parts.username is None and not (parts.path or parts.query or parts.fragment):
            return None
    except ValueError:  # a port that is no number, half a bracket
        pass
    return f"'{text}' is no address of a Dask scheduler; write tcp://HOST:PORT or tls://HOST:PORT"


def refuse_silent(address: str, within_s: float) -> None:
    """Wait for a scheduler to speak, as it does to whoever comes: Dask's own client would wait for ever.

    Raises:
        ClusterError: none does within this time.
    """
    parts = urlsplit(address)
    context = _certificates() if parts.scheme == "tls" else None
    until = time.monotonic() + within_s
    while True:
        try:
            _listen(parts, context, max(until - time.monotonic(), AGAIN_AFTER_S))
            return
        except OSError as error:
            if isinstance(error, ssl.SSLError) or time.monotonic() + AGAIN_AFTER_S > until:
                raise ClusterError(f"no Dask scheduler answers at {address}: {_reason(error, parts)}") from error
        time.sleep(AGAIN_AFTER_S)


def _certificates() -> ssl.SSLContext:
    """Return the certificates of Dask's configuration.

    Raises:
        ClusterError: there are none, or they cannot be used.
    """
    import distributed

    try:
        context: ssl.SSLContext | None = distributed.Security().get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:
        raise ClusterError(f"the certificates that Dask's configuration names cannot be used: {error}") from error
    if context is None:
        raise ClusterError(
            "tls:// needs certificates; set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, "
            "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY"
        )
    return context


def _listen(parts: SplitResult, context: ssl.SSLContext | None, within_s: float) -> None:
    """Return once somebody there says something.

    Raises:
        OSError: nobody does.
    """
    with socket.create_connection((parts.hostname, parts.port), within_s) as plain:
        if context is None:
            _hear(plain)
        else:
            with context.wrap_socket(plain) as wrapped:
                _hear(wrapped)


def _hear(connection: socket.socket) -> None:
    if not connection.recv(1):
        raise ConnectionError("it hangs up")


def _reason(error: OSError, parts: SplitResult) -> str:
    match error:
        case ssl.SSLError():
            return f"the certificates do not fit, or it has none ({error.reason or error})"
        case TimeoutError():
            return "nobody does" + (", or it is a tls:// one" if parts.scheme == "tcp" else "")
    return (error.strerror or str(error)).lower()
