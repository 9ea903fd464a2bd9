"""An address as a picture that a phone's camera reads."""

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 2  # modules around it: the card it stands on is white as well


@lru_cache(maxsize=256)
def drawn_qr(address: str, label: str) -> SafeString:
    """The picture as SVG without any style of its own: one path, in the colour around it."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make(fit=True)
    side = code.modules_count + 2 * QUIET
    dots = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, line in enumerate(code.modules)
        for x, is_dark in enumerate(line)
        if is_dark
    )
    return SafeString(
        f'<svg class="qr" role="img" aria-label="{escape(label)}" viewBox="0 0 {side} {side}"'
        f' shape-rendering="crispEdges"><path fill="currentColor" d="{dots}"/></svg>'
    )
