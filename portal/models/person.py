"""People with a login, and the operator's staff among them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Identified, each_of, one_of
from portal.rules.form import email as email_form
from portal.rules.form import name as name_form
from portal.viewer import Language, Role, Scope


class Person(Identified, Base):
    """Somebody with a login; ``email`` is kept in lower case."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
        one_of("language", Language),
    )

    email: Mapped[str] = mapped_column(sa.String(254), unique=True, info={"form": email_form})
    name: Mapped[str] = mapped_column(sa.String(200), info={"form": name_form})
    language: Mapped[Language] = mapped_column(default=Language.NL)
    created_at: Mapped[datetime]


class Password(Base):
    """The Argon2 hash of a person's password, where no serving role can read it."""

    __tablename__ = "password"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(sa.String(200))


class PermissionProfile(Identified, Base):
    """A named set of scopes that managers give to employees."""

    __tablename__ = "permission_profile"
    __table_args__ = (each_of("scopes", Scope),)

    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    scopes: Mapped[list[str]]


class Staff(Base):
    """A person who works for the operator. A manager needs no profile; an employee does."""

    __tablename__ = "staff"
    __table_args__ = (
        sa.CheckConstraint("role IN ('EMPLOYEE', 'MANAGER')", name="role_known"),
        sa.CheckConstraint(
            "(role = 'EMPLOYEE') = (permission_profile_id IS NOT NULL)", name="employee_has_profile"
        ),
    )

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role]
    permission_profile_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("permission_profile.id")
    )
    deactivated_at: Mapped[datetime | None]
