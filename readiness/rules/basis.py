"""What a sign-off stands on, as one fingerprint: change a part and the sign-off falls."""

import hashlib
import json
from collections.abc import Mapping

ALGORITHM = 1


def fingerprint(parts: Mapping[str, str]) -> str:
    """SHA-256 in hex of the parts, whatever their order."""
    text = json.dumps([ALGORITHM, sorted(parts.items())], separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
