"""What the tests of the pages rely on: that a fault of a page is noticed."""

import pytest

from portal.viewer import Language
from tests.browser.visitor import Way

WAY = Way(Language.EN)
BARRIER = "<html lang=en><title>A</title><main><h1>A</h1><input id=nameless></main>"


async def test_a_barrier_is_found_also_where_no_script_runs(visiting, server):
    async with visiting(server.address, Way(Language.EN, scriptless=True)) as visitor:
        await visitor.page.set_content(f"{BARRIER}<script>document.title = 'B'</script>")
        assert await visitor.barriers() == {"label": ['<input id="nameless">']}
        assert await visitor.page.title() == "A"


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<img src='http://elsewhere.example/a.png' alt=A>", "asked elsewhere: http://elsewhere"),
        ("<script>throw Error('gone')</script>", "script: gone"),
        ("<script>console.error('gone')</script>", "error: gone"),
    ],
)
async def test_a_fault_fails_the_test(visiting, server, html, complaint):
    with pytest.raises(AssertionError, match=complaint):
        async with visiting(server.address, WAY) as visitor:
            await visitor.page.set_content(html)


async def test_a_missing_file_fails_the_test(visiting, server):
    with pytest.raises(AssertionError, match="404: http"):
        await _ask_for_what_is_missing(visiting, server.address)


async def _ask_for_what_is_missing(visiting, address):
    async with visiting(address, WAY) as visitor:
        await visitor.open("/graphql")
        await visitor.page.evaluate("fetch('/gone.css')")


async def test_a_page_wider_than_the_window_is_noticed(visiting, server):
    async with visiting(server.address, Way(Language.EN, narrow=True)) as visitor:
        await visitor.page.set_content("<body style='margin: 0'><p style='width: 400px'>wide</p>")
        assert await visitor.overflow() == 40


async def test_what_tab_misses_is_noticed(visiting, server):
    unseen = '<a href="/b" style="outline: none">b</a>'
    async with visiting(server.address, WAY) as visitor:
        await visitor.page.set_content(
            f"<button>a</button>{unseen}<button onfocus='this.blur()'>c</button><button>d</button>"
        )
        assert await visitor.unreached() == [
            'not reached: <button onfocus="this.blur()">c</button>',
            "not reached: <button>d</button>",
            f"focus is not seen: {unseen}",
        ]
