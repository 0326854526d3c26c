"""The study's endpoints in words: what `nissc1.endpoints` computes, for the methods page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """Definition of an endpoint, in words.

    Parameters
    ----------
    name : str
        Name of the function that computes it.
    label : str
        Name for people.
    origin : str
        Where time starts.
    event : str
        What counts.
    competing : str
        What makes the event impossible or another one; empty where nothing does.
    censoring : str
        When observation ends without an event.
    source : str
        Which part of the definition is the article's and which was chosen here.
    """

    name: str
    label: str
    origin: str
    event: str
    competing: str
    censoring: str
    source: str


_DAY_0 = "Day 0, the day of stem-cell reinfusion"
_LAST_CONTACT = "Day of last contact alive"
_UNSTATED = (
    "Henes et al. 2021, Methods. How progression was established stands in their Online "
    "Supplementary Appendix S1, which is not public: the reported day of progression is used."
)

ENDPOINTS: dict[str, Endpoint] = {
    endpoint.name: endpoint
    for endpoint in (
        Endpoint(
            "progression_free_survival",
            "Progression-free survival (primary)",
            _DAY_0,
            "Progression of systemic sclerosis or death from any cause, whichever is first",
            "",
            _LAST_CONTACT,
            _UNSTATED,
        ),
        Endpoint(
            "overall_survival",
            "Overall survival",
            _DAY_0,
            "Death from any cause",
            "",
            _LAST_CONTACT,
            "Henes et al. 2021, Methods.",
        ),
        Endpoint(
            "progression",
            "Incidence of progression",
            _DAY_0,
            "Progression; on the day of death it counts as progression",
            "Death without progression",
            _LAST_CONTACT,
            _UNSTATED,
        ),
        Endpoint(
            "non_relapse_mortality",
            "Non-relapse mortality",
            _DAY_0,
            "Death without previous progression",
            "Progression",
            _LAST_CONTACT,
            _UNSTATED,
        ),
        Endpoint(
            "response",
            "Response to treatment",
            _DAY_0,
            "First visit after day 0 at which the skin score had fallen by more than 25 % of its "
            "baseline value, or FVC or DLCO had risen by at least 10 % of theirs, before any "
            "further immunosuppression",
            "Death without response",
            "Day of last contact alive. Who resumed immunosuppression without a response stays at "
            "risk until then and can no longer respond",
            "Henes et al. 2021, Methods. Chosen here, because not stated: lung function improves "
            "relative to its baseline value and not in percentage points; a visit on the day of "
            "further immunosuppression is too late; a progression does not bar a later response.",
        ),
        Endpoint(
            "neutrophil_engraftment",
            "Neutrophil engraftment",
            _DAY_0,
            "First of three consecutive days with neutrophils above 0.5 × 10⁹/L, as reported",
            "Death before engraftment",
            "Day of last contact alive, where no day is reported",
            "Henes et al. 2021, Methods; death as the competing event was chosen here.",
        ),
        Endpoint(
            "platelet_engraftment",
            "Platelet engraftment",
            _DAY_0,
            "First of three consecutive days with platelets above 20 × 10⁹/L, as reported",
            "Death before engraftment",
            "Day of last contact alive, where no day is reported. Patients whose platelets never "
            "fell below the limit have nothing to wait for and are left out",
            "Henes et al. 2021, Methods; leaving out those never below and death as the competing "
            "event were chosen here.",
        ),
        Endpoint(
            "complications",
            "Complications within 100 days",
            _DAY_0,
            "Infectious or non-infectious adverse event with onset from day 0 to day 100, both "
            "included",
            "",
            "None: events are counted, each as often as it was reported",
            "Henes et al. 2021, Methods.",
        ),
    )
}
