"""Numbers and facts in prose, drawn by Sphinx."""

from __future__ import annotations

import json
import re

import pytest
from sphinx.testing.util import SphinxTestApp

from nissc1.publish import facts
from nissc1.publish.facts import Facts


@pytest.fixture
def render(tmp_path, make_record):
    """Render a page with two records, return its HTML and the warnings."""
    records = [
        make_record(
            "pfs.24m",
            "figure-1",
            label='PFS <"2 years">',
            statistic="survival",
            estimate=81.8,
            lower=73.1,
            upper=90.5,
            denominator=45,
            text="81.8 (73.1–90.5)",
        ),
        make_record("cohort.n", "cohort", text="<b>80</b>"),
        make_record("pfs.60m", "figure-1", text="70.5 (60–81)"),
        make_record("pfs.reason", "figure-1", text="not estimable: nobody was followed so long"),
    ]
    names = dict.fromkeys(Facts.__dataclass_fields__, "none")
    names |= {"release": "2021.02", "cutoff": "2018-02-28", "commit": "abcdef0123456789+changes"}
    names |= {"built": "2026-01-01", "horizon_months": "60", "longer": "yes", "simulated": "no"}
    names |= {"values": {}, "pages": []}
    names |= {"notice": "Synthetic reconstruction, not patient data", "edition": "2021.02"}
    (tmp_path / "results.json").write_text(json.dumps(records))
    source = tmp_path / "source"
    source.mkdir()

    def build(text, builder="html", theme="sphinx_book_theme", changes=None, **pages):
        facts.write(Facts(**{**names, **(changes or {})}), tmp_path)
        (source / "conf.py").write_text(
            "extensions = ['myst_parser', 'nissc1.publish.notices', 'nissc1.publish.mathml',\n"
            "              'nissc1.publish.conditions', 'nissc1.publish.exhibits',\n"
            "              'nissc1.publish.origins']\n"
            f"nissc1_results = {str(tmp_path / 'results.json')!r}\n"
            f"nissc1_edition = {str(tmp_path / 'edition.json')!r}\n"
            "html_math_renderer = 'mathml'\n"
            "myst_enable_extensions = ['colon_fence', 'dollarmath']\n"
            f"html_theme = {theme!r}\n"
            + "html_theme_options = {'article_header_start': ['edition-header.html']}\n"
            * (theme == "sphinx_book_theme")
        )
        (source / "index.md").write_text(f"# Title\n\n{text}\n")
        for name, content in pages.items():
            (source / name).mkdir()
            (source / name / "limits.md").write_text(content)
        app = SphinxTestApp(builder, srcdir=source, freshenv=True)
        try:
            app.build()
            suffix = "txt" if builder == "text" else "html"
            page = (app.outdir / f"index.{suffix}").read_text("utf-8")
            return page, re.sub(r"\x1b\[[0-9;]*m", "", app.warning.getvalue())
        finally:
            app.cleanup()

    return build


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("{num}`pfs.24m`", "81.8 (73.1–90.5)"),
        ("{num}`pfs.24m:text`", "81.8 (73.1–90.5)"),
        ("{num}`pfs.24m:estimate`", "81.8"),
        ("{num}`pfs.24m:lower`", "73.1"),
        ("{num}`pfs.24m:upper`", "90.5"),
        ("{num}`pfs.24m:interval`", "73.1–90.5"),
        ("{num}`pfs.24m:n`", "80"),
        ("{num}`pfs.24m:events`", "57"),
        ("{num}`pfs.24m:denominator`", "45"),
        ("{num}`pfs.24m:unit`", "%"),
    ],
)
def test_a_part_of_a_record_is_shown(render, role, shown):
    page, warnings = render(f"Of these {role} remain.")
    number = rf'<a class="nissc1-number" data-record="pfs.24m" title="[^"]*">{re.escape(shown)}<'
    assert re.search(number, page)
    assert not warnings


def test_the_tooltip_says_where_the_number_comes_from(render):
    page, _ = render("{num}`pfs.24m`")
    title = re.search(r'data-record="pfs.24m" title="([^"]*)"', page).group(1)
    assert title.split("&#10;") == [
        "PFS &lt;&quot;2 years&quot;&gt;",
        "Record: pfs.24m",
        "Figure: 81.8 (73.1–90.5) %",
        "Interval: 73.1–90.5",
        "n: 80",
        "Events: 57",
        "At risk: 45",
        "Release: 2021.02",
        "Notebook: figure-1",
    ]


def test_values_are_escaped(render):
    page, _ = render("{num}`cohort.n`")
    assert "&lt;b&gt;80&lt;/b&gt;" in page
    assert "<b>80</b>" not in page


def test_outside_html_a_number_is_plain_text(render):
    page, warnings = render("Of these {num}`pfs.24m:n` remain.", builder="text")
    assert "Of these 80 remain." in page
    assert not warnings


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("{num}`pfs.36m`", "no record 'pfs.36m'; of this topic there are: pfs.24m"),
        ("{num}`pfs.24m:mean`", "has no part 'mean'; allowed: text, estimate"),
        ("{num}`cohort.n:interval`", "record cohort.n has no bounds"),
        ("{edition}`moon`", "no such fact; allowed: edition, release"),
    ],
)
def test_an_unknown_number_is_a_warning_with_its_place(render, role, message):
    _, warnings = render(f"First line.\n\nHere {role}.")
    assert message in warnings
    assert re.search(r"index\.md:5: WARNING: ", warnings)


def test_a_fact_of_the_edition_is_shown(render):
    page, warnings = render("Cut-off {edition}`cutoff`.")
    assert '<span class="nissc1-edition">2018-02-28</span>' in page
    assert not warnings


def test_every_page_bears_notice_release_and_cutoff(render):
    page, _ = render("Text.\n\n```{toctree}\nbook/limits\n```", book="# Limits\n\nText.\n")
    banner = re.search(r'__content">(.*?)</div>', page, re.DOTALL).group(1)
    assert "Synthetic reconstruction, not patient data" in banner
    assert "data cut-off 2018-02-28" in banner
    assert "Edition <strong>2021.02</strong>" in page
    assert "Last updated 2026-01-01" in page
    assert "data cut-off 2018-02-28" in banner
    assert 'href="book/limits.html"' in banner
    assert "commit abcdef012345 with changes" in page


def test_without_a_limits_page_the_banner_has_no_dead_link(render):
    page, _ = render("Text.")
    assert "what this can tell" not in page


def test_formulas_need_no_script(render):
    page, warnings = render("Inline $x^2$ and\n\n$$\\frac{a}{b}$$")
    assert page.count("<math") == 2
    assert "mathjax" not in page.replace("mathjax_ignore", "").lower()
    assert not warnings


def test_a_formula_that_cannot_be_drawn_is_a_warning(render):
    _, warnings = render("$\\nosuchcommand{x}$")
    assert "nosuchcommand" in warnings


@pytest.mark.parametrize(
    ("condition", "shown"),
    [("longer", True), ("not longer", False), ("simulated", False), ("not simulated", True)],
)
def test_a_part_of_a_page_is_shown_where_its_condition_holds(render, condition, shown):
    page, warnings = render(f":::{{when}} {condition}\nOnly {{num}}`pfs.24m:n` then.\n:::")
    assert ("Only" in page) is shown
    assert warnings == ""


def test_what_is_not_shown_may_name_records_that_are_not_there(render):
    page, warnings = render(":::{when} simulated\n{num}`none.n`\n:::")
    assert (warnings, "none.n" in page) == ("", False)


def test_an_unknown_condition_is_a_warning_that_lists_the_allowed_ones(render):
    _, warnings = render("Text.\n\n:::{when} shorter\nText.\n:::")
    assert "index.md:5" in warnings
    assert "shorter: no such condition; allowed, also after not: " in warnings
    assert "simulated" in warnings


def test_the_horizon_stands_for_the_last_month_of_the_edition(render):
    page, warnings = render("{num}`pfs.{horizon}m`")
    assert "70.5 (60–81)</a>" in page
    assert warnings == ""


def test_a_reason_may_wrap_and_a_number_does_not(render):
    page, _ = render("{num}`pfs.reason` {num}`pfs.60m`")
    assert 'class="nissc1-reason"' in page
    assert 'class="nissc1-number"' in page


def test_a_simulated_edition_says_so_above_and_below_the_title_of_each_page(render):
    changes = {"simulated": "yes", "simulated_after": "2018-02-28", "notice": "Simulated: nobody"}
    page, _ = render("Text.", changes=changes)
    assert '<strong class="nissc1-simulated">Simulated: nobody</strong>' in page
    title, box = page.index("</h1>\n<div"), page.index("nissc1-simulated-box")
    assert 0 < box - title < 100
    assert "after 2018-02-28" in page[box : box + 400]
    assert "nissc1-simulated-box" not in render("Text.")[0]


SHOW = ":::{exhibit} figure-1\n:notebook: curves\n\nThe caption, *in words*.\n:::"


def executed(folder, html):
    """Write a notebook with one output."""
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
    cell = {"cell_type": "code", "execution_count": 3, "metadata": {}, "source": ""}
    (folder / "notebooks").mkdir(exist_ok=True)
    (folder / "notebooks" / "curves.ipynb").write_text(
        json.dumps({"cells": [{**cell, "outputs": [output]}], "metadata": {}, "nbformat": 4})
    )


def test_a_figure_of_a_notebook_is_shown_with_its_links_leading_home(render, tmp_path):
    executed(
        tmp_path / "source",
        '<div id="exhibit-figure-1"><svg><use href="#mark"/></svg><a href="#cell-3">Code</a>'
        '<a href="../figures/figure-1.svg">SVG</a></div>',
    )
    page, warnings = render(SHOW)
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert '<a href="../notebooks/curves.html#cell-3">' in figure
    assert '<use href="#mark"/>' in figure
    assert '<a href="../figures/figure-1.svg">' in figure
    assert re.search(r"<figcaption>.*The caption, <em>in words</em>\.", figure, re.DOTALL)
    assert not warnings


def test_nothing_is_shown_where_the_notebook_draws_nothing(render, tmp_path):
    executed(tmp_path / "source", "<p>Nothing can be estimated.</p>")
    page, warnings = render(SHOW)
    assert "figure" not in page.partition("<h1>")[2].partition("</h1>")[2].partition("<footer")[0]
    assert not warnings


def test_a_figure_of_no_notebook_is_refused(render):
    _, warnings = render(":::{exhibit} figure-1\n:::")
    assert "{exhibit} figure-1: say of which notebook, with :notebook:" in warnings
