"""The model card is that of the model that the package carries."""

import json
from pathlib import Path

MODEL = Path(__file__).parents[3] / "data" / "models" / "ranker"


def test_the_card_names_the_version_of_the_model():
    version = json.loads((MODEL / "manifest.json").read_text())["version"]
    assert f"`{version}`" in (MODEL / "README.md").read_text()


def test_the_model_is_small():
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 2_000_000
