"""Each field of each table with its class, reviewed by people; not derived from the code under test (trust.md 3.2).

`private sealed` lies sealed in the database (decision 0032). A new field fails `test_field_table.py` until somebody has
put it where it belongs. Who changes a line here says in the commit why the class is right.
"""

FIELDS: dict[tuple[str, str], str] = {
    ("Account", "official"): """
        password last_login id email is_active short_password created_at
    """,
    ("Activity", "private"): """
        id tenant person resource kind minutes competency state percent minutes_spent happened_on from_before
        created_at started_at finished_at updated_at
    """,
    ("Activity", "private sealed"): """
        title provider url
    """,
    ("Announcement", "public"): """
        id tenant organisation title body job_kinds author published_at
    """,
    ("Association", "public"): """
        id tenant framework identifier kind origin destination destination_title sequence extra
    """,
    ("AssessmentItem", "public"): """
        id tenant competency external_id question options right level area language status retired_because
        author_difficulty author_discrimination difficulty discrimination guessing calibrated calibrated_at
        answers seen verdict flags worded_at updated_at
    """,
    ("AuditRecord", "official"): """
        id tenant sequence at action method outcome status request_id seal person_id objects_named private
    """,
    ("CalendarSubscription", "private"): """
        id tenant person left_out read_at tried_at failing_since created_at
    """,
    ("CalendarSubscription", "private sealed"): """
        address busy trouble
    """,
    ("Check", "private"): """
        id tenant person competency seed contributes started_at finished_at
    """,
    ("CheckAnswer", "private"): """
        id tenant check_taken item position chosen right at
    """,
    ("ClassStandard", "private"): """
        id tenant own_class competency counts
    """,
    ("ClassStandard", "private sealed"): """
        code
    """,
    ("CoachLink", "consented"): """
        id tenant educator coach state asked_at answered_at ended_at
    """,
    ("CoachLink", "consented sealed"): """
        message
    """,
    ("Competency", "public"): """
        id tenant framework parent identifier uri code name statement item_type position depth selectable
        ended_on extra
    """,
    ("CreditEntry", "official"): """
        id tenant person rule credit_type hundredths minutes title source_kind source_id earned_on period
        reverses reason at
    """,
    ("CreditRule", "public"): """
        id tenant name version credit_type effective_from minutes_per_hour step_minutes most_minutes
        outside_needs_evidence
    """,
    ("Dismissal", "private"): """
        id tenant person resource why at
    """,
    ("DoorRecord", "official"): """
        sequence at action method outcome status request_id seal id account_id address times
    """,
    ("DoorTally", "official"): """
        id hour address action method status times last_at
    """,
    ("EmergencyAccess", "official"): """
        id tenant person reason asked_by asked_by_name asked_at agreed_by agreed_by_name agreed_at ends_at
        legal_hold told_at
    """,
    ("EventRecord", "official"): """
        id tenant name actor request_id at data
    """,
    ("Evidence", "private"): """
        id tenant person activity file kind state refusal students keep_until job at
    """,
    ("Evidence", "private sealed"): """
        note
    """,
    ("FileSpace", "private"): """
        id tenant owner used
    """,
    ("Framework", "public"): """
        id tenant identifier uri title creator publisher version language adoption_status licence_title
        licence_uri source_url notes levels extra content_hash imported_at
    """,
    ("Goal", "private"): """
        id tenant person competency target_level due_on initiative linked_on state created_at updated_at
        ended_at
    """,
    ("Goal", "private sealed"): """
        title why measure baseline target
    """,
    ("GoalCheck", "private"): """
        id tenant goal on at
    """,
    ("GoalCheck", "private sealed"): """
        value note
    """,
    ("GoalMeasure", "private"): """
        id tenant goal standard
    """,
    ("GroupNeed", "team"): """
        id tenant organisation proposed_by competency title answer closed_at created_at
    """,
    ("GroupNeedVote", "team"): """
        id tenant group_need person at
    """,
    ("IdempotencyKey", "private"): """
        id tenant person key fingerprint status location at
    """,
    ("ImportRun", "official"): """
        id tenant kind actor filename upload job format dry_run outcome counts errors notes at
    """,
    ("Initiative", "public"): """
        id tenant organisation title summary begins_on ends_on created_at
    """,
    ("Job", "official"): """
        id tenant name actor arguments state tries done total message result created_at started_at ended_at
    """,
    ("JobFramework", "public"): """
        id tenant job_kind framework
    """,
    ("JointChange", "team"): """
        id tenant plan by about step kind before after at
    """,
    ("JointMember", "team"): """
        id tenant plan person state asked_by at
    """,
    ("JointPart", "team"): """
        id tenant step member named done_at
    """,
    ("JointPlan", "team"): """
        id tenant title why group_need version created_at updated_at
    """,
    ("JointStep", "team"): """
        id tenant plan resource title minutes monday everybody version created_at removed_at
    """,
    ("JointTaken", "private"): """
        id tenant person step activity at
    """,
    ("LevelEvidence", "private"): """
        id tenant person competency kind level sd giver source_id at
    """,
    ("LevelEvidence", "private sealed"): """
        words
    """,
    ("Licence", "official"): """
        id tenant person name credit_type hours_needed counts_from renews_on
    """,
    ("LinkAsked", "official"): """
        id email url at
    """,
    ("Look", "private"): """
        id tenant person viewer viewer_name viewer_role via item_kind item_id at emergency
    """,
    ("Look", "private sealed"): """
        purpose
    """,
    ("Membership", "official"): """
        id tenant person organisation role primary begins_on ends_on source
    """,
    ("MentorOffer", "team"): """
        id tenant person about most_people at
    """,
    ("MentorStrength", "team"): """
        id tenant offer competency
    """,
    ("Need", "private"): """
        id tenant person competency source also_from wanted_level state created_at ended_at
    """,
    ("Need", "private sealed"): """
        words
    """,
    ("Notice", "private"): """
        id tenant person kind item_id from_name at read_at
    """,
    ("Observation", "consented"): """
        id tenant link educator competency level on state at answered_at
    """,
    ("Observation", "consented sealed"): """
        saw
    """,
    ("Organisation", "public"): """
        id tenant parent kind name identifier source sourced_id active
    """,
    ("OutboxMessage", "private"): """
        id tenant person address subject body message_id state created_at claimed_at sent_at
    """,
    ("OwnClass", "private"): """
        id tenant person created_at
    """,
    ("OwnClass", "private sealed"): """
        label
    """,
    ("OwnPathway", "private"): """
        id tenant person copied_from created_at updated_at
    """,
    ("OwnPathway", "private sealed"): """
        title structure choices
    """,
    ("PeerWeights", "aggregate"): """
        id tenant term ends_before fitted_at floor outcome items arrays
    """,
    ("Person", "official"): """
        id tenant account given_name family_name email job_kind job_title years_experience grades_mask
        subjects own_facts source sourced_id active ended_on
    """,
    ("Person", "private"): """
        sealing_key
    """,
    ("Plan", "private"): """
        id tenant person begins_on weeks version left_version updated_at
    """,
    ("PlanItem", "private"): """
        id tenant plan activity goal monday position spread pinned added_at
    """,
    ("PlanDraft", "private"): """
        id tenant person state plan_version number made_at
    """,
    ("PlanDraft", "private sealed"): """
        asked found other
    """,
    ("PlanItem", "private sealed"): """
        reason
    """,
    ("PlanWeek", "private"): """
        id tenant plan monday minutes quiet
    """,
    ("PlanWeek", "private sealed"): """
        note
    """,
    ("Pathway", "public"): """
        id tenant source external_id title summary job_kinds level_from level_to version draft state created_at
        updated_at
    """,
    ("PathwayStart", "private"): """
        id tenant person pathway version started_at
    """,
    ("PathwayStart", "private sealed"): """
        choices
    """,
    ("PathwayStep", "public"): """
        id tenant version key position route resource outcome
    """,
    ("PathwayVersion", "public"): """
        id tenant pathway number structure offered_at
    """,
    ("Review", "private"): """
        id tenant person activity step state on
    """,
    ("Profile", "private"): """
        id tenant person started_at minutes_per_week liked_kinds motivations draws_most factors_off sliders
        quiet_from quiet_until mail_digest
    """,
    ("Profile", "private sealed"): """
        interests strengths valued
    """,
    ("Proposal", "consented"): """
        id tenant link educator kind made_id state at answered_at
    """,
    ("Proposal", "consented sealed"): """
        proposed note made
    """,
    ("Rating", "private"): """
        id tenant person competency level source at
    """,
    ("Reflection", "private"): """
        id tenant person activity minutes try_on submitted_at asked_at outcome answered_at
    """,
    ("Reflection", "private sealed"): """
        takeaway try_class what_happened
    """,
    ("Refusal", "private"): """
        id tenant person purpose at
    """,
    ("ReleasedLine", "aggregate"): """
        id tenant term metric subject_id label about framework_id way level node name organisation_id
        position why low high size_from size_to above
    """,
    ("ReleasedTerm", "aggregate"): """
        id tenant key begins_on ends_before released_at
    """,
    ("Resource", "public"): """
        id tenant source external_id kind modality title summary description url minutes level grades_mask
        language cost_cents currency provider access_features initiative credit_type credit_minutes
        evidence_tier licence attribution published_on status content_hash revision created_at updated_at
    """,
    ("ResourceCompetency", "public"): """
        id tenant resource competency level guessed
    """,
    ("ResourcePrerequisite", "public"): """
        id tenant resource requires
    """,
    ("ResourceTerm", "public"): """
        id tenant resource term
    """,
    ("RosterEntry", "official"): """
        id tenant term person organisation grade_band service_band framework_id
    """,
    ("SavedResource", "private"): """
        id tenant person resource at
    """,
    ("SavedSearch", "private"): """
        id tenant person name_mark at
    """,
    ("SavedSearch", "private sealed"): """
        name filters
    """,
    ("SearchGeneration", "public"): """
        id tenant generation built_at built_from changes
    """,
    ("Share", "private"): """
        id tenant person grantee item_kind item_id wording leads_owner created_at expires_at revoked_at
    """,
    ("Share", "private sealed"): """
        purpose
    """,
    ("SignInTry", "official"): """
        id account_key password_key address_key at
    """,
    ("SmallestGroup", "public"): """
        id tenant people
    """,
    ("StandardResult", "private"): """
        id tenant standard on right of at
    """,
    ("StoredFile", "private"): """
        id tenant owner parent role key media_type size sha256 width height seconds at
    """,
    ("StoredFile", "private sealed"): """
        name
    """,
    ("Suggestion", "private"): """
        id tenant person resource rank score made_at
    """,
    ("Suggestion", "private sealed"): """
        parts
    """,
    ("FeedEntry", "private"): """
        id tenant feed item_id monday sequence changed_at cancelled
    """,
    ("FeedEntry", "private sealed"): """
        content
    """,
    ("OwnTime", "private"): """
        id tenant person holidays_too updated_at
    """,
    ("OwnTime", "private sealed"): """
        days
    """,
    ("PlanFeed", "private"): """
        id tenant person secret_digest made_at
    """,
    ("SchoolTime", "public"): """
        id tenant organisation kind name begins_on ends_on
    """,
    ("Term", "public"): """
        id tenant scheme code label
    """,
    ("Tombstone", "official"): """
        id tenant person_id at
    """,
    ("WordingTold", "public"): """
        id tenant number at
    """,
}

OPEN_WORDS: dict[tuple[str, str], str] = {
    ("Dismissal", "why"): "one of a closed list, kept by commands",
    ("Evidence", "refusal"): "one of our own sentences about a file",
    ("IdempotencyKey", "key"): "a random key",
    ("IdempotencyKey", "fingerprint"): "a digest of a form under the secret key of the installation",
    ("IdempotencyKey", "location"): "an address of ours, which holds ids",
    ("Look", "viewer_name"): "a name of the directory, kept for the day she leaves",
    ("Look", "viewer_role"): "a role of the directory",
    ("Look", "via"): "page, file or emergency",
    ("Look", "item_kind"): "a word of ours",
    ("Need", "also_from"): "of a closed list of sources",
    ("Notice", "kind"): "a word of ours",
    ("PlanItem", "spread"): "numbers, a week's minutes each",
    ("Notice", "from_name"): "a name of the directory",
    ("OutboxMessage", "address"): "mail must go out without anybody's key",
    ("OutboxMessage", "subject"): "our own sentence, never what somebody wrote (trust.md C7)",
    ("OutboxMessage", "body"): "our own sentences, never what somebody wrote (trust.md C7)",
    ("OutboxMessage", "message_id"): "a random name",
    ("Person", "sealing_key"): "wrapped by the key of the installation, which is not in the database",
    ("PlanFeed", "secret_digest"): "a digest of 256 bits of chance",
    ("Profile", "liked_kinds"): "of a closed list; suggestions for a whole district are made from it",
    ("Profile", "motivations"): "of a closed list; suggestions for a whole district are made from it",
    ("Profile", "draws_most"): "of a closed list; suggestions for a whole district are made from it",
    ("Profile", "factors_off"): "of a closed list; suggestions for a whole district are made from it",
    ("Profile", "sliders"): "numbers for parts of a closed list",
    ("Profile", "mail_digest"): "of a closed list",
    ("SavedSearch", "name_mark"): "a digest under her own key",
    ("Share", "item_kind"): "a word of ours",
    ("StoredFile", "key"): "a random name",
    ("StoredFile", "media_type"): "what we wrote it as",
    ("StoredFile", "sha256"): "a digest of the file, for a check of what is on the disk",
}
"""Text of a private or consented table that lies in the open in the database -> why that is right."""
