"""The wording rules of ICD 203: what is told, what is not, and that our own words keep them."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.files import packaged, read_scenario, read_tree
from assess.model import LIKELIHOOD_BANDS, Evidence, Rating, Strategy
from assess.notes import notes
from assess.reporting import render
from assess.summary import summarise
from assess.tradecraft import SETS, likelihood_terms, remarks, study_remarks
from tests import small


def told(*texts: str) -> list[str]:
    """Return what is told of some texts."""
    return [str(remark) for remark in remarks([("here", text) for text in texts])]


def test_the_two_sets_hold_one_term_of_each_band_in_the_same_order() -> None:
    bands = [[LIKELIHOOD_BANDS[term] for term in terms] for terms in SETS]
    assert bands[0] == bands[1]
    assert len(set(bands[0])) == len(bands[0]) == 7
    assert {*SETS[0], *SETS[1]} == {*LIKELIHOOD_BANDS}


@pytest.mark.parametrize("term", [term for term in LIKELIHOOD_BANDS if term != "remote"])
def test_every_term_is_found_as_a_whole_and_not_inside_a_word(term: str) -> None:
    assert likelihood_terms(f"That is {term}.") == (term,)
    assert likelihood_terms(f"THAT IS {term.upper()}.") == (term,)
    assert likelihood_terms(term.replace(" ", "\n  ")) == (term,)
    assert likelihood_terms(f"That is x{term}y, or {term}ly, or {term}-looking.") == ()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Remote villages are hard to reach, and so is a remote post.", ()),
        ("The chance of a truce is remote.", ("remote",)),
        ("There is a remote possibility of a truce.", ("remote",)),
        ("Grade 2: probably true; its likelihood and probability are open.", ()),
        ("More likely than not, as likely as ever, less probable than before.", ()),
        ("Held without probable cause.", ()),
        ("Graded D5, improbable; another 5 (improbable); B2: probably true.", ()),
        ("Graded D5. A truce is improbable.", ("improbable",)),
        ("The voter is unlikely to stay, and very unlikely to return.", ("unlikely",
                                                                         "very unlikely")),
        ("A likelihood of unlikelihood.", ()),
    ],
)  # fmt: skip
def test_words_that_only_look_like_terms_are_left_alone(text: str, terms: tuple[str, ...]) -> None:
    assert likelihood_terms(text) == terms


def test_terms_of_the_set_used_less_are_told_with_what_to_write() -> None:
    assert told("A truce is likely. A split is unlikely.", "A coup is highly improbable.") == [
        "here: \"A coup is highly improbable.\": 'highly improbable' is of another set of "
        "likelihood terms than the rest of the study; write 'very unlikely' (ICD 203)"
    ]
    assert "write 'probable'" in told("A coup is improbable, a split probable, a truce likely.")[0]


def test_of_a_tie_the_second_set_gives_way() -> None:
    (line,) = told("A truce is probable.", "A split is unlikely.")
    assert "write 'likely'" in line


@pytest.mark.law
@given(terms=st.lists(st.sampled_from(SETS[0]), min_size=1), of=st.sampled_from([0, 1]))
def test_one_set_alone_is_never_told_and_the_other_beside_it_always_is(
    terms: list[str], of: int
) -> None:
    own = [SETS[of][SETS[0].index(term)] for term in terms]
    texts = [f"The chance of that is {term}." for term in own]
    assert told(*texts) == []
    stranger = SETS[1 - of][3]
    found = told(*texts, f"The chance of that is {stranger}.")
    assert found
    if len(own) > 1:
        assert len(found) == 1
        assert f"write '{SETS[of][3]}'" in found[0]


@pytest.mark.parametrize(
    "statement", ["high confidence", "moderate confidence", "low confidence", "lower confidence",
                  "confident"],
)  # fmt: skip
def test_a_likelihood_and_a_confidence_in_one_sentence_are_told(statement: str) -> None:
    assert told(f"We judge, {statement}, that a truce is likely. We may err.") == [
        f"here: \"We judge, {statement}, that a truce is likely.\": 'likely' and {statement!r} "
        "stand in one sentence; write two: how likely it is, and then how sure you are and why "
        "(ICD 203)"
    ]
    assert told(f"A truce is likely. We judge so, {statement}.") == []
    assert told(f"A truce is likely!\n\nThat is {statement}.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Confidence-building measures are likely.",
        "Public confidence is likely to return.",
        "Confidently they say that a truce is likely.",
        "The self-confident are likely to stay.",
    ],
)
def test_other_confidence_than_the_analyst_s_is_left_alone(text: str) -> None:
    assert told(text) == []


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert (
        len(told("A truce is likely, e.g. in the centre, which we say with low confidence.")) == 1
    )


def test_a_study_is_told_with_the_place_of_each_sentence() -> None:
    scenario = small.scenario(
        "flood", kind="world", weights={}, likelihood="unlikely", description="Rain is improbable.",
        reason="With high confidence, floods are likely.", not_applicable={"trust": "Unlikely."},
    )  # fmt: skip
    why = "We are confident that this is very unlikely."
    row = Rating(analyst="ben", strategy="keep", criterion="deaths", rating=500,
                 evidence=Evidence(rationale=why))  # fmt: skip
    strategies = {
        **small.study().strategies,
        "keep": Strategy(description="It is probable that nothing is done."),
    }
    study = small.study(
        [*small.rows(), row], scenarios=(small.scenario(), scenario), strategies=strategies,
        question="Is a truce likely?",
    )  # fmt: skip
    found = list(study_remarks(study))
    assert [(remark.place, remark.sentence) for remark in found] == [
        ("strategy keep", "It is probable that nothing is done."),
        ("scenario flood", "Rain is improbable."),
        ("scenario flood", "With high confidence, floods are likely."),
        ("rating by ben, keep, deaths", why),
    ]
    assert [note for note in notes(study) if "ICD 203" in note] == [str(x) for x in found]


def test_the_likelihood_of_a_scenario_counts_for_the_set() -> None:
    flood = small.scenario("flood", likelihood="unlikely")
    storm = small.scenario("storm", likelihood="improbable")
    study = small.study(scenarios=(flood, storm))
    assert [str(remark) for remark in study_remarks(study)] == [
        "scenario storm: \"likelihood = improbable\": 'improbable' is of another set of likelihood "
        "terms than the rest of the study; write 'unlikely' (ICD 203)"
    ]


# Our own words


@pytest.mark.parametrize("example", ["mali", "mali_history"])
def test_the_examples_and_their_pages_keep_the_rules(example: str) -> None:
    study = assess.load(example)
    assert list(study_remarks(study)) == []
    page = summarise(assess.evaluate(study))
    passages = [(s.title, line) for s in page.sections for line in (s.title, *s.lines)]
    passages += [
        (s.title, cell) for s in page.sections if s.table for row in s.table.rows for cell in row
    ]
    assert [str(remark) for remark in remarks(passages)] == []


@pytest.mark.parametrize("form", ["txt", "md"])
def test_the_rendered_page_of_the_example_keeps_the_rules(form: str) -> None:
    page = render(assess.evaluate(assess.load("mali")), form)
    passages = [("page", line) for block in page.split("\n\n") for line in unwrapped(block)]
    assert len(passages) > 50
    assert any(likelihood_terms(text) for _, text in passages)
    assert [str(remark) for remark in remarks(passages)] == []


def unwrapped(block: str) -> list[str]:
    """Return the lines of a block, each with the indented lines that go on with it."""
    return re.sub(r"\n {2,}(?! )", " ", block).split("\n")


def test_the_packaged_trees_and_scenarios_keep_the_rules() -> None:
    def texts(item: Any) -> list[str]:
        if isinstance(item, str):
            return [item]
        if isinstance(item, dict):
            return [text for value in item.values() for text in texts(value)]
        return [text for value in item for text in texts(value)] if isinstance(item, list) else []

    models = {
        **{key: read_tree(path) for key, path in packaged("criteria").items()},
        **{key: read_scenario(path) for key, path in packaged("scenarios").items()},
    }
    passages = [
        (key, text) for key, x in models.items() for text in texts(x.model_dump(mode="json"))
    ]
    assert len(passages) > 100
    assert [str(remark) for remark in remarks(passages)] == []
