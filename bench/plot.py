"""The plot of the report, as SVG."""

import pygal
from pygal.style import CleanStyle

from bench.contenders import LIMIT
from bench.measuring import Case, Result
from bench.target import CONNECTIONS


def plot(results: dict[Case, Result]) -> bytes:
    """Draw each contender's throughput at 16 connections as a share of the limit's."""
    at_once = {case: result for case, result in results.items() if case.connections == CONNECTIONS}
    operations = list(dict.fromkeys(case.operation for case in at_once))
    chart = pygal.HorizontalBar(
        style=CleanStyle(font_family="sans-serif"),
        title=f"Throughput at {CONNECTIONS} connections, as a share of the limit's",
        width=900,
        height=120 + 130 * len(operations),
        value_formatter="{:.0%}".format,
        print_values=True,
        legend_at_bottom=True,
        js=(),
        no_prefix=True,
        disable_xml_declaration=True,
    )
    chart.x_labels = [operation.key.replace("_", " ") for operation in operations]
    rates = {(case.contender, case.operation): result.rate for case, result in at_once.items()}
    for contender in dict.fromkeys(case.contender for case in at_once):
        shares = (rates[contender, operation] / rates[LIMIT, operation] for operation in operations)
        chart.add(contender.name, list(shares))
    drawn: bytes = chart.render()
    return drawn
