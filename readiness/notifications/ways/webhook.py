"""Any other program, by the Standard Webhooks convention: signed, under a name that stays.

The signature is over the name of the call, its time and its body, so that neither can be put
together with another; see https://github.com/standard-webhooks/standard-webhooks.
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime

from readiness.notifications.queries.told import Told

PREFIX, BYTES = "whsec_", 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def written(told: Told, secret: str, name: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    """The body and its signature. `name` stays through all tries: it tells a repeat."""
    body = json.dumps(
        {
            "type": told.kind,
            "timestamp": told.at.isoformat(),
            "data": {"sentence": told.sentence, "url": told.url, **told.data, **_lines(told)},
        }
    ).encode()
    stamp = str(int(now.timestamp()))
    return body, {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature(secret, name, stamp, body)}",
    }


def _lines(told: Told) -> dict[str, list[dict[str, str]]]:
    return {"lines": [line._asdict() for line in told.lines]} if told.lines else {}


def signature(secret: str, name: str, stamp: str, body: bytes) -> str:
    """The HMAC-SHA256 of "name.stamp.body" by the secret's bytes, in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{name}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
