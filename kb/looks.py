"""How our pages look: the folder with the style sheet and the icon, which each of our servers serves as /static/….

`design.css` has the tokens (light, dark, print), the base elements and the components; what only some pages need stands
in sheets of their own beside them.
"""

import hashlib
from pathlib import Path

DESIGN = Path(__file__).with_name("design")


def version_of(*folders: Path) -> str:
    """Changes with any file of `folders`: part of the files' addresses, so that browsers may keep them for ever."""
    files = (path for folder in folders for path in sorted(folder.iterdir()) if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
