"""The plot of the report, as SVG."""

import sys

import pygal
from pygal.style import CleanStyle

from bench.contenders import LIMIT
from bench.measuring import Case, Result
from bench.target import CONNECTIONS

# pygal leaves a finder of the old kind, for its maps, among those of Python: later imports fail.
sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)]

# Okabe and Ito's, which the colour-blind tell apart.
_COLOURS = ("#000000", "#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#cc79a7", "#009e73")


def plot(results: dict[Case, Result]) -> str:
    """Draw each contender's throughput at 16 connections as a share of the limit's."""
    at_once = {case: result for case, result in results.items() if case.connections == CONNECTIONS}
    # A horizontal chart is drawn from below.
    operations = list(dict.fromkeys(case.operation for case in at_once))[::-1]
    chart = pygal.HorizontalBar(
        style=CleanStyle(
            font_family="sans-serif",
            background="white",
            colors=_COLOURS,
            label_font_size=13,
            major_label_font_size=13,
        ),
        title=f"Throughput at {CONNECTIONS} connections, as a share of the limit's",
        width=900,
        height=120 + 130 * len(operations),
        value_formatter="{:.0%}".format,
        legend_at_bottom=True,
        truncate_legend=-1,
        js=(),
        no_prefix=True,
        disable_xml_declaration=True,
    )
    chart.x_labels = [operation.key.replace("_", " ") for operation in operations]
    rates = {(case.contender, case.operation): result.rate for case, result in at_once.items()}
    for contender in dict.fromkeys(case.contender for case in at_once):
        shares = (rates[contender, operation] / rates[LIMIT, operation] for operation in operations)
        chart.add(contender.name, list(shares))
    drawn: str = chart.render(is_unicode=True)
    return drawn
