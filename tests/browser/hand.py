"""The hand that uses a page: with a mouse, or with the keyboard alone."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page

# More stops than any page has; a control that is not met by then cannot be reached.
_MOST_STOPS = 400


@dataclass
class Mouse:
    """A hand with a mouse, and a keyboard for what is typed."""

    page: Page

    async def press(self, control: Locator) -> None:
        """Press a link or a button, and wait for the page that it leads to."""
        await control.click()

    async def type(self, control: Locator, text: str) -> None:
        """Write into a control, instead of what it held."""
        await control.fill(text)

    async def choose(self, control: Locator) -> None:
        """Choose one of the radio buttons, or tick a checkbox."""
        await control.check()

    async def select(self, control: Locator, option: str) -> None:
        """Choose from a list by the words of the option."""
        await control.select_option(label=option)


@dataclass
class Keyboard(Mouse):
    """A hand that has no mouse."""

    async def press(self, control: Locator) -> None:
        await self._reach(control)
        # It has the focus; pressed so, the page that it leads to is waited for.
        await control.press("Enter")

    async def type(self, control: Locator, text: str) -> None:
        await self._reach(control)
        if await control.get_attribute("type") == "date":
            # A browser has it in parts, here in the order of its own language.
            year, month, day = text.split("-")
            await self.page.keyboard.type(f"{month}{day}{year}")
            return
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.press("Delete")
        await self.page.keyboard.type(text)

    async def choose(self, control: Locator) -> None:
        if await control.get_attribute("type") == "checkbox":
            await self._reach(control)
            if not await control.is_checked():
                await self.page.keyboard.press("Space")
            return
        # Tab goes to the group, and the arrows from one button to the next.
        name = await control.get_attribute("name")
        await self._reach(self.page.locator(f'[name="{name}"]:focus'), key="Tab")
        await self._reach(control, key="ArrowDown")
        await self.page.keyboard.press("Space")

    async def select(self, control: Locator, option: str) -> None:
        await self._reach(control)
        await self.page.keyboard.type(option)

    async def _reach(self, control: Locator, key: str = "Tab") -> None:
        await self.page.wait_for_load_state()
        for _ in range(_MOST_STOPS):
            if await control.and_(self.page.locator(":focus")).count():
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"The keyboard does not reach {control}")
