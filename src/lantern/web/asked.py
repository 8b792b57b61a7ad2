"""What each page that changes something is called in a list of acts; a test compares with the pages there are."""

from __future__ import annotations

IN_AN_OFFICE: dict[str, str] = {
    "lead:initiatives_new": "Add an initiative",
    "lead:initiatives_edit": "Change an initiative",
    "lead:initiatives_delete": "Delete an initiative",
    "lead:announcements_new": "Publish an announcement",
    "lead:insights_smallest_group": "Set the smallest group",
    "lead:days": "Answer what a group asked for",
    "manage:people_new": "Add a person",
    "manage:person_correct": "Put a person's entry right",
    "manage:people_add_role": "Give a role",
    "manage:people_end_role": "End a role",
    "manage:person_end": "End a person's entry",
    "manage:person_invite": "Make a sign-in link",
    "manage:organisations_new": "Add an organisation",
    "manage:organisation": "Rename an organisation",
    "manage:imports_new": "Upload a file to import",
    "manage:imports_carry_out": "Carry out an import",
    "manage:frameworks_assign": "Tie a framework to a kind of job",
    "manage:catalog_new": "Add a resource",
    "manage:catalog_edit": "Change a resource",
    "manage:catalog_status": "Publish or retire a resource",
    "manage:terms": "Add a tag",
    "manage:term": "Rename a tag",
    "manage:rules": "Set a credit rule",
    "manage:emergency_ask": "Ask for emergency access",
    "manage:emergency_agree": "Agree to emergency access",
    "manage:emergency_read": "Read by emergency access",
    "manage:emergency_end_hold": "End a legal hold",
}
"""What is asked in an office; its tenant's operators read it."""

FOR_ONESELF: dict[str, str] = {
    "home:dismiss": "Leave out a suggestion",
    "home:restore": "Take a suggestion back",
    "home:factors": "Change what suggestions go by",
    "home:open_notice": "Open a notice",
    "start:start": "Answer the first questions",
    "start:skip": "Skip the first questions",
    "learn:save_search": "Keep a search",
    "learn:delete_search": "Delete a search",
    "learn:keep": "Keep a resource, or let it go",
    "learn:add_to_plan": "Put a resource into the plan",
    "learn:progress": "Note progress",
    "learn:outside": "Add something from outside",
    "learn:preview": "Look at a pasted link",
    "grow:needs_add": "Add a need",
    "grow:needs_words": "Say a need in own words",
    "grow:needs_rate": "Rate competencies",
    "grow:needs_evaluation": "Take needs from an evaluation",
    "grow:needs_end": "End a need",
    "grow:results_new": "Bring in results of a class",
    "grow:results_needs": "Say what standards ask for",
    "grow:results_remove": "Remove results of a class",
    "grow:results_goal": "Put a class measure beside a goal, or take it away",
    "grow:goals_new": "Set a goal",
    "grow:goals_edit": "Change a goal",
    "grow:goals_check": "Check a goal",
    "grow:goals_end": "End or reopen a goal",
    "grow:plan_move": "Move something in the plan",
    "grow:plan_remove": "Take something out of the plan",
    "grow:plan_week": "Change a week",
    "grow:plan_settings": "Change the plan's span",
    "portfolio:reflections_new": "Write a reflection",
    "portfolio:reflections_answer": "Say how it went",
    "portfolio:evidence_add": "Add evidence",
    "portfolio:evidence_remove": "Remove evidence",
    "portfolio:video_add": "Add a video",
    "portfolio:evidence_extend": "Keep a video longer",
    "portfolio:evidence_students": "Say who is in a video",
    "portfolio:transcript_licence": "Set the licence",
    "together:mentors_offer": "Change the offer to help",
    "together:mentors_ask": "Ask for coaching",
    "together:links_answer": "Answer a request for coaching",
    "together:links_end": "End coaching",
    "together:links_share": "Share with a coach",
    "together:proposals_propose": "Propose something",
    "together:proposal": "Answer a proposal",
    "together:proposals_withdraw": "Withdraw a proposal",
    "together:observations_write": "Write down what a coach saw",
    "together:observation": "Answer what a coach saw",
    "together:observations_withdraw": "Take back what a coach saw",
    "together:group_needs": "Put up a need for the group",
    "together:group_needs_vote": "Vote on a group's need",
    "account:overview": "Change account answers",
    "account:purposes": "Allow or refuse a purpose",
    "account:share_confirm": "Share something",
    "account:revoke": "Stop sharing",
    "account:bring_back": "Bring data back",
    "account:erase": "Erase everything",
    "account:comfort": "Change the colours",
}
"""What one does for oneself; nobody else reads that it was done."""

AT_THE_DOOR: dict[str, str] = {
    "public:sign_in": "Sign in",
    "public:demo_sign_in": "Sign in to the demonstration",
    "account_logout": "Sign out",
    "account_reset_password": "Ask for a new password",
    "account_reset_password_from_key": "Choose a new password by a link",
    "account_change_password": "Change the password",
    "account_reauthenticate": "Confirm the password",
    "mfa_authenticate": "Give the second step",
    "mfa_reauthenticate": "Confirm the second step",
    "mfa_activate_totp": "Set up codes as a second step",
    "mfa_deactivate_totp": "Remove codes as a second step",
    "mfa_add_webauthn": "Add a passkey",
    "mfa_remove_webauthn": "Remove a passkey",
    "mfa_login_webauthn": "Sign in by passkey",
    "openid_connect_callback": "Sign in by the district's sign-on",
    "usersessions_list": "Sign out other devices",
}

_AREAS = {
    "manage": "A page of Manage", "lead": "A page of Lead", "grow": "A page of Grow", "learn": "A page of Learn",
    "portfolio": "A page of Portfolio", "together": "A page of Together", "home": "A page of Home",
    "account": "A page of your account", "case": "A framework file",
}  # fmt: skip


def in_words(action: str, method: str) -> str:
    """Return what was asked for, in words; a page that was only opened by its area."""
    if method != "GET":
        known = IN_AN_OFFICE.get(action) or FOR_ONESELF.get(action) or AT_THE_DOOR.get(action)
        if known:
            return known
    area, named, _ = action.partition(":")
    return _AREAS.get(area, "Another page") if named else "About signing in"
