"""What went wrong, told in a sentence, with the exit code that says whose turn it is."""

import os
import sys
from typing import TextIO

import click

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130
DEBUG = "STORESIM_DEBUG"


class InterruptedRunError(Exception):
    """The user stopped a run; the message says what is left of it."""


class WrongInputError(Exception):
    """What the user gave cannot be used; the message says what would be right."""


class FailedRunError(Exception):
    """Something besides the input stops a run; the message says what would help."""


def explain(error: BaseException, stream: TextIO) -> int:
    """Print what went wrong and return the exit code; a traceback only when STORESIM_DEBUG is set."""
    if os.environ.get(DEBUG) and not isinstance(error, SystemExit):
        _print_traceback(error, stream)
    match error:
        case SystemExit():
            return error.code if isinstance(error.code, int) else FAILED
        case click.ClickException():
            error.show(file=stream)
            return error.exit_code
        case InterruptedRunError() | click.Abort() | KeyboardInterrupt():
            click.echo(f"interrupted; {str(error) or 'nothing was written'}", file=stream)
            return INTERRUPTED
    return _explain_own(error, stream)


def _explain_own(error: BaseException, stream: TextIO) -> int:
    """Explain what the floors below raise, and what nobody expected."""
    if _is_a(error, "storesim.inputs.mistakes", "InputError"):
        click.echo(str(error), file=stream)
        return WRONG_INPUT
    if isinstance(error, WrongInputError) or _is_a(error, "storesim.report.run_directory", "RunDirectoryError"):
        click.echo(f"storesim: {error}", file=stream)
        return WRONG_INPUT
    if isinstance(error, FailedRunError):
        click.echo(f"storesim: {error}", file=stream)
        return FAILED
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"storesim: {where}{error.strerror.lower()}", file=stream)
        return FAILED
    click.echo(f"storesim: failed with {_in_a_line(error)}; {_details(error)}", file=stream)
    return FAILED


def _is_a(error: BaseException, module: str, name: str) -> bool:
    """Return whether the error is of a class, without importing: a class not loaded was not raised."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(error, kind)


def _in_a_line(error: BaseException) -> str:
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words[:160]}" if words else type(error).__name__


def _details(error: BaseException) -> str:
    """Write the traceback to a file of its own and say where."""
    import tempfile

    try:
        handle, name = tempfile.mkstemp(prefix="storesim-", suffix=".txt", text=True)
        with os.fdopen(handle, "w", encoding="utf-8") as details:
            _print_traceback(error, details)
    except OSError:
        return f"set {DEBUG}=1 to see the details"
    return f"the details are in {name}"


def _print_traceback(error: BaseException, stream: TextIO) -> None:
    import traceback

    traceback.print_exception(error, file=stream)
