"""What all templates have in common."""

from jinja2 import Environment, meta, nodes

from integration.pages.views import HERE

TEMPLATES = HERE / "templates"


def names_of_its_own(template: nodes.Template) -> set[str]:
    """What a template imports, defines or sets."""
    imported = {name for one in template.find_all(nodes.FromImport) for name in one.names}
    own_names = {one[1] if isinstance(one, tuple) else one for one in imported}
    defined = {one.name for one in template.find_all(nodes.Macro)}
    return own_names | defined | {one.name for one in template.find_all(nodes.Name) if one.ctx == "store"}


def test_no_template_hides_what_every_page_says_behind_a_name_of_its_own() -> None:
    environment = Environment(autoescape=True)
    read_by_all = meta.find_undeclared_variables(environment.parse((TEMPLATES / "base.html").read_text("utf-8")))
    assert {"staff_notice", "promise", "support"} <= read_by_all
    for path in sorted(TEMPLATES.glob("*.html")):
        hidden = names_of_its_own(environment.parse(path.read_text("utf-8"))) & read_by_all
        assert not hidden, f"{path.name}: {hidden}"
