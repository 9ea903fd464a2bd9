"""People, teams, and the roles people hold in them."""

import hashlib
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from readiness.accounts.zones import check_zone
from readiness.web import locales

HUES = 12
WORKDAYS = [1, 2, 3, 4, 5]


def ordinary_workdays() -> list[int]:
    """Monday to Friday, as ISO weekdays."""
    return list(WORKDAYS)


class Role(StrEnum):
    """What a person may be in a team, or in all teams."""

    VIEWER = "viewer"
    MEMBER = "member"
    LEAD = "lead"
    APPROVER = "approver"
    EDITOR = "editor"
    AUDITOR = "auditor"


class Theme(StrEnum):
    """The side of every colour; the system decides until the person does."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class UserManager(BaseUserManager["User"]):
    """Makes people; the first one comes from the command line only."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. Deactivated when they leave, never deleted: what they signed stays theirs.

    `is_guest` once a launch of somebody else's team let them in: of all others it is not asked.
    `next_hour_at` is when their hour for mails comes next; without it nobody has looked since
    they chose. `returned_address` is the one that mails to them came back from.
    """

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC", validators=[check_zone])
    digest_hour = models.PositiveSmallIntegerField(
        default=9, validators=[MinValueValidator(0), MaxValueValidator(23)]
    )
    workdays = ArrayField(models.PositiveSmallIntegerField(), default=ordinary_workdays, size=7)
    theme = models.CharField(
        max_length=6,
        default=Theme.SYSTEM.value,
        choices=[(theme.value, theme.value.title()) for theme in Theme],
    )
    locale = models.CharField(max_length=5, default=locales.PLAIN.key, db_default=locales.PLAIN.key)
    keys_on = models.BooleanField(default=True)
    mails_on = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_site_admin = models.BooleanField(default=False)
    is_guest = models.BooleanField(default=False, db_default=False)
    returned_address = models.EmailField(max_length=254, blank=True, default="", db_default="")
    joined_at = models.DateTimeField(null=True, blank=True)
    next_hour_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
            models.CheckConstraint(
                condition=Q(digest_hour__lt=24), name="digest_hour_is_an_hour_of_the_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_hour_at"], condition=Q(is_active=True), name="person_by_next_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        """Two letters that stand for the person in an avatar."""
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @property
    def hue(self) -> int:
        """One of the avatar hues, the same for as long as their address is."""
        return hashlib.sha256(self.email.encode()).digest()[0] % HUES

    @property
    def mails_come_back(self) -> bool:
        """Whether mails came back from the address they have now: another one is not meant."""
        return bool(self.email) and self.returned_address.lower() == self.email.lower()

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Session(AbstractBaseSession):
    """Somebody signed in with one browser; nobody yet while they are signing in.

    `last_seen_at` is written once an hour at most, so it is that much behind.
    """

    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    agent = models.CharField(max_length=200, blank=True, default="", db_default="")
    signed_in_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)


class Team(models.Model):
    """A group of people who launch models together.

    `quorum` is how many approvers a GO of its launches takes, where a launch says nothing else;
    as its checklist says, or all of them, where the team says nothing either.
    """

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=64, unique=True)
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person holds a role in a team; without a team, in every one."""

    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(
        max_length=10, choices=[(role.value, role.value.title()) for role in Role]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "team", "role"],
                name="a_role_is_held_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} is {self.role} in {self.team or 'every team'}"


class AddressChange(models.Model):
    """The mail address that a person asked for; theirs once a link in a mail to it was used.

    Gone when it is settled, or asked for anew: what happened is in the log.
    """

    person = models.OneToOneField(
        User, models.PROTECT, primary_key=True, related_name="address_change"
    )
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} asked for another address"


class Absence(models.Model):
    """The days on which a person is away, and who stands in for them. A later one replaces it.

    It lasts from the first instant of `first_on` to the last of `last_on` in the zone that was
    theirs when it was said. Owners and approvers stay who they are: who hears for them is found
    out whenever somebody asks.
    """

    person = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="absence")
    first_on = models.DateField()
    last_on = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stand_in = models.ForeignKey(User, models.PROTECT, null=True, related_name="standing_in_for")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(begins_at__lt=F("ends_at")), name="who_goes_away_comes_back"
            ),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("person")),
                name="nobody_stands_in_for_themselves",
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="absence_by_end")]

    def __str__(self) -> str:
        return f"{self.person} until {self.last_on}"

    def covers(self, at: datetime) -> bool:
        return self.begins_at <= at < self.ends_at


class Invitation(models.Model):
    """A mail address asked into a team. The link of its latest mail lets one person in, once.

    `sent` counts its mails: a link knows which of them it came in, and only the latest works.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    roles = ArrayField(models.CharField(max_length=10), size=6)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="invitations")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_standing_invitation_per_address_and_team",
            ),
        ]
        indexes = [
            models.Index(fields=["email", "-sent_at"], name="invitation_by_address"),
            models.Index(fields=["invited_by", "-sent_at"], name="invitation_by_inviter"),
            models.Index(
                fields=["ends_at"], condition=Q(revoked_at=None), name="invitation_not_revoked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} into {self.team}"
