// Goes along where Tab stops: what it misses, and where no focus is to be seen.
window.stops = {
  begin() {
    const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    // A group of radio buttons is one stop: at the chosen one.
    const isLater = (one) => one.type === "radio" && !one.checked;
    this.missed = new Set(
      [...document.querySelectorAll(all)].filter(
        (one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && !isLater(one),
      ),
    );
    this.seen = new Set();
    this.met = new Set();
    this.first = null;
    document.activeElement.blur();
  },
  // Whether the last Tab led out of the page.
  isOver() {
    const at = document.activeElement;
    if (at === document.body || at === this.first) {
      return true;
    }
    this.first ??= at;
    const { outlineStyle, boxShadow } = getComputedStyle(at);
    // Of a date, whose parts are stops of their own, the browser marks the last by itself.
    if (outlineStyle !== "none" || boxShadow !== "none") {
      this.seen.add(at);
    }
    this.met.add(at);
    this.missed.delete(at);
    return false;
  },
  faults() {
    return [
      ...[...this.missed].map((one) => `not reached: ${one.outerHTML}`),
      ...[...this.met.difference(this.seen)].map((one) => `focus is not seen: ${one.outerHTML}`),
    ];
  },
};
