"""The closed lists of the catalog (docs/admin/catalogue-format.md explains each)."""

from enum import StrEnum


class Kind(StrEnum):
    """What a resource is."""

    COURSE = "course"
    MODULE = "module"
    LIVE_SESSION = "live_session"
    VIDEO = "video"
    PODCAST = "podcast"
    ARTICLE = "article"
    BOOK = "book"
    CONFERENCE = "conference"
    COMMUNITY = "community"
    COACHING = "coaching"
    EXTERNAL_COURSE = "external_course"
    TOOL = "tool"


KIND_WORDS: dict[str, str] = {
    "course": "Course",
    "module": "Module",
    "live_session": "Live session",
    "video": "Video",
    "podcast": "Podcast",
    "article": "Article",
    "book": "Book",
    "conference": "Conference",
    "community": "Community",
    "coaching": "Coaching",
    "external_course": "Course elsewhere",
    "tool": "Tool",
}


class Modality(StrEnum):
    """How it reaches the educator."""

    SELF_PACED = "self_paced"
    LIVE_ONLINE = "live_online"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    ON_THE_JOB = "on_the_job"


MODALITY_WORDS: dict[str, str] = {
    "self_paced": "Any time, on your own",
    "live_online": "Live, online",
    "in_person": "In person",
    "hybrid": "In person and online",
    "on_the_job": "In your classroom",
}

LEVEL_WORDS: dict[int, str] = {1: "Starting", 2: "Building", 3: "Applying", 4: "Leading others"}

ACCESS_FEATURES: dict[str, str] = {
    "captions": "Captions",
    "transcript": "Transcript",
    "audio_description": "Audio description",
    "keyboard": "Works by keyboard",
    "screen_reader": "Works with a screen reader",
    "large_print": "Large print",
    "sign_language": "Sign language",
    "low_bandwidth": "Works on a slow line",
}


class Scheme(StrEnum):
    """Which list of the taxonomy a term belongs to."""

    TOPIC = "topic"
    SUBJECT = "subject"


class Status(StrEnum):
    """Draft is seen by those who manage the catalog; retired stays on plans and transcripts but is not offered."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
