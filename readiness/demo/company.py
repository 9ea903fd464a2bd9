"""Northwind ML: its people, its teams and the models it plans to ship."""

from dataclasses import dataclass, field

from readiness.accounts.models import Role
from readiness.rules.facets import Answers

PASSWORD = "northwind-demo-2026"  # noqa: S105
DOMAIN = "northwind.example"

# Name, zone, teams with a role in each.
PEOPLE: list[tuple[str, str, dict[str, Role]]] = [
    ("Hannah Cohen", "Asia/Jerusalem", {"Ads ranking": Role.LEAD, "Ads bidding": Role.LEAD}),
    ("Priya Raman", "Europe/London", {"Ads ranking": Role.MEMBER, "Copilot": Role.MEMBER}),
    ("Tomás Silva", "Europe/Lisbon", {"Ads ranking": Role.MEMBER, "Search": Role.LEAD}),
    ("Jonas Weber", "Europe/Berlin", {"Ads ranking": Role.MEMBER, "Marketplace": Role.LEAD}),
    ("Sam Whitaker", "America/New_York", {"Ads ranking": Role.MEMBER, "Search": Role.MEMBER}),
    ("Nadia El-Sayed", "Africa/Cairo", {"Ads ranking": Role.MEMBER, "Copilot": Role.MEMBER}),
    ("Mei Tanaka", "Asia/Tokyo", {"Marketplace": Role.MEMBER, "Copilot": Role.MEMBER}),
    ("Daniel Reyes", "America/Mexico_City", {"Copilot": Role.LEAD}),
    ("Lena Müller", "Europe/Berlin", {"Marketplace": Role.MEMBER, "Search": Role.MEMBER}),
    ("Jing Wu", "Asia/Singapore", {"Marketplace": Role.MEMBER, "Ads bidding": Role.MEMBER}),
    ("Sofia Wikström", "Europe/Stockholm", {"Search": Role.MEMBER, "Ads bidding": Role.MEMBER}),
    ("Ravi Patel", "Asia/Kolkata", {"": Role.AUDITOR}),
    ("Lucas Moreau", "Europe/Paris", {"": Role.APPROVER}),
    ("Amara Okafor", "Africa/Lagos", {"": Role.APPROVER}),
    ("Olu Adeyemi", "Europe/London", {"": Role.EDITOR}),
]
SITE_ADMIN = "Olu Adeyemi"

ADS: Answers = {
    "serving": ["online"],
    "genai": False,
    "user_facing": True,
    "people_affected": True,
    "high_stakes": True,
    "regulated_domain": False,
    "personal_data": True,
    "feature_store": True,
}
GENAI: Answers = {
    "serving": ["online", "streaming"],
    "genai": True,
    "user_facing": True,
    "people_affected": True,
    "high_stakes": True,
    "regulated_domain": False,
    "personal_data": True,
    "feature_store": True,
}
BATCH: Answers = {"serving": ["batch"], "genai": False, "user_facing": True, "feature_store": True}


@dataclass(frozen=True)
class Plan:
    """A launch as the demo tells it.

    `days` are left until the launch; `open` names the items that are not done, with what
    holds them up ("" is not started, "..." in progress, anything else blocked by it);
    `more` is how many others, from the end of the checklist, are not done either.
    """

    name: str
    team: str
    model: str
    version: str
    days: int
    purpose: str
    crew: tuple[str, ...]
    facets: Answers
    open: dict[str, str] = field(default_factory=dict)
    more: int = 0
    falling: int = 0


PLANS = [
    Plan(
        "Bid shading refresh Q4", "Ads bidding", "bid-shader", "4.1.0", 3,
        "Bid less where we would have won anyway.",
        ("Hannah Cohen", "Jing Wu", "Sofia Wikström"), ADS,
        {"cost-monitoring": "..."},
    ),
    Plan(
        "Search re-ranker v7", "Search", "search-reranker", "7.0.2", 7,
        "Put the listing people mean on top.",
        ("Tomás Silva", "Sam Whitaker", "Lena Müller", "Sofia Wikström"), ADS,
        {"ab-test-plan-approved": "...", "cost-monitoring": "", "outlier-detection-inference": ""},
    ),
    Plan(
        "Support Copilot 2.0", "Copilot", "support-copilot", "2.0.0-rc3", 10,
        "Draft answers for support agents, with sources.",
        ("Daniel Reyes", "Priya Raman", "Nadia El-Sayed", "Mei Tanaka"), GENAI,
        {
            "rollback-runbook-rehearsed": "The previous prompt pack was deleted",
            "rollback-trigger-criteria": "",
            "prediction-drift-monitoring": "...",
            "low-noise-alerts": "...",
            "golden-test-suite": "",
            "genai-safety-filters": "Jailbreak set waits for the red team, booked next week",
            "human-fallback": "",
            "load-test-headroom": "...",
            "oncall-knows-model": "",
            "stakeholder-comms-plan": "",
        },
    ),
    Plan(
        "Ads quality classifier v3", "Ads ranking", "ads-quality", "3.0.1", 11,
        "Keep misleading ads out of the auction.",
        ("Hannah Cohen", "Nadia El-Sayed", "Sam Whitaker"), ADS,
    ),
    Plan(
        "Ads ranking v14", "Ads ranking", "ads-rank", "14.2.0", 15,
        "Rank ads by expected value with the new two-tower model.",
        ("Hannah Cohen", "Priya Raman", "Tomás Silva", "Jonas Weber", "Sam Whitaker",
         "Nadia El-Sayed"), ADS,
        {
            "rollback-runbook-rehearsed": "...",
            "low-noise-alerts": "...",
            "counterfactual-logging": "Waits for Data platform: log schema change DP-771",
            "training-serving-skew-tests": "",
            "feature-lineage-tracked": "",
            "load-test-headroom": "...",
        },
    ),
    Plan(
        "Catalog auto-tagging", "Marketplace", "auto-tagger", "1.3.0", 17,
        "Tag new listings so that search can find them.",
        ("Jonas Weber", "Mei Tanaka", "Lena Müller", "Jing Wu"), {"serving": ["batch"]},
        {"golden-test-suite": "...", "shadow-mode-tested": "", "cost-monitoring": ""}, more=2,
    ),
    Plan(
        "Marketplace query rewriting", "Search", "query-rewriter", "2.4.0", 20,
        "Rewrite rare queries into ones that find something.",
        ("Tomás Silva", "Lena Müller", "Sam Whitaker", "Sofia Wikström"), GENAI,
        {"genai-safety-filters": "...", "contract-tests": "Waits for the catalog schema v12"},
        more=6,
    ),
    Plan(
        "Seller email recommendations", "Marketplace", "seller-mail", "5.0.0", 23,
        "Suggest to sellers what to list next.",
        ("Jonas Weber", "Lena Müller", "Mei Tanaka", "Jing Wu"), ADS,
        {
            "rollback-owner-on-call": "No rota for December yet",
            "input-drift-monitoring": "Waits for Data platform: features are not logged",
            "pii-gdpr-compliance": "DPIA is back with questions",
        },
        more=10, falling=2,
    ),
    Plan(
        "Price guidance model", "Marketplace", "price-guide", "3.2.1", 25,
        "Tell sellers a price at which similar things sold.",
        ("Jonas Weber", "Jing Wu", "Lena Müller"), ADS,
        {
            "business-metric-tracking": "Waits for revenue per session in the metrics store",
            "shadow-mode-tested": "...",
        },
        more=5,
    ),
    Plan(
        "Conversion uplift bidding", "Ads bidding", "uplift-bidder", "0.9.0", 29,
        "Bid on the difference an ad makes.",
        ("Hannah Cohen", "Sofia Wikström", "Jing Wu"), ADS,
        {"ab-test-plan-approved": "Waits for the geo split from Marketing science"}, more=11,
    ),
    Plan(
        "Copilot inline drafts", "Copilot", "copilot-drafts", "0.3.0", 50,
        "Finish sentences while agents type.",
        ("Daniel Reyes", "Priya Raman", "Mei Tanaka"), GENAI, {"golden-test-suite": "..."}, more=25,
    ),
    Plan(
        "Homepage two-tower personalization", "Marketplace", "home-tower", "6.1.0", 1,
        "Show each visitor a first page worth scrolling.",
        ("Jonas Weber", "Mei Tanaka", "Jing Wu"), GENAI,
        {"cost-monitoring": "...", "post-launch-review-scheduled": ""},
    ),
]  # fmt: skip

# What supports an item, where the story has something particular to show.
EVIDENCE = {
    "rollback-runbook-rehearsed": ("Runbook and rehearsal record", "wiki/runbooks/rollback"),
    "gradual-rollout-switch": ("Flag with stages 1, 10, 50, 100", "flags/rollout"),
    "shadow-mode-tested": ("Shadow run, 6 days", "grafana/d/shadow"),
    "model-version-in-metadata": ("Registry entry", "registry/models"),
    "input-drift-monitoring": ("Feature drift board", "grafana/d/drift"),
    "prediction-drift-monitoring": ("Score histogram", "grafana/d/scores"),
    "latency-percentiles": ("Serving latency", "grafana/d/latency"),
    "error-rate-dashboards": ("Error budget", "grafana/d/errors"),
    "low-noise-alerts": ("Alert rules v3", "git/alerts/pull/311"),
    "golden-test-suite": ("golden-ads, 1,240 cases", "ci/golden/8812"),
    "contract-tests": ("Pull request 4761", "git/serving/pull/4761"),
    "ab-test-plan-approved": ("A/B plan, 14 days, 2% MDE", "wiki/experiments/plan"),
    "data-freshness-slas": ("Freshness SLA: 45 min", "wiki/slas/features"),
    "pii-gdpr-compliance": ("DPIA-2291, signed", "legal/dpia/2291"),
    "bias-fairness-review": ("Fairness report", "wiki/fairness/report"),
    "load-test-headroom": ("Run 2: 1.7x peak", "grafana/d/load-2"),
    "dependency-failure-tested": ("Game day", "wiki/gamedays/latest"),
    "cost-monitoring": ("Budget alert at $38k a month", "grafana/d/cost"),
}

COMMENTS = {
    "load-test-headroom": [
        "1.7x is close. P99 crosses 180 ms at 1.8x: the embedding cache. Try 12 shards?",
        "Run 3 is booked for Thursday 10:00 with 12 shards. I will post the graph here.",
    ],
    "low-noise-alerts": ["False-positive rate is 7% over two weeks, the goal is under 2%."],
    "counterfactual-logging": ["The schema change is merged on their side, deploy is on Monday."],
    "genai-safety-filters": ["Toxicity and PII filters are in. Jailbreak attempts are not tested."],
}
