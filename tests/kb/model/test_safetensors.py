import json
from pathlib import Path

import numpy as np

from kb.model.safetensors import read_floats


def test_floats_are_read_by_name_and_shape_and_other_types_are_left_out(tmp_path: Path) -> None:
    values = np.arange(6, dtype="<f4")
    header = {
        "__metadata__": {"format": "pt"},
        "ids": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]},
        "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [8, 32]},
    }
    written = json.dumps(header).encode()
    path = tmp_path / "x.safetensors"
    path.write_bytes(len(written).to_bytes(8, "little") + written + bytes(8) + values.tobytes())
    found = read_floats(path)
    assert found.keys() == {"a"}
    assert found["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
