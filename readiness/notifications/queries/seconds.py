"""Who may be the second, or a further one, to sign what somebody signed: of all at once, in SQL.

It leaves nobody out for whom `second_signatures` finds something, which a test sees to; whom an
item's own rules bar is left out when the digest is written.
"""

# A word that stands on an item that wants several, and has too few of them. Launches and items
# are looked at by their ids, for the few rules that ask for it, and mostly there are none.
SIGNED = """
    (
        SELECT part.version_id, part.key,
               CASE part.signing_rule WHEN '' THEN version.signing_rule
                                      ELSE part.signing_rule END AS policy,
               CASE part.signing_rule WHEN '' THEN version.signing_quorum
                                      ELSE part.signing_quorum END AS quorum
        FROM checklists_item part
        JOIN checklists_version version ON version.id = part.version_id
        WHERE coalesce(nullif(part.signing_rule, ''), version.signing_rule)
              IN ('two_persons', 'role_quorum')
        OFFSET 0
    ) rule
    CROSS JOIN LATERAL (
        SELECT id, team_id, lead_id, stage FROM launches_launch
        WHERE version_id = rule.version_id OFFSET 0
    ) launch
    CROSS JOIN LATERAL (
        SELECT id, basis, evidence FROM launches_launchitem
        WHERE launch_id = launch.id AND key = rule.key OFFSET 0
    ) item
    JOIN launches_signoff word
        ON word.item_id = item.id AND word.withdrawn_at IS NULL AND word.basis = item.basis
       AND (
            SELECT count(*) FROM launches_signoff said
            WHERE said.item_id = item.id AND said.withdrawn_at IS NULL
              AND said.basis = item.basis AND said.evidence <@ item.evidence
              AND (said.expires_at IS NULL OR %(now)s < said.expires_at)
       ) < CASE rule.policy WHEN 'two_persons' THEN 2 ELSE rule.quorum END
"""
# Of such a word: who else may sign in this launch, and for a duty where the rule names one.
SIGNERS = """
    SELECT person.id FROM (
        SELECT launch.lead_id AS id
        UNION
        SELECT held.person_id FROM accounts_membership held
        WHERE held.role = ANY (%(signing)s)
          AND (held.team_id = launch.team_id OR held.team_id IS NULL)
    ) person
    WHERE NOT EXISTS (
            SELECT FROM launches_signoff mine
            WHERE mine.item_id = item.id AND mine.by_id = person.id AND mine.withdrawn_at IS NULL)
      AND (
            rule.policy = 'two_persons'
            OR EXISTS (
                SELECT FROM launches_launchduty seat
                WHERE seat.launch_id = launch.id AND seat.person_id = person.id)
            OR EXISTS (
                SELECT FROM launches_launchsigner seat
                WHERE seat.launch_id = launch.id AND seat.person_id = person.id))
"""
