"""reference.*: reviewed by hand in `seeds/reference/*.csv`."""

from __future__ import annotations

from warehouse.schema.model import Column, Table
from warehouse.schema.vocabulary import ALIASES, SOURCE

PLACE_KINDS = (
    "country",
    "province",
    "directly_governed_city",
    "city",
    "county",
    "district",
    "workers_district",
    "site",
    "foreign_place",
)
ORGANIZATION_KINDS = (
    "legislature",
    "cabinet",
    "party",
    "party_organ",
    "state_organ",
    "ministry",
    "commission",
    "bureau",
    "bank",
    "military",
    "enterprise",
    "foreign_agency",
    "international_organization",
    "research_institute",
    "association",
    "local_government",
)
OUTLET_KINDS = (
    "state_media",
    "specialist",
    "inside_source_network",
    "wire",
    "newspaper",
    "broadcaster",
    "opinion",
    "blog",
    "government",
    "aggregator",
)
CALENDAR_KINDS = (
    "assembly_session",
    "plenary_meeting",
    "party_congress",
    "politburo_meeting",
    "cabinet_meeting",
    "five_year_plan",
    "annual_plan",
)

_NAME = Column("name", "VARCHAR", "Name in English, DPRK romanisation.", nullable=False)
_NAME_KO = Column("name_ko", "VARCHAR", "Name in Korean, DPRK spelling.")
_COUNTRY = Column("country", "VARCHAR", "ISO 3166-1 alpha-2 code.")
_ROLE = 'STRUCT("role" VARCHAR, organization_id VARCHAR, "start" VARCHAR, "end" VARCHAR)[]'

TABLES = (
    Table(
        "reference",
        "places",
        "A place: country, province, city, county, district or named site.",
        ("place_id",),
        (
            Column("place_id", "VARCHAR", "Readable slug.", nullable=False),
            _NAME,
            _NAME_KO,
            Column("kind", "VARCHAR", "What kind of place.", nullable=False, enum=PLACE_KINDS),
            Column("parent_place_id", "VARCHAR", "The unit it belongs to.", references="reference.places.place_id"),
            _COUNTRY,
            Column("latitude", "DOUBLE", "WGS 84.", unit="degree", minimum=-90, maximum=90),
            Column("longitude", "DOUBLE", "WGS 84.", unit="degree", minimum=-180, maximum=180),
            Column("iso_3166_2", "VARCHAR", "ISO 3166-2 code."),
            Column("geonames_id", "BIGINT", "GeoNames id."),
            Column("wikidata_id", "VARCHAR", "Wikidata id."),
            Column("population_2008", "BIGINT", "Population of the 2008 census.", unit="person", minimum=0),
            ALIASES.but("Romanisations, with and without the word for its kind."),
            SOURCE,
        ),
    ),
    Table(
        "reference",
        "people",
        "A person named in such reporting.",
        ("person_id",),
        (
            Column("person_id", "VARCHAR", "Readable slug.", nullable=False),
            _NAME,
            _NAME_KO,
            ALIASES,
            Column(
                "roles", _ROLE, "Offices held; start and end as far as known (2024-12), end NULL while held or unknown."
            ),
            SOURCE,
        ),
    ),
    Table(
        "reference",
        "organizations",
        "A body, ministry, enterprise or agency.",
        ("organization_id",),
        (
            Column("organization_id", "VARCHAR", "Readable slug.", nullable=False),
            _NAME,
            _NAME_KO,
            Column("kind", "VARCHAR", "What kind of organization.", nullable=False, enum=ORGANIZATION_KINDS),
            Column(
                "parent_organization_id",
                "VARCHAR",
                "The body it belongs to.",
                references="reference.organizations.organization_id",
            ),
            _COUNTRY,
            ALIASES,
            SOURCE,
        ),
    ),
    Table(
        "reference",
        "outlets",
        "A publisher of reports.",
        ("outlet_id",),
        (
            Column("outlet_id", "VARCHAR", "Readable slug.", nullable=False),
            _NAME,
            Column("domain", "VARCHAR", "Main web domain."),
            Column("domains", "VARCHAR[]", "Further domains."),
            _COUNTRY,
            Column("kind", "VARCHAR", "What kind of outlet.", nullable=False, enum=OUTLET_KINDS),
            Column("is_state_media", "BOOLEAN", "Speaks for the DPRK state.", nullable=False),
            Column("is_sample", "BOOLEAN", "Invented for the sample corpus.", nullable=False),
            ALIASES,
            SOURCE,
        ),
    ),
    Table(
        "reference",
        "sectors",
        "A sector of the economy as DPRK reporting divides it.",
        ("sector_id",),
        (
            Column("sector_id", "VARCHAR", "Readable slug.", nullable=False),
            _NAME,
            Column("parent_sector_id", "VARCHAR", "Wider sector.", references="reference.sectors.sector_id"),
            Column("isic", "VARCHAR", "ISIC Rev. 4 code (section or division), our mapping."),
            Column("keywords", "VARCHAR[]", "Lower-case words that mark the sector."),
        ),
    ),
    Table(
        "reference",
        "policies",
        "A named plan, campaign or policy.",
        ("policy_id",),
        (
            Column("policy_id", "VARCHAR", "Readable slug.", nullable=False),
            _NAME,
            _NAME_KO,
            Column("start_date", "DATE", "First day."),
            Column("end_date", "DATE", "Last day."),
            Column("quota_value", "DOUBLE", "The amount it sets.", minimum=0),
            Column("quota_unit_id", "VARCHAR", "Unit of the quota.", references="reference.units.unit_id"),
            Column("quota_per", "VARCHAR", "The quota's rate (year), NULL if for the whole term."),
            Column("quota_object", "VARCHAR", "What the quota counts."),
            ALIASES,
            SOURCE,
        ),
    ),
    Table(
        "reference",
        "units",
        "A unit of measurement.",
        ("unit_id",),
        (
            Column("unit_id", "VARCHAR", "Readable slug.", nullable=False),
            _NAME,
            Column("symbol", "VARCHAR", "Symbol."),
            Column("dimension", "VARCHAR", "What it measures (mass, area, ...).", nullable=False),
            Column(
                "base_unit_id", "VARCHAR", "The unit that factor converts to.", references="reference.units.unit_id"
            ),
            Column("factor", "DOUBLE", "Value in base units of one unit.", minimum=0),
            ALIASES,
        ),
    ),
    Table(
        "reference",
        "currencies",
        "A currency.",
        ("currency",),
        (
            Column("currency", "VARCHAR", "ISO 4217 code.", nullable=False),
            _NAME,
            Column("symbol", "VARCHAR", "Symbol."),
            ALIASES,
        ),
    ),
    Table(
        "reference",
        "plan_calendar",
        "A step of the planning cycle known from the public record.",
        ("calendar_id",),
        (
            Column("calendar_id", "VARCHAR", "Readable slug.", nullable=False),
            Column("kind", "VARCHAR", "What kind of step.", nullable=False, enum=CALENDAR_KINDS),
            _NAME,
            Column("ordinal", "INTEGER", "Number of the session or meeting.", minimum=1),
            Column("term", "INTEGER", "Term of the assembly or of the Central Committee.", minimum=1),
            Column("organization_id", "VARCHAR", "The body.", references="reference.organizations.organization_id"),
            Column("start_date", "DATE", "First day.", nullable=False),
            Column("end_date", "DATE", "Last day.", nullable=False),
            SOURCE,
        ),
    ),
    Table(
        "reference",
        "regional_cohorts",
        "A county named for one year of the 20x10 policy, from the public record.",
        ("cohort_year", "place_id"),
        (
            Column("cohort_year", "INTEGER", "Year of the cohort.", nullable=False, minimum=2024, maximum=2034),
            Column(
                "place_id", "VARCHAR", "The city or county.", nullable=False, references="reference.places.place_id"
            ),
            Column("ground_broken_on", "VARCHAR", "ISO date, as far as known."),
            Column("completed_on", "VARCHAR", "ISO date, as far as known."),
            SOURCE,
        ),
    ),
    Table(
        "reference",
        "residue_patterns",
        "A pattern that marks a line as page residue.",
        ("pattern_id",),
        (
            Column("pattern_id", "VARCHAR", "Readable slug.", nullable=False),
            Column("kind", "VARCHAR", "Kind of residue.", nullable=False),
            Column("pattern", "VARCHAR", "Regular expression, matched against a line.", nullable=False),
            Column(
                "position", "VARCHAR", "Where on the page it may stand.", nullable=False, enum=("any", "head", "tail")
            ),
            Column("matching_example", "VARCHAR", "A line that must match.", nullable=False),
            Column("other_example", "VARCHAR", "A line that must not match.", nullable=False),
            Column("outlet_id", "VARCHAR", "Only on this outlet's pages.", references="reference.outlets.outlet_id"),
        ),
    ),
)
