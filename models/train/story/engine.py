"""Template expansion: turns a template and a story's state into a sentence.

Template language (nestable):
    [x|y|z]     one of the alternatives, equally likely; an empty one is allowed
    {key}       the state's value, {key.attribute} an attribute of it;
                a capital in the attribute capitalises the result ({a.He});
                a key that the state lacks is a word list, drawn from afresh
    <rule:a,b>  one of the shared phrases of that name, with {x} = a and {y} = b
Values may themselves be templates. One that stands in the state itself is a fact
of the story: it is expanded once and stays.
"""

import functools
import math
import random
import re

_SPECIAL = re.compile(r"[\[\]|{}<>]")


@functools.lru_cache(maxsize=None)
def parse(template):
    """Returns the template as a tuple of nodes; templates repeat, so it is cached."""
    nodes, end = _parse_sequence(template, 0, False)
    if end != len(template):
        raise ValueError(f"unbalanced bracket in template: {template!r}")
    return nodes


def _parse_sequence(text, at, inside_choice):
    nodes = []
    while at < len(text):
        match = _SPECIAL.search(text, at)
        if not match:
            nodes.append(("text", text[at:]))
            return tuple(nodes), len(text)
        if match.start() > at:
            nodes.append(("text", text[at:match.start()]))
        at = match.start()
        mark = text[at]
        if mark == "[":
            options = []
            while text[at] != "]":
                option, at = _parse_sequence(text, at + 1, True)
                if at >= len(text):
                    raise ValueError(f"missing ] in template: {text!r}")
                options.append(option)
            nodes.append(("choice", tuple(options)))
            at += 1
        elif mark in "{<":
            end = text.index("}" if mark == "{" else ">", at)
            nodes.append(("key" if mark == "{" else "rule", text[at + 1:end]))
            at = end + 1
        elif inside_choice and mark in "|]":
            return tuple(nodes), at
        else:
            raise ValueError(f"stray {mark!r} in template: {text!r}")
    return tuple(nodes), at


def capitalise(text):
    """Upper-cases the first letter, which may stand behind a quotation mark."""
    return re.sub(r'^("?)([a-z])', lambda m: m[1] + m[2].upper(), text)


def tidy(text):
    """Sets a/an and the capitals that the templates leave open."""
    text = re.sub(r"\b([Aa]) (?=[aeiou]|honest)", r"\1n ", text)
    text = re.sub(r'((?:[.!?]|\.") )([a-z])', lambda m: m[1] + m[2].upper(), text)
    text = re.sub(r'((?:^|[.!?]"? )")([a-z])', lambda m: m[1] + m[2].upper(), text)
    text = re.sub(r",([.?!,])", r"\1", text)
    return re.sub(r"  +", " ", text).strip()


class Chooser:
    """Random choices, with the sum of their information in nats.

    The sum bounds the entropy of the text from above: it tells how low the
    perplexity of a perfect model could be.
    """

    def __init__(self, seed):
        self._random = random.Random(seed)
        self.nats = 0.0

    def pick(self, options):
        """One of the options, equally likely."""
        self.nats += math.log(len(options))
        return options[self._random.randrange(len(options))]

    def chance(self, probability):
        """True with the given probability."""
        outcome = self._random.random() < probability
        self.nats -= math.log(probability if outcome else 1.0 - probability)
        return outcome


class Teller:
    """Expands templates against the state of one story."""

    def __init__(self, chooser, rules, words, state):
        hidden = state.keys() & words.keys()
        if hidden:
            raise ValueError(f"the state hides the word lists {sorted(hidden)}")
        self._chooser = chooser
        self._rules = rules
        self._words = words
        self._state = state
        self._facts = {}

    def expand(self, template):
        """The template as text, capitals and articles still as written."""
        return self._expand_nodes(parse(template), self._state)

    def _expand_nodes(self, nodes, scope):
        parts = []
        for kind, content in nodes:
            if kind == "text":
                parts.append(content)
            elif kind == "choice":
                parts.append(self._expand_nodes(self._chooser.pick(content), scope))
            elif kind == "key":
                parts.append(self._value(content, scope))
            else:
                parts.append(self._rule(content, scope))
        return "".join(parts)

    def _value(self, key, scope):
        name, _, attribute = key.partition(".")
        if name not in scope:
            return self._expand_nodes(parse(self._chooser.pick(self._words[name])), scope)
        value = scope[name]
        if attribute:
            text = self._expand_nodes(parse(getattr(value, attribute.lower())), scope)
            return capitalise(text) if attribute[:1].isupper() else text
        fact = str(value)
        if fact not in self._facts:
            self._facts[fact] = self._expand_nodes(parse(fact), scope)
        return self._facts[fact]

    def _rule(self, call, scope):
        name, _, arguments = call.partition(":")
        inner = dict(scope)
        for parameter, argument in zip("xyz", arguments.split(",") if arguments else ()):
            inner[parameter] = scope[argument]
        return capitalise(self._expand_nodes(parse(self._chooser.pick(self._rules[name])), inner))

    def tell(self, beats):
        """The story: one alternative of every beat, in order.

        A beat with an empty alternative is left out every second time.
        """
        sentences = []
        for beat in beats:
            told = [template for template in beat if template]
            if len(told) == len(beat) or self._chooser.chance(0.5):
                sentences.append(capitalise(self.expand(self._chooser.pick(told))))
        return tidy(" ".join(sentences))
