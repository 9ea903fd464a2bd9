"""What the pages of checklists read, and what the rules need of a version."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from django.db.models import Count, Prefetch, prefetch_related_objects
from django.http import Http404

from readiness.checklists import words
from readiness.checklists.models import Answer, Band, Facet, Item, Section, Version
from readiness.rules import facets, scheme
from readiness.rules.scheme import BlockerPolicy


def bands_of(version: Version) -> tuple[scheme.Band, ...]:
    """The bands of a version as the rules know them, lowest first."""
    return tuple(
        scheme.Band(
            key=band.key,
            title=band.title,
            outcome=scheme.Outcome(band.outcome),
            start=Fraction(band.start) if band.start else None,
            start_included=band.start_included,
            message=band.message,
        )
        for band in version.bands.all()
    )


def scheme_of(version: Version) -> scheme.Scheme:
    """How a version scores, as the rules know it; reads its bands unless they are prefetched."""
    return scheme.Scheme(
        measure=scheme.Measure(version.measure),
        aggregate=scheme.Aggregate(version.aggregate),
        bands=bands_of(version),
        empty_section=scheme.EmptySection(version.empty_section),
        blockers=scheme.BlockerPolicy(version.blockers),
        na_counts_as=scheme.NaCountsAs(version.na_counts_as),
        na_review_share=Fraction(version.na_review_share),
        waiver_counts_as=scheme.WaiverCountsAs(version.waiver_counts_as),
        conditional_needs=tuple(version.conditional_needs),
    )


def facets_of(version: Version) -> dict[str, facets.Facet]:
    """The questions of a version as the rules know them, by key."""
    return {
        facet.key: facets.Facet(facet.key, facet.kind, tuple(facet.options))
        for facet in version.facets.all()
    }


@dataclass(frozen=True)
class BandInWords:
    """A band, its glyph, and which scores it admits."""

    band: Band
    glyph: str
    admits: str


@dataclass(frozen=True)
class CatalogueRow:
    """The newest published version of a checklist, and the ones before it."""

    version: Version
    earlier: list[Version]
    bands: list[BandInWords]


@dataclass(frozen=True)
class ItemInWords:
    """An item as a person reads it."""

    item: Item
    only_if: str
    is_must_have: bool
    must_have_if: str
    involves: list[str]
    signing: str
    again_when: str


@dataclass(frozen=True)
class VersionInWords:
    """All that the page of a version shows."""

    version: Version
    versions: list[Version]
    bands: list[BandInWords]
    facets: list[Facet]
    answers: list[Answer]
    policies: list[str]
    sections: list[tuple[Section, list[ItemInWords]]]

    @property
    def newest(self) -> Version:
        return self.versions[0]

    @property
    def item_count(self) -> int:
        return sum(len(rows) for _, rows in self.sections)

    @property
    def source_link(self) -> str:
        """The source's address, if it is one a link may lead to."""
        url = self.version.source_url
        return url if url.startswith(("https://", "http://")) else ""


def catalogue() -> list[CatalogueRow]:
    """Every checklist that has a published version, in the order in which they came."""
    published = Version.objects.published().newest_first()
    newest = (
        Version.objects.newest_of_each()
        .select_related("checklist")
        .prefetch_related("bands", Prefetch("checklist__versions", published))
        .annotate(
            item_count=Count("items", distinct=True),
            section_count=Count("sections", distinct=True),
        )
    )
    return [
        CatalogueRow(
            version=version,
            earlier=[one for one in version.checklist.versions.all() if one != version],
            bands=bands_in_words(version),
        )
        for version in newest
    ]


def version_in_words(pk: int) -> VersionInWords:
    """A published version to read; 404 if there is none."""
    siblings = Version.objects.published().filter(checklist__versions=pk).newest_first()
    versions = list(siblings.select_related("published_by"))
    version = next((one for one in versions if one.pk == pk), None)
    if version is None:
        raise Http404
    prefetch_related_objects([version], "bands", "facets", "answers", "duties")
    questions = list(version.facets.all())
    duties = {duty.key: duty.title for duty in version.duties.all()}
    by_key = {facet.key: facet for facet in questions}
    rows = [
        ItemInWords(
            item=item,
            only_if=words.condition(item.applies_when, by_key),
            is_must_have=item.blocker is not None and version.blockers != BlockerPolicy.OFF,
            must_have_if=words.condition(item.blocker, by_key),
            involves=[duties[key] for key in item.involves],
            signing=words.signing(item, duties),
            again_when=words.again_when(item),
        )
        for item in version.items.select_related("section", "duty")
    ]
    return VersionInWords(
        version=version,
        versions=versions,
        bands=bands_in_words(version),
        facets=questions,
        answers=list(version.answers.all()),
        policies=words.policies(version, scheme_of(version), duties),
        sections=[
            (section, list(group)) for section, group in groupby(rows, lambda row: row.item.section)
        ],
    )


def bands_in_words(version: Version) -> list[BandInWords]:
    admits = words.ranges(scheme_of(version))
    return [
        BandInWords(band, words.GLYPHS.get(scheme.Outcome(band.outcome), ""), said)
        for band, said in zip(version.bands.all(), admits, strict=True)
    ]
