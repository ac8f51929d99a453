"""People with a login, and the operator's staff among them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database.addresses import APP, LOGIN
from portal.models.base import Base, Identified, Versioned, each_of, one_of
from portal.models.erasure import DeletedData, by_person, deleted, kept, replaced
from portal.models.key import sort_key_of, unique_key_of
from portal.models.recording import History, unrecorded
from portal.models.wall import VIEWER, Policy, closed, may, of_person, staff_only
from portal.rules.form import email as email_form
from portal.viewer import Language, Role, Scope


class Person(Identified, Base):
    """Somebody with a login; ``email`` is kept in lower case."""

    __tablename__ = "person"
    wall = of_person(
        "id",
        known_through="member.person_id",
        app=may("SELECT", update=["name", "language"]),
        # Colleagues are seen, not written.
        policies=(
            Policy(
                *("own_update", APP, "UPDATE"),
                using=f"id = {VIEWER}",
                check=f"id = {VIEWER}",
                is_restrictive=True,
            ),
            Policy("login_rows", LOGIN, "INSERT", check=f"id = {VIEWER}"),
        ),
        login=may("INSERT"),
    )
    # What people call themselves is theirs, and goes with them.
    history = History.NONE
    erasure = (
        replaced(
            DeletedData.LOGINS,
            name="'deleted'",
            email="t.id || '@deleted.invalid'",
            whose=by_person("id"),
        ),
        kept("language", "created_at"),
    )
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
        one_of("language", Language),
    )

    email: Mapped[str] = mapped_column(sa.String(254), unique=True, info={"form": email_form})
    sort_email: Mapped[str] = sort_key_of("email")
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_name: Mapped[str] = sort_key_of("name")
    language: Mapped[Language] = mapped_column(default=Language.NL)
    created_at: Mapped[datetime]


class Password(Base):
    """The Argon2 hash of a person's password, where no serving role can read it."""

    __tablename__ = "password"
    wall = closed(
        functions=[
            "change_password",
            "erase_viewer",
            "find_password",
            "finish_password_reset",
            "finish_registration",
            "own_password",
            "rehash_password",
        ]
    )
    erasure = (deleted(DeletedData.LOGINS, whose=by_person("person_id")),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(sa.String(200))


class PermissionProfile(Identified, Versioned, Base):
    """A named set of scopes that managers give to employees."""

    __tablename__ = "permission_profile"
    wall = staff_only(Role.MANAGER)
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (sa.UniqueConstraint("unique_name"), each_of("scopes", Scope))

    name: Mapped[str] = mapped_column(sa.String(80))
    unique_name: Mapped[str] = unique_key_of("name")
    sort_name: Mapped[str] = sort_key_of("name")
    scopes: Mapped[list[str]]


class Staff(Identified, Versioned, Base):
    """A person who works for the operator. A manager needs no profile; an employee has one."""

    __tablename__ = "staff"
    wall = staff_only(Role.MANAGER)
    history = History.OPERATOR
    erasure = (kept("role", "deactivated_at", "version"),)
    __table_args__ = (
        sa.CheckConstraint("role IN ('EMPLOYEE', 'MANAGER')", name="role_known"),
        sa.CheckConstraint(
            "(role = 'EMPLOYEE') = (permission_profile_id IS NOT NULL)", name="employee_has_profile"
        ),
    )

    # The entry says whom it is about.
    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("person.id"), unique=True, info=unrecorded()
    )
    role: Mapped[Role]
    permission_profile_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("permission_profile.id")
    )
    deactivated_at: Mapped[datetime | None]
