"""Plots made of lists: what is seen, bought, packed, dreamed or brought along
comes back later in the story, in the same order."""

from . import lexicon
from .phrases import CHAT, EVENING, OPEN_ONE, OPEN_TWO, SCENE
from .world import other

SEEN = ("a {fur} {beast} {near} the {landmark}", "a {colour} {ware} {near} the {landmark}",
        "{number} {birds} on the {landmark}", "a {person} with a {colour} {cloth}",
        "{number} {flowers} under the {tree}", "a {adjective} {tree} full of {birds}",
        "a {person} who sold {wares}", "a {fur} {beast} with a {colour} ribbon")

USEFUL = (
    ("a rope", "the path went down a steep rock", "tied the rope to a tree and climbed down"),
    ("a lantern", "it grew dark", "lit the lantern"),
    ("an umbrella", "it began to rain", "opened the umbrella"),
    ("a blanket", "the night was cold", "wrapped the blanket around {a.him}"),
    ("some bread", "{a.he} was hungry", "ate the bread"),
    ("a bottle of water", "{a.he} was thirsty", "drank the water"),
    ("a map", "the road split in three", "looked at the map"),
    ("a pair of mittens", "the wind was icy", "put on the mittens"),
    ("a whistle", "{a.he} lost the way in the fog", "blew the whistle until a shepherd came"),
    ("a spade", "sand had covered the path", "dug the way free with the spade"),
    ("a net", "{a.his} hat fell into the river", "fished it out with the net"),
    ("some string", "{a.his} shoe broke", "tied it with the string"),
    ("a book", "{a.he} had to wait for the ferry", "read the book"),
    ("an apple", "a pony blocked the bridge", "gave it the apple"),
)

ANSWERS = (
    ("a snail", ("I carry my house on my back", "I am never in a hurry")),
    ("a candle", ("I grow smaller every evening", "I cry when I am hot")),
    ("the wind", ("nobody can see me", "I open doors without a hand")),
    ("a river", ("I have a bed but never sleep", "I have a mouth but never speak")),
    ("a shadow", ("I follow you in the sun", "I am gone in the dark")),
    ("an egg", ("I have no door", "there is gold in my house")),
    ("a clock", ("I have a face but no eyes", "I run but stay in one place")),
    ("the moon", ("I change every night", "I have a face and no body")),
    ("a broom", ("I dance in every room", "I sleep in the corner")),
    ("a bell", ("I have a tongue but cannot talk", "I am hit and I sing")),
    ("an owl", ("I am awake when you sleep", "I turn my head all the way round")),
    ("snow", ("I fall but am never hurt", "I am white and gone in spring")),
    ("a hole", ("I grow bigger when you take away", "one can fall into me")),
    ("a book", ("I have leaves but am no tree", "I speak without a voice")),
)


def walk(cast):
    """Someone sees three things on a walk and tells of them at home."""
    a = cast.hero()
    g = cast.family(a)
    places = []
    for _ in range(3):
        places.append(cast.place([noun for noun in lexicon.OUTDOORS
                                  if noun not in [p.noun for p in places]]))
    seen = cast.several(SEEN, 3)
    state = {"a": a, "g": g, "p": places[0], "q": places[1], "r": places[2],
             "one": seen[0], "two": seen[1], "three": seen[2], "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        ("<begin> {a}{adv} went for a [long |]walk. {weather}",
         '<begin> {g} said, "Go out and tell me what you see." {weather}'),
        *SCENE,
        ("First {a.he} [came|went] to the {p}. There {a.he} {saw} {one}.",
         "{a.He} began {p.at}, and the first thing {a.he} saw was {one}."),
        ("<thought:a>", "", "<sight>"),
        ("{then} {a.he}{adv} went on to the {q}, and there {a.he} found {two}.",
         "After that {a.he} was {q.at} and saw {two}."),
        ('"Good {time}," [{said} {a}|{a} {said}]{how}. There was no answer.', "", "<thought:a>",
         "{a.He}{adv} looked for a long time and went on."),
        ("The last place was the {r}. And what did {a.he} see there? {three}!",
         "At the end {a.he} came to the {r} and saw {three}."),
        ("It was [late|time to go home], and {a} was {feeling}.",
         "{then} {a.he}{adv} turned back.", ""),
        ('"What did you see?" asked {g}{asking}.',
         'At home {g} was waiting. "[Tell me|Well]?" {g.he} asked{how}.'),
        ('"{p.at} I saw {one}," {said} {a}, "and {q.at} I found {two}. {r.At} I saw {three}."',
         '"First {one}, then {two} and in the end {three}," [{said} {a}|{a} {said}]{how}.',
         '"I was {p.at}, {q.at} and {r.at}," {a} said, "and I saw {one}, {two} and {three}."'),
        ('"[How nice|That is a lot]!" [{said} {g}|{g} {said}]{how}. "I would like to see {two}."',
         '"I like {three} best," [{said} {g}|{g} {said}]{how}.',
         '{g}{adv} [listened|laughed|nodded]. "{one}! I have never seen that," {g.he} said.', ""),
        ('"Tomorrow you can come with me to the {q}," [{said} {a}|{a} {said}]{how}.',
         '"We can go to the {r} together," {a} {said}{how}.', ""),
        *EVENING,
    )


def market(cast):
    """Three presents are bought, a colour each, and given to three people."""
    a = cast.hero()
    kin = cast.several(("mother", "father", "grandmother", "grandfather", "aunt", "uncle",
                        "sister", "brother", "cousin", "neighbour"), 3)
    wares = cast.several(("[a|a {colour}] scarf", "a {colour} cup", "a bag of {wares}",
                          "a {colour} hat", "a {adjective} {ware}", "some {taste}",
                          "a {colour} {cloth}",
                          "a bottle of {drink}", "a pair of {colour} {shoes}",
                          "a basket of {flowers}"),
                         3)
    state = {"a": a, "x1": kin[0], "x2": kin[1], "x3": kin[2],
             "w1": wares[0], "w2": wares[1], "w3": wares[2], "coins": "{number}"}
    return state, (
        *OPEN_ONE,
        ("{a} had {coins} coins and went to the market on {day}.",
         "On {day} {a}{adv} took {coins} coins out of the jar and went to the market.",
         "{a.He} had saved {coins} coins. In {season} there was a {big} market, and {a.he}{adv} "
         "went there."),
        *SCENE,
        ("For {a.his} {x1} {a.he}{adv} bought {w1}.",
         'First {a.he} {saw} {w1}. "That is for my {x1}," {a.he} thought.'),
        ("For {a.his} {x2} {a.he} found {w2}.", "{then} {a.he}{adv} bought {w2} for {a.his} {x2}.",
         "A {person} sold {a.him} {w2} for {a.his} {x2}."),
        ("And for {a.his} {x3} {a.he} chose {w3}.",
         "{a.His} {x3} wanted {w3}, and {a.he} found that too.",
         '"What about my {x3}?" {a.he} asked. "Take {w3}," said a {person}.'),
        ("Then there was only one coin left. {a}{adv} bought [a bun|a pear|a plum] for {a.self}.",
         "Now all the {coins} coins were gone.", "The bag was heavy, and {a} was {feeling}.", ""),
        ("<thought:a>", "<sight>", ""),
        ('At home, {a.his} {x1} opened the bag. "[Is this for me?|For me?]" "Yes, {w1}," [{said} '
         '{a}|{a} {said}]{how}.',
         "{a.His} {x1} got {w1} and [laughed|smiled|was glad].",
         '"Here is {w1} for you," {a}{adv} told {a.his} {x1}.'),
        ("{a.His} {x2} was [happy|pleased] with {w2}.",
         '"I always wanted {w2}," said {a.his} {x2}{how}.',
         "{a.His} {x2} got {w2} and [danced|sang]."),
        ('And {a.his} {x3}? "{w3}! [How kind of you|How did you know]!"',
         "{a.His} {x3} got {w3} and kissed {a.him}."),
        ('"And what did you buy for yourself?" they asked. "Nothing," [{said} {a}|{a} '
         '{said}]{how}. "I have all I need."',
         '"{coins} coins, and {everyone} is happy," thought {a}.',
         "<happy:a>", "So {coins} coins made three people happy.", ""),
        *EVENING,
    )


def journey(cast):
    """What was packed is needed, one thing after the other."""
    a = cast.hero()
    g = cast.family(a)
    packed = cast.several(USEFUL, 3)
    order = cast.several(packed, 3)
    goal = cast.pick(("the sea", "the big city", "the blue lake", "the high mountain",
                      "the castle", "the lighthouse", "the old windmill"))
    state = {"a": a, "g": g, "goal": goal, "weather": cast.weather_text(),
             "p1": packed[0][0], "p2": packed[1][0], "p3": packed[2][0]}
    for index, (thing, need, use) in enumerate(order, 1):
        state.update({f"t{index}": thing, f"n{index}": need, f"u{index}": use})
    return state, (
        *OPEN_ONE,
        ("{a.He} {wanted} to see {goal}.",
         "{a} had never seen {goal}, and that was {a.his} greatest wish.",
         '"One day I will go to {goal}," {a.he} often said.'),
        ("So {a.he}{adv} packed {p1}, {p2} and {p3}.",
         '{g}{adv} put {p1}, {p2} and {p3} into a bag. "You will need it all," {g.he} said.',
         "Into {a.his} bag went {p1}, {p2} and {p3}."),
        ('"[Why so much|What is that for]?" asked {g}{asking}. "You never know," [{said} {a}|{a} '
         '{said}]{how}.',
         "The bag was heavy, but {a} did not mind.", ""),
        ("<begin> {a} set out. {weather}", "<begin> {a.he} began {a.his} journey. {weather}"),
        *SCENE,
        ("[First|On the first day|Soon] {n1}. {a}{adv} {u1}.",
         "After {number} hours {n1}. So {a.he}{adv} {u1}."),
        ('"Good that I have {t1}," {a.he} [said|thought].', "", "<sight>"),
        ("On the second day {n2}. {a}{adv} {u2}.",
         "{then} {n2}. {a.He}{adv} opened the bag and {u2}."),
        ("<thought:a>", "<sight>", ""),
        ("And when {a.he} was almost there, {n3}. {a.He}{adv} {u3}.",
         'On the last day {n3}. "[No problem|I am ready for that]," {a.he} {said}{how}, and '
         '{a.he}{adv} {u3}.'),
        ("{atlast} {a}{adv} stood before {goal}. [It was {fine}|It was bigger than {a.he} had "
         "thought].",
         "{then} {a.he} came over a hill, and there was {goal}!"),
        ("{a}{adv} stayed for {number} days and then went home.",
         "{a}{adv} sat down and looked at {goal} until {time}.", "<happy:a>", ""),
        ('"Did you need all of it?" asked {g}{asking}. "Yes," {said} {a}, "first {t1}, then {t2}, '
         'and then {t3}."',
         '"Without {t1}, {t2} and {t3} I would not have seen {goal}," {a.he}{adv} told {g}.',
         "At home {a}{adv} told {g} about {goal}, and about {t1}, {t2} and {t3}."),
        *EVENING,
    )


def dream(cast):
    """A strange dream, and something of it that is there in the morning."""
    a, b = cast.pair()
    state = {"a": a, "b": b, "ride": cast.pick((
                 "a {colour} {beast} that could fly", "a {ware} as big as a ship",
                 "a {colour} cloud", "a {adjective} {ware} with wings", "a giant {beast}")),
             "land": cast.pick(("the trees were {colour}", "it rained {wares}",
                                "all the {birds} spoke like people",
                                "the houses were made of {taste}",
                                "every {person} was as small as a thumb",
                                "the sun was {colour} and the grass was {colour}")),
             "king": cast.pick(("a {fur} {beast} with a crown", "a {person} with a {colour} beard",
                                "a queen in a {colour} {cloth}", "{number} {birds} in {shoes}")),
             "wish": cast.pick(("bring us {taste}", "sing about {nature}", "count all the {wares}",
                                "give us your {cloth}", "stay until {season}",
                                "never forget {nature}")),
             "token": cast.pick(("a {colour} feather", "a {colour} leaf", "a silver bell",
                                 "a grain of golden sand", "a tiny {colour} hat"))}
    return state, (
        *OPEN_TWO,
        *SCENE,
        ("One night {a} had a dream.", "One {season} night {a} had a strange dream.",
         "{a} was {feeling} and went to bed early. Soon {a.he} {began} to dream."),
        ("{a.He} rode on {ride}, high above the {landmark}.",
         "In the dream {a.he}{adv} sat on {ride} and flew over the {landmark}.",
         'There was {ride}. "Get on," it said, and away they{adv} went.'),
        ("They came to a land where {land}.", "Far below lay a land where {land}."),
        ("<thought:a>", ""),
        ("There lived {king}.", "{king} came to meet {a.him}."),
        ('"You must {wish}," was the first thing {a.he} heard.',
         '"Welcome! But first {wish}," said a voice.'),
        ("{a} did it, and they all [danced|clapped|cheered] until {time}.",
         '"I will try," [{said} {a}|{a} {said}]{how}.',
         "{a}{adv} laughed so much that {a.he} [almost |]fell over.", ""),
        ("As a present {a.he}{adv} got {token}.",
         '"Take {token}," they said, "so that you remember us."'),
        ("{then} {a.he} woke up. It was [morning|still dark], and {a.he} lay in {a.his} own bed.",
         "Then a {beast} cried {near} the {landmark}, and {a.he} was awake."),
        ('{a}{adv} ran to {b}. "I rode on {ride}!" {a.he} said. "I was in a land where {land}!"',
         '"What did you dream?" asked {b}{asking}. "Of {ride}," {said} {a}, "and of a land where '
         '{land}."',
         "At breakfast {a}{adv} told {b} about {ride} and the land where {land}."),
        ('"There is no such land," [{said} {b}|{b} {said}]{how}.',
         '{b}{adv} laughed. "You ate too much {taste}," {b.he} said.',
         '"And who lived there?" asked {b}{asking}. "{king}," [{said} {a}|{a} {said}]{how}.',
         ""),
        ("But in {a.his} {a.hand} {a}{adv} held {token}.", "But under the pillow lay {token}.",
         "{then} {b} {saw} {token} on the floor and said nothing more."),
        ('"Next time I will come with you," [{said} {b}|{b} {said}]{how}.', "<close:a,token>",
         "Since then {a} has kept {token} [in a box|under the pillow]."),
    )


def riddle(cast):
    """A riddle is guessed wrong, and then right."""
    a, b = cast.pair()
    (right, hints), (wrong, _), (worse, _) = cast.several(ANSWERS, 3)
    prize = cast.food()
    state = {"a": a, "b": b, "right": right, "wrong": wrong, "worse": worse, "one": hints[0],
             "two": hints[1], "food": prize, "landmark_": "the {landmark}"}
    return state, (
        *OPEN_TWO,
        ("<begin> they{adv} sat {near} {landmark_} and were bored.",
         "<begin> they{adv} walked to {landmark_} together."),
        *SCENE,
        *CHAT,
        ('"I know a riddle," [{said} {a}|{a} {said}]{how}. "If you guess it, you get '
         '{food.share}."',
         '"Let us guess riddles," {a} {said}{how}. "The prize is {food.share}."'),
        ('"Listen: {one}, and {two}. Who am I?"',
         '"{one}. {two}. What am I?" asked {a}{asking}.'),
        ("{b} thought and looked at {landmark_}.", "{b} scratched {b.his} head.", "<thought:b>",
         ""),
        ('"Are you {wrong}?" asked {b}{asking}. "No," [{said} {a}|{a} {said}]{how}.',
         '"That must be {wrong}!" {b} [said|cried]{loud}. {a}{adv} shook {a.his} head.'),
        ('"Then you are {worse}." "No, that is wrong too."',
         '"Perhaps {worse}?" "No, not {worse}," {a}{adv} laughed.', ""),
        ('"Say it again," [begged|said] {b}. "{one}," said {a} slowly, "and {two}."',
         '"Help me a little," [{said} {b}|{b} {said}]{how}. "Think of this: {two}," [{said} '
         '{a}|{a} {said}]{how}.',
         '{b} said the words again: "{one}, {two}..."'),
        ('{then} {b}{adv} [jumped up|laughed|clapped {b.his} {b.hands}]. "Now I know! You are '
         '{right}!"',
         '"{right}!" {cried} {b}{loud}. "It is {right}!"',
         'After {number} minutes {b} knew it: "You are {right}!"'),
        ('"Right!" said {a} and gave {b.him} {food.share}.',
         "So {b}{adv} got {food.share}[, and {a}{adv} got some too|]."),
        ('"And now I have a riddle for you," [{said} {b}|{b} {said}]{how}.', "<together:a,b>",
         '"First I thought of {wrong}," [{said} {b}|{b} {said}]{how}. "How silly!"',
         "<together:a,b>", ""),
        *EVENING,
    )


def hiding(cast):
    """Hide and seek: those who hide are found in turn, the last one late."""
    a = cast.animal() if cast.pick((True, False)) else cast.child()
    b, c, d = cast.animal(other(a)), cast.animal(), cast.animal(other(a))
    place = cast.place([noun for noun in lexicon.PLACES])
    s1, s2, s3 = cast.spots(place, 3)
    state = {"a": a, "b": b, "c": c, "d": d, "place": place, "s1": s1, "s2": s2, "s3": s3,
             "limit": cast.pick(("ten", "twenty", "thirty", "fifty", "a hundred")),
             "sign": cast.pick(("sneezed", "laughed", "coughed", "moved", "yawned")),
             "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        ("<begin> {a} played hide and seek {place.at} with {b} the {b.kind}, {c} the {c.kind} and "
         "{d} the {d.kind}.",
         "{a.His} friends were {b} the {b.kind}, {c} the {c.kind} and {d} the {d.kind}. <begin> "
         "they played hide and seek {place.at}."),
        ("{weather}", "{place.sight}", "<sight>"),
        *SCENE,
        ("{a}{adv} [closed {a.his} eyes|turned around] and counted to {limit}.",
         '"I will count to {limit}," [{said} {a}|{a} {said}]{how}.'),
        ("{b}{adv} hid {s1}, {c}{adv} hid {s2}, and {d} sat down {s3}.",
         "The {b.kind} hid {s1}. The {c.kind} hid {s2}. The {d.kind} found a place {s3}."),
        ('"I am coming!" called {a}{loud}.', '"Ready or not!" {a}{adv} called{loud}.', ""),
        ('First {a}{adv} looked {s1}. "I see you, {b}!"',
         "{b} [{sign}|could not keep still], and {a} found {b.him} {s1}.",
         "It was not hard to find {b}, for {b.his} {b.hand} could be seen."),
        ("{then} {a.he}{adv} looked {s2}, and there was {c} the {c.kind}.",
         '{b} helped to look. "{c} is {s2}!" {b.he} whispered.',
         "{c} was the next. {c.He}{adv} sat {s2} and was {feeling}."),
        ("But where was {d}? They{adv} looked {near} the {landmark} and {near} the {tree}.",
         "Only {d} was missing. They{adv} called and searched for {number} minutes."),
        ("<worry:a>", "<thought:a>", '"Did {d} go home?" asked {c}{asking}.', ""),
        ("Then somebody {sign}. It came from close by: {s3} sat {d}!",
         'Suddenly somebody {sign}. "{s3}!" {cried} {b}{loud}. And there {d.he} was.',
         "In the end they found {d} {s3}. {d.He} had fallen asleep!"),
        ('"You have won," [{said} {a}|{a} {said}]{how}.', '"{d} is the best," they all said.',
         '"{s3} is a good place," [{said} {c}|{c} {said}]{how}. "I will remember that."', ""),
        ('"Now it is my turn to count," [{said} {b}|{b} {said}]{how}.',
         "{then} {d} counted to {limit}, and {a}{adv} hid {s1}.",
         "They played until it was dark.", ""),
        *EVENING,
    )


def feast(cast):
    """A poor pot of soup becomes good because {everyone} brings something."""
    a = cast.hero()
    b, c = cast.animal(other(a)), cast.animal(other(a))
    first = cast.pick(("carrots", "onions", "potatoes", "beans", "cabbage", "peas"))
    second, third = cast.several(("butter", "salt", "herbs", "barley", "cream", "leeks",
                                  "garlic", "mushrooms", "cheese", "turnips"), 2)
    state = {"a": a, "b": b, "c": c, "one": first, "two": second, "three": third,
             "weather": cast.weather_text(("snowy", "cold", "rainy", "windy"))}
    return state, (
        *OPEN_ONE,
        ("That {season} there was little to eat. {weather}",
         "It was a hard {season}, and {everyone} was hungry. {weather}",
         "One {time} {a} was hungry. {weather}"),
        ("{a.He} had only some {one}. So {a.he}{adv} put a pot on the fire and cooked {one} soup.",
         "In the whole house there was nothing but {one}. {a} cooked it in a [big |]pot of water."),
        ("It tasted thin.", '"That is not much," {a} {said}{how}.', "<thought:a>", ""),
        *SCENE,
        ('{b.intro}{b.mark} smelled it and knocked at the door. "May I eat with you?" {b.he} '
         'asked{asking}.',
         "Then there was a knock. {b.intro}{b.mark} stood outside, {feeling} and {feeling}."),
        ('"There is not much, but come in," [{said} {a}|{a} {said}]{how}.',
         '"What do you bring?" asked {a}{asking}.', ""),
        ("{b} had some {two} in {b.his} bag, and they{adv} put it into the pot.",
         '"I have a little {two}," [{said} {b}|{b} {said}]{how}. In it went!'),
        ("Soon {c.intro} came too.", "Not long after, {c.intro} looked in at the window.",
         "After {number} minutes {c.intro} was at the door."),
        ('"I can give {three}," {c.he} {said}{how}. "It is all I have."',
         "{c.He} had found some {three} {near} the {landmark}."),
        ("They{adv} stirred and waited and told stories about {nature} and {taste}.",
         "{a}{adv} stirred, {b} sang, and {c} laid the table.", "<sight>", ""),
        *CHAT,
        ("Then the soup was ready: {one}, {two} and {three}. How good it smelled!",
         "The {one} alone had been thin, but with {two} and {three} it was a feast."),
        ("All three ate until they were full.", "They{adv} ate {number} bowls of it.",
         "{a}, {b} and {c}{adv} ate and [sang|laughed] until {time}.", ""),
        ('"Alone I had only {one}," [{said} {a}|{a} {said}]{how}.',
         '"Who brought the best? The {one}, the {two} or the {three}?" asked {b}{asking}. "The '
         'guests," [{said} {a}|{a} {said}]{how}.',
         '"Tomorrow at my house," [{said} {c}|{c} {said}]{how}.', "<happy:a>"),
        ("<moral>they cooked together every {day}.",
         "<moral>{a} never ate alone when {b} or {c} was hungry.",
         "Little and little and little makes much."),
    )


PLOTS = (walk, market, journey, dream, riddle, hiding, feast)
