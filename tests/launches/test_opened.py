"""The statement that opens a launch's page grants what the permission table grants."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.permissions import acts_of, is_guest
from readiness.launches.models import Launch
from readiness.launches.queries.opened import opened
from tests import make
from tests.launches.test_asked import guests_of, people

pytestmark = pytest.mark.django_db


def acts_found(launch, person):
    try:
        return opened(launch.pk, reader=person)[1]
    except Launch.DoesNotExist:
        return None


def test_it_says_of_everybody_what_the_permission_table_says():
    launch = make.launch(items=1)
    everyone = [launch.lead, *people(launch.team), *guests_of(launch)]

    said = [acts_found(launch, person) for person in everyone]

    granted = [
        acts_of(
            person,
            team_id=launch.team_id,
            is_lead=person == launch.lead,
            is_guest=is_guest(person, launch.pk),
        )
        if Launch.objects.visible_to(person).filter(pk=launch.pk).exists()
        else None
        for person in everyone
    ]
    assert said == granted
    assert None in said


@pytest.mark.parametrize("has_candidate", [True, False])
def test_it_reads_what_the_head_of_the_page_says(has_candidate):
    pk = make.launch(items=1).pk
    if not has_candidate:
        Launch.objects.filter(pk=pk).update(candidate=None)
    kept = Launch.objects.select_related("team", "lead", "version", "candidate").get(pk=pk)

    with CaptureQueriesContext(connection) as captured:
        launch, _ = opened(pk, reader=kept.lead)
        found = head_of(launch)

    assert len(captured) == 1
    assert found == head_of(kept)


def head_of(launch):
    candidate = launch.candidate
    return (
        (launch.pk, launch.name, launch.purpose, launch.launch_on, launch.get_stage_display()),
        (launch.subject_id, launch.version_id, launch.team_id, launch.lead_id, launch.is_over),
        (launch.team.pk, launch.team.name),
        (launch.lead.pk, launch.lead.name, launch.lead.initials, launch.lead.hue),
        (launch.version.pk, launch.version.title, launch.version.number),
        candidate and (candidate.pk, str(candidate), candidate.registry_url),
    )


def test_what_is_not_there_is_said_to_be_missing():
    with pytest.raises(Launch.DoesNotExist):
        opened(1, reader=make.user(is_site_admin=True))
