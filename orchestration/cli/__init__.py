"""The `planledger` command: one module per group of subcommands, thin over what the other folders do."""

from __future__ import annotations

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

from assets.published.release import NotPublishableError
from assets.raw.sources import SourceError
from expectations.gate import GateFailedError
from orchestration.cli.evaluate import evaluate
from orchestration.cli.ingest import ingest
from orchestration.cli.learn import learn_residue
from orchestration.cli.look import explain, ledger, query, status
from orchestration.cli.quarantine import quarantine
from orchestration.cli.run import run
from orchestration.cli.ui import ui
from orchestration.cli.verify import verify
from orchestration.serving import NoReleaseError
from warehouse import __version__
from warehouse.connection import WarehouseBusyError, WarehouseUnusableError
from warehouse.reference import ReferenceDataError
from warehouse.settings import Settings

_HELP = """Turn reports on North Korea's planned economy into a curated, traceable dataset.

\b
Settings, each also an option where it applies:
  PLANLEDGER_DATA        folder everything is written to (data)
  PLANLEDGER_ENGINE      processes or local (processes)
  PLANLEDGER_WORKERS     processes to use, 0 for one per core (0)
  PLANLEDGER_BATCH_ROWS  documents handed to a stage at a time (200)
  PLANLEDGER_MEMORY      what the database may use before it puts data aside on disk (4GB)
  PLANLEDGER_FEEDS       feeds and sitemaps the daily schedule fetches, divided by spaces, with those in feeds.txt
                         of the data folder (none)
  PLANLEDGER_HOST_DELAY  seconds between two requests to one host (1)
  PLANLEDGER_ALLOW_PRIVATE_NETWORKS
                         1 lets addresses in private networks and on this machine be fetched (0)

\b
Exit codes: 0 done; 1 a gate failed or a verification differs, nothing was published; 2 bad usage or unreadable
input; 130 interrupted, safe to run again.
"""

_REFUSED = (GateFailedError, NotPublishableError)
_BAD_INPUT = (SourceError, NoReleaseError, WarehouseBusyError, WarehouseUnusableError, ReferenceDataError, ValueError)


@click.group(help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="planledger")
def cli() -> None:
    """The group all subcommands belong to."""


for _command in (run, ingest, status, query, ledger, explain, quarantine, verify, evaluate, learn_residue, ui):
    cli.add_command(_command)


def main() -> None:
    """Run the command; every failure ends in one sentence and an exit code."""
    sys.exit(_guarded(sys.argv[1:]))


def _guarded(arguments: list[str]) -> int:
    try:
        code = cli.main(args=arguments, prog_name="planledger", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _say("interrupted; what was finished is kept, run again to go on", 130)
    except click.ClickException as error:
        return _say(error.format_message(), 2)
    except _REFUSED as error:
        return _say(str(error), 1)
    except _BAD_INPUT as error:
        return _say(str(error), 2)
    except BrokenPipeError:
        return 0
    except Exception as error:
        return _say(f"unexpected {type(error).__name__}: {error}; the details are in {_logged()}", 1)


def _say(sentence: str, code: int) -> int:
    print(f"planledger: {' '.join(sentence.split())}", file=sys.stderr)
    return code


def _logged() -> Path:
    """Append the traceback under way to the error log and return the log's path."""
    log = Settings.from_environment().data / "errors.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as handle:
        handle.write(f"{datetime.now(UTC).isoformat()}\n{traceback.format_exc()}\n")
    return log
