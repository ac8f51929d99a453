"""Previews as tests make them, and the changes that are made as shown."""

from dataclasses import dataclass
from typing import Any

from tests.world import Kind
from tests.writing import Writer, problem, refusal

SHOWN = "startsOn endsOn earliestEnd deadline monthlyBefore monthlyAfter"
_REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"


@dataclass(frozen=True)
class Previewed:
    """A mutation with a preview, about one row of the account at hand."""

    writer: Writer
    mutation: str
    preview: str
    id: str

    async def show(
        self, given: dict[str, Any], kind: Kind = Kind.OWNER, fields: str = SHOWN
    ) -> dict[str, Any]:
        """Send the preview; give its own part of the response."""
        name = f"{self.mutation[0].upper()}{self.mutation[1:]}Input"
        response = await self.writer.api(
            f"mutation ($input: {name}!) {{ {self.preview}(input: $input) {{ __typename"
            f" ... on Preview {{ token validUntil {fields} }} {_REFUSAL} }} }}",
            self.writer.world.tokens[kind],
            input={"id": self.id} | given,
        )
        assert set(response) == {"data"}, response
        answer: dict[str, Any] = response["data"][self.preview]
        return answer

    async def token(self, given: dict[str, Any], kind: Kind = Kind.OWNER) -> str:
        """Send a preview that nothing stands in the way of, and give its token."""
        answer = await self.show(given, kind)
        assert answer["__typename"] == "Preview", answer
        token: str = answer["token"]
        return token

    async def make(
        self,
        given: dict[str, Any],
        token: str,
        kind: Kind = Kind.OWNER,
        fields: str = "startsOn endsOn",
    ) -> dict[str, Any]:
        """Send the change with a token; give its own part of the response."""
        sent = {"id": self.id, "previewToken": token} | given
        return await self.writer.change(self.mutation, kind, sent, fields)


def refused(code: str, message: str) -> dict[str, Any]:
    """Give the answer to a token that is not good for this."""
    return refusal(problem(code, "input.previewToken", message))


NOT_YOURS = refused("INVALID_INPUT", "This is no token of a preview of yours.")
OTHER_ARGUMENTS = refused("INVALID_INPUT", "The preview was made with other arguments.")
USED = refused("CONFLICT", "The preview was carried out already.")
