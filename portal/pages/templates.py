"""The templates: an environment for each language, with its words and its ways to write."""

from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, Final
from urllib.parse import quote

from graphql import GraphQLSchema
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from typing_extensions import override

from portal.clock import OPERATOR_ZONE
from portal.pages.drawing import drawn_history, drawn_timeline
from portal.pages.module_data import Part
from portal.pages.page import FOLDER, Page
from portal.pages.recorded import Recorded
from portal.pages.speaking import countries_in, filters_in, words_in
from portal.pages.static_files import StaticFiles
from portal.viewer import Language

EXTENSIONS: Final = ("jinja2.ext.do",)


class Templates:
    """Every template in every language, parsed at the start."""

    def __init__(
        self, schema: GraphQLSchema, pages: Mapping[str, Page], files: StaticFiles
    ) -> None:
        known: dict[str, Any] = {
            "address": lambda page, **parts: address(pages[page].place.path, parts),
            "has_page": lambda page: page in pages,
            "static": files.address,
            "accent": files.accent,
        }
        self._environments = {
            language: _environment(language, schema, known) for language in Language
        }
        for environment in self._environments.values():
            for name in environment.list_templates(["html"]):
                environment.get_template(name)

    def render(self, name: str, language: Language, values: Mapping[str, Any]) -> str:
        """Write a template out."""
        return self._environments[language].get_template(name).render(values)

    def block(self, name: str, block: str, language: Language) -> str | None:
        """Write one block of a template out; None where it has none of that name."""
        template = self._environments[language].get_template(name)
        written = template.blocks.get(block)
        return "".join(written(template.new_context())).strip() if written else None


def address(path: str, parts: Mapping[str, Any]) -> str:
    """Put parts into a path; ``=``, which ends many an id, may stand there as it is."""
    quoted = {name: _segment(part) for name, part in parts.items()}
    return path.format_map(quoted)


def _segment(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {name: _segment(one) for name, one in part.items()}
    return quote(str(part), safe="=")


class _Compiled(BytecodeCache):
    """Templates that are compiled already: the code of one is the same in every language."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    @override
    def load_bytecode(self, bucket: Bucket) -> None:
        """Put the code of a template of this name and text into the bucket, if there is any."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED: Final = _Compiled()


class _Environment(Environment):
    """An environment for what GraphQL answers: of a dict, its keys come first."""

    @override
    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _environment(
    language: Language, schema: GraphQLSchema, known: Mapping[str, Callable[..., Any]]
) -> Environment:
    made = _Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=EXTENSIONS,
        # What an optimizer works out beforehand would be in one language.
        optimized=False,
        bytecode_cache=_COMPILED,
        auto_reload=False,
        cache_size=-1,
    )
    drawings = {"drawn_timeline": drawn_timeline, "drawn_history": drawn_history}
    made.filters |= {**filters_in(language), **drawings}
    recorded = Recorded(schema, language, made.filters)
    made.filters |= {"title_of": recorded.title, "recorded": recorded.written}
    made.globals |= {
        **words_in(language),
        **known,
        "language": language.lower(),
        "reader": language,
        "operator_zone": OPERATOR_ZONE,
        "named": lambda values: [(str(value), str(value)) for value in values],
        "data_part": lambda schema: Part.of(schema, schema, ""),
        "countries": countries_in(language),
    }
    return made
