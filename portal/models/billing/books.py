"""Up to which day the books are closed."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.database.addresses import APP, STAFF, WORKER
from portal.models.base import Base, Identified
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import READING, Shared, Wall, may


class BooksClosing(Identified, Base):
    """A day up to which the books are closed: what days cost until then changes no more.

    The latest day holds, and no row is taken back: the books are never opened again.
    """

    __tablename__ = "books_closing"
    # Whoever asks for a day that is over is told, also in the name of a manager.
    wall = Wall(Shared(), {APP: READING, STAFF: may("SELECT, INSERT"), WORKER: READING})
    history = History.OPERATOR
    erasure = (kept(),)

    closed_until: Mapped[date] = mapped_column(index=True)
    closed_at: Mapped[datetime]
