"""What a part of a URL may be."""

LARGEST = 2**63 - 1


class Id:
    """The id of a row; one that no row can have is a page that is not here."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return str(value)
