"""Organisations, persons, memberships, accounts and the educator's own profile."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models

from lantern.domain.people.types import JobKind, OrganisationKind, Role, mask_to_grades
from lantern.domain.privacy.types import DataClass, Privacy
from lantern.engine.untrusted import is_words
from lantern.kernel.ids import IdField
from lantern.kernel.sealing import KeyColumn, SealedJson
from lantern.kernel.tenancy import TenantModel


class Organisation(TenantModel):
    """A state, region, district or school. One that is a tenant names itself as its tenant."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PUBLIC)
    inherited: ClassVar[bool] = True

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in OrganisationKind])
    name = models.CharField(max_length=200)
    identifier = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=40, blank=True)
    sourced_id = models.CharField(max_length=255, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tenant", "source", "sourced_id"],
                condition=~models.Q(sourced_id=""),
                name="organisation_sourced_once",
            ),
        )
        indexes = (models.Index(fields=["parent"], name="organisation_parent"),)

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Finds and makes accounts; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "Account":
        """Make an account; without a password it can only sign in by another way."""
        account = self.model(email=email.strip().lower(), **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Find by e-mail in any case."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """What one signs in with. It has no power of its own: roles come from memberships, and there is no superuser."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.OFFICIAL, owner="persons")

    id = IdField()
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    # Her password is long enough only beside a second step, so the last one cannot go before she chooses a longer one.
    short_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return self.email

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Say no: rules live in each feature's policy."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Say no: rules live in each feature's policy."""
        return False


class Person(TenantModel):
    """One educator in one tenant, as the roster knows her."""

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.OFFICIAL,
        owner="self",
        fields={"sealing_key": DataClass.PRIVATE},
        on_erase="keep: name only, while records need it",
    )

    account = models.ForeignKey("lantern.Account", null=True, on_delete=models.SET_NULL, related_name="persons")
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    job_kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in JobKind], default=JobKind.TEACHER.value
    )
    job_title = models.CharField(max_length=120, blank=True)
    years_experience = models.PositiveSmallIntegerField(null=True)
    grades_mask = models.PositiveIntegerField(default=0)
    subjects = models.JSONField(default=list)
    # She put job, grades, subjects or years right: the roster leaves them alone.
    own_facts = models.BooleanField(default=False)
    source = models.CharField(max_length=40, blank=True)
    sourced_id = models.CharField(max_length=255, blank=True)
    active = models.BooleanField(default=True)
    ended_on = models.DateField(null=True)
    # What seals her private words and files (kernel/sealing); empty once she was erased.
    sealing_key = KeyColumn()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tenant", "source", "sourced_id"],
                condition=~models.Q(sourced_id=""),
                name="person_sourced_once",
            ),
            models.UniqueConstraint(fields=["tenant", "account"], name="person_account_once"),
        )
        indexes = (
            models.Index(fields=["tenant", "family_name", "given_name"], name="person_by_name"),
            models.Index(fields=["tenant", "email"], name="person_by_email"),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return given and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        """Return two letters for the round picture."""
        return (self.given_name[:1] + self.family_name[:1]).upper() or "?"

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the grades taught, in order."""
        return mask_to_grades(self.grades_mask)


class Membership(TenantModel):
    """A role of a person at an organisation, from one day to another."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.OFFICIAL, owner="person")

    person = models.ForeignKey("lantern.Person", on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("lantern.Organisation", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    primary = models.BooleanField(default=False)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "organisation", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(begins_on__isnull=True)
                | models.Q(ends_on__gte=models.F("begins_on")),
                name="membership_ends_after_it_begins",
            ),
        )
        indexes = (models.Index(fields=["organisation", "role"], name="membership_of"),)

    def __str__(self) -> str:
        return f"{self.role} membership"


class Profile(TenantModel):
    """What an educator said about herself, in the two-minute start and later. Hers alone, never from a roster."""

    privacy: ClassVar[Privacy] = Privacy(DataClass.PRIVATE, owner="person")

    person = models.OneToOneField("lantern.Person", on_delete=models.CASCADE, related_name="profile")
    started_at = models.DateTimeField(null=True)
    minutes_per_week = models.PositiveSmallIntegerField(default=40)
    interests = SealedJson(default=list)
    strengths = SealedJson(default=list)
    liked_kinds = models.JSONField(default=list)
    valued = SealedJson(default=list)  # ids of resources she did before and found worth it
    motivations = models.JSONField(default=list)
    draws_most = models.CharField(max_length=20, blank=True)  # of the motivations, the one she named first
    factors_off = models.JSONField(default=list)
    sliders = models.JSONField(default=dict)  # how much each part of the match counts for her, where not as usual
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    mail_digest = models.CharField(max_length=10, default="weekly")

    def __str__(self) -> str:
        return "profile"

    def clean(self) -> None:
        """Refuse lists and sliders that hold anything else: one of them would stop whatever reads everybody's."""
        for name in ("interests", "strengths", "liked_kinds", "valued", "motivations", "factors_off"):
            if not is_words(getattr(self, name)):
                raise ValidationError(f"its {name} are no list of words")
        if not isinstance(self.sliders, dict) or not all(
            type(weight) in {int, float} and 0 <= weight <= 2 for weight in self.sliders.values()
        ):
            raise ValidationError("its sliders are no numbers from 0 to 2")


class ImportRun(TenantModel):
    """One import that was previewed or carried out: what it read, counted and refused. Shown to operators."""

    privacy: ClassVar[Privacy] = Privacy(
        DataClass.OFFICIAL, owner="actor", on_erase="keep: what was imported, without the name"
    )

    kind = models.CharField(max_length=20)
    actor = models.ForeignKey("lantern.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    filename = models.CharField(max_length=200)
    upload = models.CharField(max_length=80, blank=True)  # its name under LANTERN_UPLOADS; "" when read where it lay
    job = models.ForeignKey("lantern.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    format = models.CharField(max_length=40, blank=True)
    dry_run = models.BooleanField(default=False)
    outcome = models.CharField(max_length=20, default="running")
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    notes = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "-at"], name="import_newest"),)

    def __str__(self) -> str:
        return f"{self.kind} import of {self.at:%Y-%m-%d %H:%M}"
