"""The application form as a declaration, and everything that is derived from it.

    form = read_form(folder / "form.yaml")            # FormSchema; EditionProblems says all that is wrong
    section = form.section("project")                 # one editing page; form.sections in the annex's order
    answers = section.parse(request.POST)             # JSON-ready dict, never raises
    section.check(answers, complete=False)            # [Problem(path, field_label, sentence, kind)]; draft
    section.check(answers, complete=True, files=keys, derived=values)     # what stands in the way of submitting
    section.bind(answers, problems=.., derived=..)    # BoundFields for the editing page
    section.initial(answers)                          # {input name: value}, the inverse of parse
    section.rows(answers, derived=..)                 # Rows to read: PDF, read-only page, blind view, comparison
    section.progress(answers, files=.., derived=..)   # Progress(done, total)
    section.slots(answers)                            # places for files: key, field, label
    section.unknown(answers)                          # stored paths that the form does not know
    form.find_slot("cases.cases.r1.contract")         # (Section, file Field) of an attachment key, or None
    form.digest                                       # stable SHA-256 of the declaration

Answers (one dict per section; per unit where section.repeat == 'unit'), by field kind: see fields.KINDS. A draft may
hold anything typed; only blanks are left out. Details of a choice stand beside its field as
`<field>__<choice>__<detail>`; a reason why a file does not apply as `<field>__na`; rows of a table are dicts with a
lasting `_id` ('r1' when the page gave none).

Input names: keys joined by '-', rows by their place: `aggregation-scope`, `cases-0-org_name`, `cases-0-_id`.
Problem.path is the name of the input (its id on the page is `id_<name>`); for a block or table the name of the whole.

Attachment keys: `<section>.<field>`, or `<section>.<table>.<row id>.<column>`, with blocks' keys between. They follow
the row's id, not its place, so a file stays with its row.

Derived values: {'project.name': .., 'project.topic': .., 'team.name': .., 'team.members': [{column key: text}],
'unit.name': .., 'unit.nature': choice key, 'unit.nature.details': {'nature__other__text': ..}, ...}; texts, except
choices (their key) and tables (a list of dicts).

Partials by `field.widget`: text textarea number integer date month tick radio select checkboxes lookup block table
file derived. A lookup's options hold only what is ticked; the page has the list itself once.
"""

from competition.form_schema.binding import BLANK_INDEX, BoundField, BoundRow, Option
from competition.form_schema.checking import INVALID, MISSING, OVER, RULE, WARNING, Problem
from competition.form_schema.display import Record, Row, Tick, rows_of
from competition.form_schema.fields import HIDE, MASK, ROW_ID, SHOW, Choice, Condition, Field
from competition.form_schema.posting import FlatPost, Post
from competition.form_schema.reading import form_from, read_form
from competition.form_schema.section import CoverLine, FormSchema, Progress, ScanRule, Section, Slot

__all__ = [
    "BLANK_INDEX",
    "HIDE",
    "INVALID",
    "MASK",
    "MISSING",
    "OVER",
    "ROW_ID",
    "RULE",
    "SHOW",
    "WARNING",
    "BoundField",
    "BoundRow",
    "Choice",
    "Condition",
    "CoverLine",
    "Field",
    "FlatPost",
    "FormSchema",
    "Option",
    "Post",
    "Problem",
    "Progress",
    "Record",
    "Row",
    "ScanRule",
    "Section",
    "Slot",
    "Tick",
    "form_from",
    "read_form",
    "rows_of",
]
