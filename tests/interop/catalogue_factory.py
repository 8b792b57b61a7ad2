"""Makes catalogues of any size in Lantern's own CSV format: plausible, varied, and the same for the same seed."""

from __future__ import annotations

import csv
import io
import random

from lantern.interop.catalogue.records import ACCESS_FEATURES, KINDS, MODALITIES, CatalogueRecord

TOPICS = {
    "formative-assessment": "checking for understanding while there is time to change the lesson",
    "classroom-discussion": "talk in which every student reasons aloud",
    "literacy-across-subjects": "reading and writing as tools of every subject",
    "multilingual-learners": "language support that keeps the thinking demanding",
    "inclusive-practice": "planning for the students a lesson usually leaves out",
    "behaviour-routines": "routines that make a room calm and fair",
    "data-literacy": "reading evidence of learning without fooling oneself",
    "digital-tools": "choosing technology for a reason",
    "project-based-learning": "long tasks with a real audience",
    "mentoring": "observing, listening and giving feedback to a colleague",
    "curriculum-design": "sequencing knowledge over years",
    "wellbeing": "looking after oneself and one's students",
}
SUBJECTS = ("mathematics", "science", "english", "history", "computing", "art", "music", "world-languages", "pedagogy")
OPENINGS = (
    "Getting started with",
    "Deeper into",
    "Leading",
    "A practical guide to",
    "Case studies in",
    "The research on",
    "A conversation about",
    "Planning for",
    "Ten minutes on",
)
GRADES = ("K-2", "3-5", "6-8", "9-12", "PK;K", "K-12", "6;7", "")
PROVIDERS = ("Riverbend School District", "State Education Office", "Open Teaching Commons", "Hillside University", "")
COLUMNS = [name for name in CatalogueRecord.__slots__ if name != "cost_cents"] + ["cost"]


def generate_catalogue(n: int, seed: int) -> bytes:
    """Return a Lantern catalogue CSV of `n` resources with external ids gen-00000 onwards, every row importable."""
    chance = random.Random(seed)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(_row(number, chance) for number in range(n))
    return out.getvalue().encode()


def _row(number: int, chance: random.Random) -> dict[str, object]:
    topic, second = chance.sample(list(TOPICS), 2)
    kind, subject = chance.choice(KINDS), chance.choice(SUBJECTS)
    title = f"{chance.choice(OPENINGS)} {topic.replace('-', ' ')} in {subject.replace('-', ' ')} ({number})"
    links = {f"digcompedu:{chance.randint(1, 6)}.{chance.randint(1, 3)}@{chance.randint(1, 6)}" for _ in range(3)}
    paid = chance.random() < 0.15
    return {
        "external_id": f"gen-{number:05d}",
        "title": title,
        "summary": f"{TOPICS[topic].capitalize()}, with examples from {subject.replace('-', ' ')}.",
        "description": f"## What you will do\n\n- Study {TOPICS[topic]}\n- Then compare {TOPICS[second]}",
        "url": f"https://catalogue.example/{kind}/{number}",
        "kind": kind,
        "modality": chance.choice(MODALITIES),
        "minutes": chance.choice((5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 600, "")),
        "level": chance.choice((1, 1, 2, 2, 2, 3, 3, 4, "")),
        "grades": chance.choice(GRADES),
        "subjects": subject,
        "topics": f"{topic};{second}",
        "competencies": ";".join(sorted(links)[: chance.randint(0, 3)]),
        "language": chance.choice(("en", "en", "en", "en", "es", "fr-CA")),
        "cost": f"{chance.randint(5, 400)}.{chance.choice(('00', '50', '99'))}" if paid else "0",
        "currency": "USD" if paid else "",
        "provider": chance.choice(PROVIDERS),
        "access_features": ";".join(chance.sample(ACCESS_FEATURES, chance.randint(0, 4))),
        "initiative": chance.choice(("", "", "Science of reading", "New teacher induction")),
        "credit_hours": chance.choice(("", "", "0.5", "1", "2.5", "10")),
        "credit_type": "",
        "prerequisites": f"gen-{chance.randrange(number):05d}" if number and chance.random() < 0.1 else "",
        "published": f"20{chance.randint(15, 26)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        "licence": chance.choice(("CC BY 4.0", "")),
        "attribution": "",
        "source": "generated",
    }
