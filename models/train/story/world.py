"""The people, animals and things of one story, with the words that go with them.

Attributes are what templates name: {a.he}, {obj.full}, {place.at}.
"""

from . import lexicon


class Being:
    """Anyone who acts: a child, an animal or a grown-up."""

    def __init__(self, name, kind, pronouns, limb="hand"):
        self.name = name
        self.kind = kind
        self.he, self.him, self.his, self.self = lexicon.PRONOUNS[pronouns]
        self.hand = limb
        self.hands = lexicon.LIMBS[limb]

    def __str__(self):
        return self.name


class Hero(Being):
    """A child or an animal with a name of its own, a character and a home.

    `intro` is for the first mention, `mark` a clause that may follow it, `ref`
    for later mentions.
    """

    def __init__(self, name, kind, pronouns, trait, home, limb="hand", ability=None):
        super().__init__(name, kind, pronouns, limb)
        self.trait = trait
        self.home = home
        self.ability = ability
        self.intro = f"a {trait}{{age}} {kind} named {name}"
        self.mark = (f"[||, who wore a {{colour}} {{cloth}},|, who lived {{near}} the {{landmark}},"
                     f"|, with a {{ware}} in {self.his} {self.hand},"
                     f"|, who liked {{taste}} and {{doing}},|, the friend of the {{person}},]")
        self.ref = f"[{name}|{name}|the {kind}]"


class Thing:
    """An object; `full` has its adjective, for the first mention."""

    def __init__(self, noun, adjective):
        self.noun = noun
        self.adjective = adjective
        self.full = f"{adjective} {noun}"

    def __str__(self):
        return self.noun


class Food:
    """Something to eat, as bought (`whole`) and as given away (`share`)."""

    def __init__(self, noun):
        self.noun = noun
        self.whole, self.share, plural = lexicon.FOODS[noun]
        self.was = "were" if plural else "was"

    def __str__(self):
        return self.noun


class Place:
    """Where the story happens; `at` is the place with its preposition."""

    def __init__(self, noun):
        self.noun = noun
        preposition, self.spots, self.sight = lexicon.PLACES[noun]
        self.at = f"{preposition} the {noun}"

    def __str__(self):
        return self.noun


class Cast:
    """Draws beings and things so that no two in a story can be confused.

    The second hero has the other pronoun, so "he" and "she" stay clear.
    """

    def __init__(self, chooser):
        self._chooser = chooser
        self._names = set()
        self._kinds = set()
        self._nouns = set()

    def pick(self, options):
        """One of the options, for what only one plot needs."""
        return self._chooser.pick(options)

    def several(self, options, count):
        """Different options, in random order."""
        rest = list(options)
        return [rest.pop(rest.index(self._chooser.pick(rest))) for _ in range(count)]

    def _name(self, pronouns):
        pool = lexicon.GIRLS if pronouns == "she" else lexicon.BOYS
        name = self._chooser.pick([n for n in pool if n not in self._names])
        self._names.add(name)
        return name

    def child(self, pronouns=None):
        """A girl or a boy."""
        pronouns = pronouns or self._chooser.pick(("she", "he"))
        return Hero(self._name(pronouns), "girl" if pronouns == "she" else "boy", pronouns,
                    self._chooser.pick(lexicon.TRAITS), lexicon.HOME)

    def animal(self, pronouns=None, abilities=None):
        """An animal, on demand one that can do one of the abilities."""
        pronouns = pronouns or self._chooser.pick(("she", "he"))
        kind = self._chooser.pick([k for k, v in lexicon.SPECIES.items()
                                   if k not in self._kinds
                                   and (abilities is None or v[0] in abilities)])
        self._kinds.add(kind)
        ability, limb, home = lexicon.SPECIES[kind]
        return Hero(self._name(pronouns), kind, pronouns,
                    self._chooser.pick(lexicon.TRAITS), home, limb, ability)

    def hero(self, pronouns=None):
        """A child or an animal."""
        return self.child(pronouns) if self._chooser.chance(0.5) else self.animal(pronouns)

    def pair(self):
        """Two heroes of the same sort (both children or both animals)."""
        make = self.child if self._chooser.chance(0.5) else self.animal
        first = make()
        return first, make(other(first))

    def family(self, owner):
        """A grown-up of the owner's family, named by the relation ("her uncle")."""
        word, pronouns = self._chooser.pick([entry for entry in lexicon.FAMILY
                                             if entry[1] == other(owner)])
        return Being(f"{owner.his} {word}", word, pronouns, owner.hand)

    def tradesman(self, pronouns):
        """A working person, with a place of work and a wish."""
        kind = self._chooser.pick([k for k in lexicon.TRADES if k not in self._kinds])
        self._kinds.add(kind)
        person = Being(f"the {kind}", kind, pronouns)
        person.at, person.wish = lexicon.TRADES[kind]
        return person

    def thing(self, *tags):
        """An object that has one of the tags."""
        noun = self._chooser.pick([n for n, (have, _) in lexicon.THINGS.items()
                                   if n not in self._nouns and set(tags) & set(have.split())])
        self._nouns.add(noun)
        own = lexicon.THINGS[noun][1].split()
        adjectives = own if self._chooser.chance(0.5) else lexicon.COLOURS
        return Thing(noun, self._chooser.pick(adjectives))

    def food(self):
        """Something to eat."""
        return Food(self._chooser.pick(tuple(lexicon.FOODS)))

    def place(self, nouns=lexicon.OUTDOORS):
        """A place of those named."""
        return Place(self._chooser.pick(nouns))

    def spots(self, place, count):
        """Different spots of a place."""
        return self.several(place.spots, count)

    def weather_text(self, kinds=tuple(lexicon.WEATHER)):
        """A sentence that shows one of the kinds of weather."""
        return lexicon.WEATHER[self._chooser.pick(kinds)]


def other(being):
    """The pronoun set that the being does not use."""
    return "she" if being.he == "he" else "he"
