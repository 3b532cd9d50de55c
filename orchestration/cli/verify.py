"""`planledger verify`: is a release what it says it is?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from assets.published.verify import verify_release
from orchestration.cli.options import data_option, json_option, settings_of


@click.command()
@click.argument("release", required=False)
@data_option
@json_option
def verify(release: str | None, data: Path | None, as_json: bool) -> None:
    """Check a RELEASE (a version or a folder; the latest by default): checksums, schemas, keys and evidence.

    Exit code 1 if anything differs.
    """
    settings = settings_of(data=data)
    folder = _folder(release, settings.releases)
    differences = verify_release(folder)
    if as_json:
        click.echo(json.dumps({"release": folder.name, "differences": differences}, indent=1))
    else:
        click.echo("\n".join(differences) or f"{folder}: checksums, schemas, keys and evidence hold")
    if differences:
        raise click.exceptions.Exit(1)


def _folder(release: str | None, releases: Path) -> Path:
    if release is None:
        pointer = releases / "latest.json"
        if not pointer.is_file():
            raise click.UsageError(f"there is no release in {releases}; make one with planledger run")
        release = str(json.loads(pointer.read_text())["path"])
    for folder in (releases / release, Path(release)):
        if (folder / "manifest.json").is_file():
            return folder
    raise click.UsageError(f"{release!r} is neither a version in {releases} nor a release's folder")
