"""Draws plots and tells them, one story after the other."""

from . import details, phrases
from . import plots_days, plots_deeds, plots_fables, plots_friends, plots_things
from .engine import Chooser, Teller
from .world import Cast

PLOTS = (plots_things.PLOTS + plots_deeds.PLOTS + plots_fables.PLOTS + plots_friends.PLOTS
         + plots_days.PLOTS)
RULES = {**phrases.RULES, **details.RULES}


class Stories:
    """An endless, seeded sequence of stories."""

    def __init__(self, seed):
        self._chooser = Chooser(seed)

    @property
    def nats(self):
        """Information in all choices so far: an upper bound of the text's entropy."""
        return self._chooser.nats

    def next(self):
        """The next story, one paragraph."""
        plot = self._chooser.pick(PLOTS)
        state, beats = plot(Cast(self._chooser))
        return Teller(self._chooser, RULES, details.WORDS, state).tell(beats)
