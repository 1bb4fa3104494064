"""Both ways to sign in as one: tokens of the desk, and of an identity provider; and the page where one does."""

from __future__ import annotations

from networks.errors import Refused
from twin.api.doorkeeper import SignIn
from twin.desk import Person


class EitherSignIn:
    """Tokens of the desk's own people, and signed ones of a provider; one tells them apart by their dots.

    Args:
        people: The desk's.
        provider: Whom else we believe; None: nobody.
    """

    def __init__(self, people: SignIn, provider: SignIn | None = None) -> None:
        self.people, self.provider = people, provider

    def who(self, token: str) -> Person:
        """Whose token this is.

        Raises:
            Refused: Nobody's.
            StorageFailed: It cannot be told now.
        """
        if token.count(".") != 2:
            return self.people.who(token)
        if self.provider is None:
            raise Refused("the token is not good: no identity provider is believed here")
        return self.provider.who(token)
