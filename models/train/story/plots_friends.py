"""Plots about friends: helping the lost, the lonely and the ill."""

from .phrases import CHAT, EVENING, OPEN_ONE, OPEN_TWO, SCENE
from .world import other


def lost_child(cast):
    """A small animal cannot find its home; clues lead the finder there."""
    a = cast.hero()
    kind, home, clue_one, clue_two = cast.pick((
        ("duckling", "the pond behind the mill", "it is wet", "there are reeds all around"),
        ("kitten", "the house beside the bakery", "it smells of bread", "there is a blue door"),
        ("lamb", "the hill with three trees", "it is high and windy", "I can see three trees"),
        ("puppy", "the harbour", "it smells of fish", "big ropes lie on the ground"),
        ("owlet", "the tower of the church", "it is high up", "a bell rings there"),
        ("piglet", "the farm by the road", "there is much mud", "a red gate stands in front of it"),
        ("calf", "the stable near the bridge", "it is warm and dark", "one can hear the river"),
    ))
    b = cast.animal(other(a))
    little = cast.pick(("Pip", "Dot", "Bibi", "Tuck", "Momo", "Fitz"))
    place = cast.place(("forest", "meadow", "market", "beach", "garden"))
    ride = "So they{adv} {went} to {home}. {little} ran faster and faster."
    if a.kind in ("bear", "goat", "donkey", "deer"):
        ride = ("So they{adv} {went} to {home}. "
                "{little} [ran faster and faster|sat on the back of {a}].")
    state = {"a": a, "b": b, "kind": kind, "home": home, "one": clue_one, "two": clue_two,
             "little": little, "place": place, "spot": cast.spots(place, 1)[0],
             "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        ("<begin> {a}{adv} walked [to|past] the {place}.", "<begin> {a} was {place.at}."),
        ("{weather}", "{place.sight}", ""),
        *SCENE,
        ("There {a.he} heard [somebody crying|a thin voice]. {spot} sat a {kind}.",
         "{spot} {a.he} found a little {kind} that was [crying|shaking].",
         "A {kind} sat {spot} and [cried|shook with cold]."),
        ('"[Who are you|What is your name]?" asked {a}{asking}. "My name is {little}," said the '
         '{kind}, "and I am lost."',
         '"I am {little}," the {kind} [sobbed|said]. "I want to go home!"',
         '"I cannot find my mother," said the {kind}, whose name was {little}.'),
        ('"Do not [cry|be afraid]," [{said} {a}|{a} {said}]{how}. "[I will help you|We will find '
         'your home]."',
         '{a} [dried its tears|took it in {a.his} arms]. "I will bring you home," {a.he} '
         '{said}{how}.', ""),
        ('"What does your home look like?" {a.he} asked{asking}.',
         '"Tell me about your home," [{said} {a}|{a} {said}]{how}.', ""),
        ('"Well, {one}," said {little}.',
         '{little} thought. "I only know that {one}," it said.'),
        ('"That could be many places," [{said} {a}|{a} {said}]{how}. "What else?"',
         "They{adv} [looked|searched] here and there, but they did not find it.", ""),
        ('"And {two}," {little} said.',
         '{then} {little} remembered something. "{two}!" it cried.'),
        ('They met {b.intro}{b.mark}{adjunct}. "{one}, and {two}?" [{said} {b}|{b} {said}]{how}. '
         '"That must be {home}!"',
         '{a} asked {b.intro}{b.mark}, who knew [every corner|the whole land]. "Then it is '
         '{home}," said {b.ref}.',
         '"Now I know it!" [{said} {a}|{a} {said}]{how}. "It is {home}!"'),
        ("{a}{adv} took {little} to {home}[|, although it was far].", ride),
        ('There stood the mother of {little}. "My child!" she [cried|called].',
         '"{little}!" called a voice. It was the mother of the {kind}.', ""),
        ("She [licked|kissed] {little} [all over|from head to foot] and thanked {a}.",
         'The mother gave {a} [a warm supper|a feather for luck|a jar of jam] and said, "Thank you '
         'for bringing {little} home."',
         '"I will never run away again," said {little}.'),
        *EVENING,
        ("<moral>{a} often [visited|went to see] {little} at {home}.",
         "And {little} the {kind} [waved|sang] whenever {a} came by{adjunct}.",
         "{a}{adv} went home too, and {a.his} own mother [was waiting|had kept the soup warm]."),
    )


def newcomer(cast):
    """A shy newcomer is alone until someone finds out what they share."""
    a = cast.hero()
    b = cast.hero(other(a))
    hobby, tool, deed = cast.pick((
        ("music", "a [little |]flute", "played a song together"),
        ("drawing", "a box of [chalk|paints]", "drew a long picture on the wall"),
        ("stars", "a map of the stars", "looked for the Great Bear"),
        ("boats", "a [little |]boat", "built a raft for the pond"),
        ("stories", "a thick book", "read until it was dark"),
        ("stones", "a bag of [bright |]stones", "laid a path of stones"),
        ("kites", "a big kite", "flew the kite above the roofs"),
        ("chess", "a chess board", "played three games"),
    ))
    state = {"a": a, "b": b, "hobby": hobby, "tool": tool, "deed": deed,
             "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        ("{a.He} had just come from [another town|far away|the other side of the hill] and knew "
         "nobody.",
         "{a} was new there and had no friends yet."),
        ("Every day {a.he}{adv} sat [alone on a bench|alone at the window|by the fountain] and "
         "watched the others play.",
         "The others [played|laughed] in the street, but {a} did not dare to speak to them."),
        *SCENE,
        ('"Nobody wants to play with me," {a.he} thought.', "<sad:a>",
         '{a.He} wrote a letter to {a.his} grandmother: "I am so alone here."', ""),
        ("<begin> {b.intro}{b.mark} came past{adjunct}. {weather}",
         "<begin> {a} {saw} {b.intro}{b.mark}. {weather}",
         "<begin> {b.intro}{b.mark} sat down [near {a.him}|on the same bench]."),
        ("{b} had {tool}.", "Under {b.his} arm {b.he}{adv} carried {tool}.",
         "In {b.his} bag {b.he} had {tool}."),
        ("{a}{adv} [looked and looked|could not look away]. At home {a.he} had {tool} too!",
         "{a} loved {hobby} more than anything.", "{a.His} eyes grew big. {hobby}!", ""),
        ("{a.He} {wanted} to say something, but {a.his} voice [was gone|was too small].",
         '"What if {b.he} laughs at me?" {a} thought.', "{a}{adv} took a deep breath.", ""),
        ('"Do you like {hobby}?" {a} asked [at last|very softly].',
         '"I... I like {hobby} too," [{said} {a}|{a} {said}]{how}.',
         '"What a fine thing you have there," [{said} {a.ref}|{a.ref} {said}]{how}.'),
        ('"[Yes|Oh yes]!" [{said} {b}|{b} {said}]{how}. "But I have nobody who [likes it too|does '
         'it with me]."',
         '{b}{adv} [looked up|turned around] and smiled. "You too?" {b.he} asked{asking}.',
         '"I love it," [{said} {b}|{b} {said}]{how}. "What is your name?"'),
        ('"My name is {a}," [{said} {a}|{a} {said}]{how}.',
         '"I am {a}, and I am new here," {a.he} {said}{how}.', ""),
        ('"I was alone too," [{said} {b}|{b} {said}]{how}. "Come, we will try it together."',
         '"Shall we do it together?" asked {b}{asking}.'),
        ("That [day|afternoon] they {deed}.", "So they {deed}[, and the time flew|]."),
        *CHAT,
        ("The others came to look, and soon {a} knew [all their names|{everyone} in the street].",
         '"Will you come again tomorrow?" asked {b}{asking}. "[Of course|Yes]!" [{said} {a}|{a} '
         '{said}]{how}.',
         "<happy:a>", ""),
        *EVENING,
        ('{a} wrote a new letter to {a.his} grandmother: "I have a friend. {b.He} likes {hobby} '
         'too."',
         "<moral>{a} was not alone anymore.", "<together:a,b>",
         "One small question had changed everything."),
    )


def cheer_up(cast):
    """A friend is ill; after failures, the simplest thing makes the friend laugh."""
    a, b = cast.pair()
    illness = cast.pick(("a bad cold", "a broken leg", "a fever", "a sore throat", "the measles"))
    first, second = cast.pick((
        ("brought {b.him} flowers", "told {b.him} a joke"),
        ("sang {b.him} a song", "brought {b.him} a book"),
        ("made {b.him} tea", "drew {b.him} a picture"),
        ("read {b.him} a story", "gave {b.him} a red balloon"),
    ))
    mishap = cast.pick((
        "sat down on the hat of the doctor", "slipped and landed in the laundry basket",
        "walked out with the blanket tied to {a.his} foot", "put the soup spoon behind {a.his} ear",
        "sneezed so hard that the curtain fell down", "got stuck with {a.his} head in a jug",
    ))
    praise = '"You {mishap}!" {b} cried{loud}. "That was [so funny|better than any medicine]!"'
    if "{a.his}" in mishap:
        praise = '"That was better than any medicine!" {b} cried{loud}.'
    state = {"a": a, "b": b, "illness": illness, "first": first, "second": second,
             "mishap": mishap, "weather": cast.weather_text()}
    return state, (
        *OPEN_TWO,
        ("<begin> {b} [had|was in bed with] {illness}.",
         "But now {b} had {illness} and had to stay in bed.",
         "<begin> {b} did not come out to play. {b.He} had {illness}."),
        ("{weather} But {b} could [only look out of the window|not go out].",
         "{b} was [sad|tired and sad] and did not want to eat.",
         '"How long must I stay in bed?" {b.he} sighed.'),
        *SCENE,
        ("{a} {wanted} to make {b.him} laugh.",
         '"I will cheer {b.him} up," [{said} {a}|{a} {said}]{how}.',
         "{a}{adv} went to visit {b.him}[| every day].", ""),
        ('First {a.he} {first}. "Thank you," {said} {b}, but {b.he} did not [smile|laugh].',
         "On the first day {a} {first}. {b}{adv} [looked at the wall|nodded]."),
        ("{then} {a.he} {second}. {b} [sighed|closed {b.his} eyes].",
         "On the second day {a.he} {second}. [It did not help|That was no better]."),
        ("{a} did not know what else to do.", "<worry:a>",
         '"Am I a bad friend?" {a.he} asked{asking}.', ""),
        ("{a.He}{adv} stood up to go and {mishap}.",
         "Then, by accident, {a.he} {mishap}.", "{a}{adv} turned around and {mishap}!"),
        ("For a moment it was [quiet|very still].", '"Oh!" said {a} and turned red.', ""),
        ("{then} {b} {began} to laugh. {b.He}{adv} laughed until the bed shook.",
         "{b}{adv} looked at {a.him} and laughed, [louder and louder|for the first time in days]."),
        ("{a}{adv} laughed too, and they could not stop.",
         '"Do it again!" [cried|begged] {b}{loud}.',
         praise, ""),
        ("After that, {b} was hungry and ate [two bowls of soup|a whole plate of noodles].",
         "From that hour, {b} felt better.", "The next day, {b} could [get up|sit up] again.", ""),
        *CHAT,
        ('"The best medicine is a friend," [{said} {b}|{b} {said}]{how}.',
         '"And I did not even try," [{said} {a}|{a} {said}]{how}.',
         "<moral>{b} only had to think of that day to [laugh|smile]."),
        ("<together:a,b>", "A [week|few days] later, they{adv} [ran|played] outside again.", ""),
    )


PLOTS = (lost_child, newcomer, cheer_up)
