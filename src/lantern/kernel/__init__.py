"""What any web product needs: actor, errors, events, jobs, clock, files, mail, search. No educator's word in here."""
