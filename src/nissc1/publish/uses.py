"""Which records and facts each page shows, kept by Sphinx from build to build."""

from __future__ import annotations

from sphinx.environment import BuildEnvironment

_NAME = "nissc1_uses"


def uses(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return what the pages show.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        Environment of the build.

    Returns
    -------
    dict of str to dict of str to str
        By page, what is used (``num:pfs.24m``) and what stood there when the page was read.
    """
    if not hasattr(env, _NAME):
        setattr(env, _NAME, {})
    found: dict[str, dict[str, str]] = getattr(env, _NAME)
    return found


def note_use(env: BuildEnvironment, use: str, shown: str) -> None:
    """Note what the page in hand shows.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        Environment of the build.
    use : str
        Role and text.
    shown : str
        What stands there now.
    """
    uses(env).setdefault(env.docname, {})[use] = shown
