"""Where features are: a Parquet file, or a database by its URL."""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from mmfusion.data.feature_store import FeatureStore
from mmfusion.data.feature_table import FeatureTable, read_parquet, write_parquet
from mmfusion.files import locked
from mmfusion.orphans import remove_leftovers
from mmfusion.safe_text import safe_text

USER = re.compile(r"[^\s'\"]*@")
PARQUET, SQLITE = ".parquet", "sqlite:///"


@contextlib.contextmanager
def open_store(location: str | Path) -> Iterator[FeatureStore]:
    """Opens a place to write features to; what was written there before is kept.

    A Parquet file cannot grow, so its rows are gathered in a database in a hidden folder beside it,
    which stays for later runs; the file is written, whole, when the block ends.

    Args:
        location: str. `features.parquet`, or an SQLAlchemy URL.

    Yields:
        FeatureStore.

    Raises:
        RuntimeError: if another process writes this Parquet file, or the database fails.
        ValueError: if `location` is neither.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_telling(location))
        if not _is_parquet(location):
            yield stack.enter_context(FeatureStore(str(location)))
            return
        path = Path(location)
        folder = stack.enter_context(locked(path.with_name(f".{path.name}.rows")))
        store = stack.enter_context(FeatureStore(f"{SQLITE}{folder / 'rows.db'}"))
        yield store
        remove_leftovers(path.parent)
        write_parquet(path, store.read())


def read_features(
    location: str | Path,
    *,
    sets: Sequence[str] | None = None,
    where: Mapping[str, str] | None = None,
) -> FeatureTable:
    """Reads features from a Parquet file or a database.

    Args:
        location: str. `features.parquet`, or an SQLAlchemy URL.
        sets: sequence of str. Names as `"audio.mfcc"`; all by default.
        where: dict of manifest column to the value that a clip must have.

    Returns:
        FeatureTable, in the order of the manifest.

    Raises:
        FileNotFoundError: if there is no such file.
        RuntimeError: if the database fails.
        ValueError: if it holds no features.
    """
    path = str(location).removeprefix(SQLITE)
    if (_is_parquet(location) or path != str(location)) and not Path(path).is_file():
        raise FileNotFoundError(f"No features at this path. Received: {path}")
    with _telling(location), _naming(safe_text(location)):
        if _is_parquet(location):
            return read_parquet(path, sets=sets, where=where)
        with FeatureStore(str(location), reading=True) as store:
            return store.read(sets=sets, where=where)


@contextlib.contextmanager
def _telling(location):
    """Says what is wrong with a location or its database, without the password in it."""
    try:
        yield
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError):
        raise ValueError(
            f"Features go to a .parquet file or a database's URL. Received: {safe_text(location)}"
        ) from None
    except ModuleNotFoundError as error:
        raise ImportError(
            f"PostgreSQL needs a driver: pip install 'mmfusion[postgres]'. Received: {error}"
        ) from error
    except sa.exc.OperationalError as error:
        reason = USER.sub("", str(error.orig))  # of a URL read otherwise than it was meant
        raise RuntimeError(safe_text(f"{location}: the database fails: {reason}")) from error
    except sa.exc.DatabaseError as error:
        raise ValueError(safe_text(f"{location}: not our database: {error.orig}")) from error


@contextlib.contextmanager
def _naming(location):
    """Names the place of rows that do not fit, whatever their values make others raise."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        if str(error).startswith(location.removeprefix(SQLITE)):
            raise
        reason = safe_text(f"{type(error).__name__}: {error}")
        raise ValueError(f"{location}: not a table of features. Received: {reason}") from error


def _is_parquet(location):
    return str(location).endswith(PARQUET)
