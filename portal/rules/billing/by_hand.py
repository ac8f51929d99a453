"""Credit notes and invoices that somebody makes of an invoice by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.errors import Conflict, NotFound, RuleBroken
from portal.language.phrase import Money
from portal.rules.billing.draft import DraftLine, Quantity, Written, flat
from portal.rules.billing.settlement import NOTHING
from portal.rules.billing.vat import VatGroup

_LINES = ("input", "lines")


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line of an invoice; what is ``left`` of it, and what was ``waived``: credited by hand."""

    written: Written
    position: int
    quantity: Quantity
    net: Decimal
    group: VatGroup
    share: tuple[int, int] | None
    left: Decimal
    waived: Decimal = NOTHING

    def repeated(self, net: Decimal) -> DraftLine:
        """Give it with an amount, as it stood where that is its own."""
        quantity = self.quantity if net == self.net else flat(net)
        about = replace(self.written, of=self.position)
        return DraftLine(about, quantity, net, self.group, self.share)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of a line is to be credited; all that is left of it without an amount."""

    position: int
    net: Decimal | None = None


def credited(lines: Sequence[InvoiceLine], wanted: Sequence[Wanted]) -> list[DraftLine]:
    """Give the lines of a credit note; of all that is left where no line is named."""
    if not any(line.left for line in lines):
        raise Conflict("All of this document was credited already.", path=("input", "id"))
    if not wanted:
        return [line.repeated(line.left) for line in lines if line.left]
    return list(_of_lines(lines, wanted))


def _of_lines(lines: Sequence[InvoiceLine], wanted: Sequence[Wanted]) -> Iterator[DraftLine]:
    by_position = {line.position: line for line in lines}
    for index, one in enumerate(wanted):
        path = (*_LINES, str(index))
        line = by_position.pop(one.position, None)
        if line is None:
            raise NotFound(
                "The document has no such line, or it is named twice.", path=(*path, "position")
            )
        net = line.left if one.net is None else one.net
        if not 0 < net <= line.left or net != round(net, 2):
            raise RuleBroken(
                "At most {left} is left of this line.", path=(*path, "net"), left=Money(line.left)
            )
        yield line.repeated(net)


def repeated(lines: Sequence[InvoiceLine]) -> list[DraftLine]:
    """Give the lines of an invoice that takes the place of another one: what is left of that.

    Where nothing is left, what was waived is billed again.
    """
    amount = "left" if any(line.left for line in lines) else "waived"
    found = [line.repeated(net) for line in lines if (net := getattr(line, amount))]
    if not found:
        raise Conflict("Nothing of this document is left to be issued.", path=("input", "id"))
    return found
