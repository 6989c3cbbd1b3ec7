"""Plots about an object: lost, out of reach, broken, fought over, traded, given."""

from . import lexicon
from .phrases import CHAT, EVENING, OPEN_ONE, OPEN_TWO, SCENE
from .world import other

ACTIVITIES = ("picked [flowers|berries|mint]", "chased a [butterfly|grasshopper]",
              "built a [little |]tower of stones", "looked at the clouds",
              "played with [a stick|some pebbles]", "ate an apple", "took a [short |]nap",
              "counted the birds")


def lost(cast):
    """Something is put down, forgotten, looked for and found where it was left."""
    a = cast.hero()
    b = cast.hero(other(a))
    place = cast.place()
    obj = cast.thing("toy", "wear", "tiny", "music", "soft")
    spot, second, third = cast.spots(place, 3)
    activity = cast.pick(ACTIVITIES)
    state = {"a": a, "b": b, "place": place, "obj": obj, "spot": spot, "second": second,
             "third": third, "activity": activity, "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        ("{a.He} had a {obj.full} that {a.he} [loved very much|took everywhere|was {very} proud "
         "of|had found long ago].",
         "{a.His} [mother|father|grandmother|uncle] had given {a.him} a {obj.full}.",
         "The thing {a.he} loved most was a {obj.full}.",
         "{a.He} [never went out|went nowhere] without {a.his} {obj.full}."),
        ("<begin> {a}{adv} [took the {obj} to|carried the {obj} to|went with the {obj} to] the "
         "{place}.",
         "<begin> {a} and the {obj} were {place.at}."),
        ("{weather}", "{place.sight}", ""),
        *SCENE,
        ("{a.He}{adv} [put|laid|left] the {obj} {spot} and {activity}.",
         "There {a.he}{adv} [put|laid] the {obj} {spot}. {then} {a.he} {activity}."),
        ("But when it was time to go home, [the {obj} was not in {a.his} {a.hands}|{a.he} had "
         "forgotten where the {obj} was|the {obj} was gone].",
         "After that, {a} wanted the {obj}, but [where was it?|it was nowhere to be seen.|it was "
         "gone.]",
         "When {a.he}{adv} got up again, {a.he} [could not find the {obj}|missed the {obj}]."),
        ("<worry:a>", "<sad:a>", ""),
        ("{a.He}{adv} looked {second}, but there was only [a snail|an old shoe|a beetle|a "
         "feather]. {a.He}{adv} looked {third}, but there was [nothing at all|nothing there "
         "either].",
         "[First|At once] {a.he}{adv} [looked|searched] {second}, [and|and after that] {third}. "
         "[Nothing!|The {obj} was not there.|No {obj}.]",
         "{a}{adv} searched {second} and {third}, but [{a.he} did not find it|the {obj} was not "
         "there]."),
        ('{then} {b.intro}{b.mark} came along{adjunct}. "Why [are you so sad|do you look so sad], '
         '{a}?" asked {b.ref}.',
         '{b.intro}{b.mark} saw {a.him} and asked, "What are you looking for?"',
         'Just then {b.intro}{b.mark} [came by{adjunct}|walked past{adjunct}]. "Can I help you?" '
         'asked {b.ref}{asking}.'),
        ('"I have lost my {obj}," [{said} {a}|{a} {said}]{how}. "I have looked [everywhere|all '
         'over the {place}]."',
         '"My {obj} is gone," {a} answered[| sadly| with a sigh].',
         '"I cannot find my {obj}," {a.he} [said|answered|sobbed]{how}.'),
        ('"Think," [{said} {b}|{b} {said}]{how}. "What did you do [first|before]?"',
         '"Let us think," {b} {said}{how}. "Where did you [have it last|put it]?"',
         '{b}{adv} [sat down beside {a.him}|thought for a moment]. "What did you do with it?" '
         '{b.he} asked.'),
        ('"I {activity}," said {a.ref} slowly, "and before that... oh! I know!"',
         '{a}{adv} [closed {a.his} eyes|thought hard]. "I put it down, and then I {activity}," '
         '{a.he} said. "[Now I remember!|Oh, I know!]"',
         '"Before I {activity}, I put it down [somewhere|over there]," {a} remembered.'),
        ("They{adv} ran to the place, and there was the {obj}, {spot}!",
         "And [really|sure enough], there it was: {spot} lay the {obj.full}.",
         "Together they{adv} looked {spot}, and there [was|lay] the {obj}[|, safe and sound].",
         "The {obj} was still {spot}, just where {a} had left it."),
        ("<happy:a>", "<thank:a,b>", "<happy:a> <thank:a,b>", ""),
        *EVENING,
        *CHAT,
        ("<moral>{a} always looked around twice before going home.",
         "<moral>{a} never put the {obj} down [without looking where|{spot} again].",
         "<moral>{a.ref} [kept|carried] the {obj} [close to {a.him}|on a string].",
         "<together:a,b>", "<close:a,obj>"),
    )


def out_of_reach(cast):
    """An object ends where its owner cannot get it; the right helper can."""
    a = cast.hero()
    trouble = cast.pick(tuple(lexicon.TROUBLES))
    tag, accident, attempt, reason, helps = lexicon.TROUBLES[trouble]
    place = cast.place(("meadow", "river", "hill", "garden", "orchard", "forest"))
    obj = cast.thing(tag)
    b = cast.animal(other(a), tuple(helps))
    kinds = ("windy",) if trouble == "tree" else ("sunny", "foggy", "warm", "rainy")
    state = {"a": a, "b": b, "place": place, "obj": obj, "accident": accident,
             "attempt": attempt, "reason": reason, "rescue": helps[b.ability],
             "weather": cast.weather_text(kinds)}
    return state, (
        *OPEN_ONE,
        ("<begin> {a}{adv} [went|walked|came] to the {place} with a {obj.full}.",
         "<begin> {a} was {place.at} with [{a.his}|a] {obj.full}.",
         "{a.He} had a {obj.full}, and one [fine |]day {a.he}{adv} took it to the {place}."),
        ("{weather}", "{weather}", "{place.sight}"),
        *SCENE,
        ("[Suddenly|All at once|Then] {accident}.", "But {accident}.",
         "{a} was not careful, and {accident}."),
        ("<worry:a>", "<sad:a>", '"My {obj}!" [cried|shouted|called] {a}{loud}.',
         '"Oh, my [poor|good|dear] {obj}!" [cried|said] {a.ref}{loud}.', ""),
        ("{a.He}{adv} {attempt}, but {reason}.",
         "{a}{adv} tried to get it back. {a.He}{adv} {attempt}, but it did not help.",
         "{a.ref}{adv} {attempt}. It was no use: {reason}."),
        ("{a.He}{adv} tried again and again until {a.he} was tired.",
         '"I will never get it back," {a.he} [said|sighed|thought]{how}.', "", "<sad:a>"),
        ('[Then|Just then] {b.intro}{b.mark} came by{adjunct}. "[What is the matter|What '
         'happened|Why are you so sad]?" asked {b.ref}{asking}.',
         '{b.intro}{b.mark} had seen everything. "[Let me help you|I think I can help you|Do not '
         'worry]," [{said} {b.ref}|{b.ref} {said}]{how}.',
         "Not far away, {b.intro}{b.mark} was resting. {b.He} heard {a} and [came|hurried] over."),
        ('"I want my {obj} back, but {reason}," [{said} {a}|{a} {said}]{how}.',
         '"Look where my {obj} is!" {a} {said}{how}. "Can you help me?"',
         "{a}{adv} [showed|told] {b.him} what had happened to the {obj}.", ""),
        ('"[That is easy for me|I can do that|That is no trouble]," [{said} {b}|{b} {said}]{how}. '
         '[So|And] {b.he}{adv} {rescue}.',
         "{b}{adv} {rescue}.", "{b}{adv} [nodded|smiled|did not wait long]. {b.He}{adv} {rescue}.",
         '"[Wait here|Watch me]," [{said} {b.ref}|{b.ref} {said}]{how}. {then} {b.he}{adv} '
         '{rescue}.'),
        ('"Here is your {obj}," [{said} {b.ref}|{b.ref} {said}]{how}.',
         '"Here you are," {b} said[| and gave it to {a}].', ""),
        ("<happy:a>", "<thank:a,b>", "<happy:a> <thank:a,b>"),
        ('"{everyone} is good at something," said {b}[| with a smile].',
         "{a}{adv} [gave|wanted to give] {b.him} [a flower|an apple|a big hug|some bread] for "
         "{b.his} help.",
         '"What I cannot do, a friend can do," thought {a}.',
         "They played with the {obj} together until [it was dark|the moon came up].", ""),
        *CHAT,
        *EVENING,
        ("<together:a,b>", "<close:a,obj>",
         "<moral>{a}{adv} [held the {obj} fast|took good care of the {obj}]."),
    )


def broken(cast):
    """Something fragile breaks by accident; telling the truth sets it right."""
    a = cast.hero()
    owner = cast.family(a)
    obj = cast.thing("fragile")
    toy = cast.thing("toy")
    state = {"a": a, "g": owner, "obj": obj, "toy": toy, "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        *SCENE,
        ('{a.His} {g.kind} had a {obj.full} [that was {very} old|from a far country|that stood on '
         'a shelf|that {g.he} loved]. "[Be careful with it|Do not touch it]," {g.he} '
         '[always|often] said.',
         "On the [shelf|table|window] stood the {obj.full} of {g}.",
         "Nothing in the house was as fine as the {obj.full} of {g}."),
        ("<begin> {a} was alone at home. {weather}", "<begin> {a} had to stay inside. {weather}",
         "<begin> {g}{adv} went to the [market|well|mill], and {a}{adv} stayed at home."),
        ("<thought:a>", "<thought:a>", ""),
        ("{a.He} played with a {toy.full}, [first softly, then wildly|faster and faster|although "
         "the room was small].",
         "{a}{adv} [threw|pulled|pushed] {a.his} {toy} [across|through|around] the room.",
         '"I will play with my {toy}[| for a while]," {a.he} thought. It was great fun.'),
        ("Then the {toy} [hit|knocked against] the {obj}, and the {obj} fell[| down] and broke[| "
         "into three pieces| with a loud crash].",
         "Crash! The {toy} hit the {obj}, and [now it was broken|it broke in two].",
         "But {a.he}{adv} [slipped|turned too fast], the {toy} flew away, and the {obj} fell to "
         "the floor. It [broke|was broken]."),
        ("<worry:a>", "{a}{adv} stood [very still|like a stone]. {a.His} heart beat fast.",
         "<sad:a>", ""),
        ("First {a.he} {wanted} to hide the pieces [under the bed|behind the stove|in a box].",
         '"I could say that [the cat|the wind] did it," {a.he} thought.',
         "{a}{adv} hid the pieces [under the bed|behind the stove|in a box], but {a.he} could not "
         "[play|eat|laugh] anymore.", ""),
        ("But {a.he} did not want to lie.", "But a lie is heavy to carry.",
         "But then {a.he} thought of {g} and felt bad.", "But it did not feel right.", ""),
        ('When {g} came [home|back|in], {a} [said|told the truth]: "I [broke|have broken] the '
         '{obj}. I am [{very} |]sorry."',
         'So {a}{adv} {went} to {g} and said, "I played with the {toy}, and now the {obj} is '
         'broken."',
         'In the evening, {a}{adv} [took the pieces|brought the pieces] to {g}. "It was me," '
         '{a.he} said.'),
        ("{g}{adv} [looked at the pieces|said nothing for a moment|was quiet for a while]. {then} "
         "{g.he}{adv} [smiled|took {a} in {g.his} arms|stroked {a.his} head].",
         "{g} was sad about the {obj}, but {g.he} was not angry.",
         '"[Thank you for telling me|It was brave to tell me|I am glad that you told me]," said '
         '{g}.'),
        ('"[The truth is worth more than|You are dearer to me than] a {obj}," {g.he} {said}{how}.',
         '"Things can be mended," {g.he} {said}{how}. "[Come, help me|Get the glue]."', ""),
        ("Together they [glued|put] the pieces together, one by one.",
         "They{adv} sat at the table and glued the {obj} [until supper|piece by piece].",
         "They mended the {obj} with glue and [patience|a steady {a.hand}].", ""),
        ("The {obj} had a [crack|thin line] now, but [it was still {fine}|it stood again in its "
         "old place].",
         "Soon the {obj} [stood|was] in its place again[|, with one small crack].", ""),
        *EVENING,
        ("<moral>{a} played with the {toy} [outside|in the yard] only.",
         "<moral>{a} always told the truth[|, even when it was hard].",
         "And whenever {a.he} saw the crack in the {obj}, {a.he} [thought of that day|was glad "
         "that {a.he} had told the truth].", "<close:a,obj>"),
    )


def quarrel(cast):
    """Two friends want the same thing, lose it over the fight, and learn to share."""
    a, b = cast.pair()
    obj = cast.thing("toy", "music", "soft")
    place = cast.place(("meadow", "garden", "beach", "barn", "attic", "orchard"))
    state = {"a": a, "b": b, "obj": obj, "place": place, "spot": cast.spots(place, 1)[0]}
    return state, (
        *OPEN_TWO,
        *CHAT,
        *SCENE,
        ("<begin> they found a {obj.full} {place.at}[|, {spot}].",
         "<begin> a {obj.full} lay {place.at}. They [both saw it|saw it at the same time].",
         "<begin> {a} and {b} were {place.at}. There, {spot}, lay a {obj.full}."),
        ('"[It is mine|I saw it first|The {obj} is mine]!" {cried} {a}{loud}. "No, [it is mine|I '
         'saw it first|I want it]!" {cried} {b}{loud}.',
         "{a} wanted the {obj}, and {b} wanted it too.",
         '"Give me the {obj}," [{said} {a}|{a} {said}]{how}. "[Never|No, it is mine]," [{said} '
         '{b}|{b} {said}]{how}.'),
        ("{a}{adv} pulled on one side and {b}{adv} pulled on the other.",
         "They{adv} [pulled and pulled|pushed and shouted|fought over it], and [neither|nobody] "
         "let go.",
         "{a}{adv} took hold of it. {b}{adv} took hold of it too, and they both pulled.", ""),
        ("[Then|Suddenly] the {obj} [tore|cracked|broke] [in the middle|with an ugly sound].",
         "Snap! The {obj} broke in two.",
         "They{adv} pulled so hard that the {obj} broke and both of them fell down."),
        ("Now nobody had a {obj}.", '"Look what you have done!" they both shouted.',
         "{a}{adv} went home angry, and {b}{adv} went home angry too.",
         "They did not speak a word.", ""),
        ("{a}{adv} sat [at home|alone] and [thought of|missed] {b}. [It was no fun to play "
         "alone|The day was long and dull].",
         'That night, {a} could not sleep. "A friend is better than a {obj}," {a.he} thought.',
         "<sad:a> {a.He} had lost the {obj} and a friend [on the same day|too]."),
        ("The next [day|morning], {a}{adv} {went} to {b}.",
         "So {a}{adv} knocked at the door of {b}.",
         "The next day they met {place.at} again."),
        ("<sorry:a,b>",),
        ("<forgive:b,a>", '"I was wrong too," [{said} {b}|{b} {said}]{how}. <forgive:b,a>',),
        ('"Let us mend the {obj} together," {b.he} {said}{how}.',
         "They{adv} [took|fetched] [needle and thread|glue and string] and mended the {obj}.",
         "{a}{adv} held the pieces, and {b} [tied|glued] them together."),
        ("Soon the {obj} was [whole again|almost like new|good enough to play with].", ""),
        ("<moral>{a} had the {obj} [on one day|in the morning] and {b} had it [on the next|in the "
         "afternoon].",
         "<moral>they shared the {obj}, and [it was twice the fun|nobody had to cry].",
         "<moral>they{adv} took turns with the {obj}. First came {b}, then came {a}.",
         '{a} said, "You first." "No, you first," {said} {b}, and they [both laughed|laughed so '
         'much that they forgot the {obj}].'),
        ("<together:a,b>", "", "Half of a {obj} and a whole friend are better than a {obj} alone."),
    )


def trade(cast):
    """A chain of exchanges: what one person asks for, another one has."""
    a = cast.hero()
    p = cast.tradesman("he")
    q = cast.tradesman(cast.pick(("she", "he")))
    obj = cast.thing("toy", "music", "heavy", "soft")
    food = cast.food()
    state = {"a": a, "p": p, "q": q, "obj": obj, "food": food}
    return state, (
        *OPEN_ONE,
        ("<begin> {a} {saw} a {obj.full} {p.at}. It belonged to {p}.",
         "{p} had a {obj.full} to sell, and {a} wanted it [more than anything|very much].",
         "<begin> {a} came to {p} and saw [the finest|a fine] {obj} there. It was "
         "{obj.adjective}."),
        ('"What does the {obj} cost?" asked {a.ref}{asking}.',
         '"May I have the {obj}?" {a} asked{asking}.',
         '"I have no money," [{said} {a}|{a} {said}]{how}. "What can I give you?"', ""),
        ('"I need no money," [{said} {p}|{p} {said}]{how}. "But I need {p.wish}."',
         '"Bring me {p.wish}," {said} {p}, "and the {obj} is yours."',
         '{p} thought. "For {p.wish} I will give you the {obj}," {p.he} {said}{how}.'),
        ("{a} had no such thing, so {a.he}{adv} [went|ran|walked] to {q} {q.at}.",
         "Where could {a.he} get that? {a} [asked|went to] {q} {q.at}.",
         "{a} knew that {q} had everything, and {a.he}{adv} went to find {q.him} {q.at}."),
        *SCENE,
        ('"[Please, can|Can|Could] you give me {p.wish}?" {a.he} asked{asking}.',
         '"{p} needs {p.wish}," {a} [said|told {q.him}]. "Do you have it?"', ""),
        ('"[Yes|Surely|Gladly]," {said} {q}, "but I am [hungry|very hungry]. Bring me '
         '{food.whole}."',
         '{q}{adv} [nodded|smiled]. "I will give it to you for {food.whole}," {q.he} {said}{how}.',
         '"I have it here," {said} {q}, "and all I want for it is {food.whole}."'),
        ("{a}{adv} ran home and [asked {a.his} mother for|took from {a.his} own shelf|worked all "
         "day for] {food.whole}.",
         "At home {a} had {food.whole}. [{a.He} {wanted} to eat it, but|It was {a.his} supper, "
         "but] {a.he}{adv} [took it|carried it] to {q}.",
         "So {a} helped {a.his} grandmother [in the garden|to sweep the floor|to carry wood], and "
         "she gave {a.him} {food.whole}."),
        ("{q}{adv} [ate|tasted|looked at] the {food} and [was pleased|laughed|was content]. {then} "
         "{q.he} gave {a} {p.wish}.",
         "{a}{adv} gave the {food} to {q}, and {q}{adv} gave {a.him} {p.wish}."),
        ("With {p.wish}, {a}{adv} went back to {p}.",
         "{a}{adv} carried {p.wish} back to {p}[|, and it was a long way].",
         "{then} {a.he}{adv} [hurried|ran] back to {p} {p.at}.", ""),
        ('"[Well done|You are quick|You are clever]!" [{said} {p}|{p} {said}]{how}. "Here is the '
         '{obj}."',
         "{p} kept {p.his} word and gave {a.him} the {obj.full}.",
         '"A word is a word," {said} {p}, and now the {obj} belonged to {a}.'),
        ("<happy:a>", ""),
        *EVENING,
        ("So {q} had the {food}, {p} had {p.wish}, and {a} had the {obj}.",
         "Now everybody had what they needed: {p}, {q} and {a}.",
         '"[One only has to ask|A little work is the best money]," thought {a}.',
         "<close:a,obj>"),
    )


def gift(cast):
    """A birthday present that cannot be bought, and so is made."""
    a, b = cast.pair()
    obj = cast.thing("toy", "wear", "soft", "music")
    dear = cast.thing("fragile", "heavy")
    place = cast.place(("forest", "meadow", "beach", "orchard", "garden"))
    material = cast.pick(("a smooth piece of wood", "an old [coat|curtain]",
                          "some straw and a bit of string", "three shells and a thread",
                          "a [blue|red|green] cloth", "a box and some paint"))
    finish = "It was a {obj.full}, and there was no other like it."
    if obj.adjective in lexicon.COLOURS:
        finish = "{a.He} [painted|made] it {obj.adjective}."
    state = {"a": a, "b": b, "obj": obj, "dear": dear, "place": place,
             "material": material, "spot": cast.spots(place, 1)[0]}
    return state, (
        *OPEN_TWO,
        *CHAT,
        ("[Tomorrow|The next day] was the birthday of {b}.",
         "{b} had a birthday soon, and {a} {wanted} to give {b.him} something [fine|special].",
         "It was nearly the birthday of {b}."),
        ("{a}{adv} went to the market and saw a {dear.full}, but it cost [too much|ten coins, and "
         "{a.he} had only two|more than {a.he} had].",
         "{a} {wanted} to buy a {dear.full}, but {a.he} had [no money|only one coin].",
         'In a shop stood a {dear.full}. "How much is it?" asked {a}{asking}. It was far too '
         'much.'),
        ("<sad:a>", '"What [shall|can] I give {b} now?" {a.he} [thought|asked]{asking}.',
         "{a.He}{adv} walked home[| and kicked a stone].", ""),
        *SCENE,
        ("On the way {a.he} came to the {place}. {place.sight}",
         "{a}{adv} {went} to the {place} to think. {place.sight}",
         "{a.He}{adv} sat down {place.at}."),
        ("There, {spot}, {a.he} found {material}.",
         "{then} {a.he} {saw} {material}, {spot}."),
        ('"I can make something [from this|myself|with my own {a.hands}]!" {a.he} thought.',
         "That gave {a.him} an idea.", "{a}{adv} [smiled|laughed]. Now {a.he} had a plan.", ""),
        ("All [day|evening|night] long {a}{adv} [worked|cut and glued|cut, tied and painted], and "
         "in the end it was a {obj}.",
         "{a.He}{adv} worked until [late|the moon was high|{a.his} {a.hands} were tired], and [at "
         "last|in the morning] the {obj} was ready.",
         "{a.He}{adv} took {material} and made a {obj}. It was not easy[|, and {a.he} began again "
         "three times]."),
        (finish,
         "It was a little crooked, but {a.he} liked it.", ""),
        ("At the party, {b}{adv} got many presents. The {obj} was the last one.",
         "The next day, {a}{adv} [brought|carried] it to {b}. {a.His} heart beat fast.",
         '"Happy birthday!" said {a} and gave the {obj} to {b}.'),
        ('"I [wanted to buy|could not buy] you a {dear}," {said} {a}, "so I made [this|a {obj}]."',
         '"It is only a {obj}," said {a} quietly.', ""),
        ('"[You made it yourself|You made this for me]?" asked {b}{asking}. "It is the best '
         'present of all!"',
         '{b}{adv} [looked at it for a long time|turned it around and around]. "It is {fine}," '
         '{b.he} {said}{how}.',
         '"A {dear} can be bought," {said} {b}, "but [nobody else has such a {obj}|this {obj} '
         'comes from a friend]."'),
        ("<happy:a>", "<happy:b>", "<thank:b,a>", ""),
        ("<moral>{b} kept the {obj} [beside {b.his} bed|on the best shelf|close to {b.him}].",
         "<together:a,b>", "<close:b,obj>"),
    )


PLOTS = (lost, out_of_reach, broken, quarrel, trade, gift)
