"""Plots about doing: learning, sharing, growing, carrying, building, cooking."""

from . import lexicon
from .phrases import CHAT, EVENING, OPEN_ONE, OPEN_TWO, SCENE
from .world import other


def skill(cast):
    """Something difficult is learned: failure, advice, practice, success."""
    a = cast.hero()
    b = cast.hero(other(a))
    name = cast.pick(tuple(lexicon.SKILLS))
    failure, advice, success = lexicon.SKILLS[name]
    state = {"a": a, "b": b, "skill": name, "failure": failure, "advice": advice,
             "success": success}
    return state, (
        *OPEN_ONE,
        ("{a.He} {wanted} to [{skill}|learn to {skill}] [more than anything|like the big ones|very "
         "much].",
         "All {a.his} friends could {skill}, only {a} could not.",
         '"I wish I could {skill}," {a.he} [often|always] said.'),
        ("<begin> {a}{adv} tried it for the first time. {a.He} {failure}.",
         "The first time, {a.he} {failure}.",
         "So one [morning|day] {a.he}{adv} tried. But {a.he} {failure}."),
        ("The second time was not better: {a.he} {failure}[| again].",
         "{a.He}{adv} tried again and {failure}.",
         "{a}{adv} tried once more. Again {a.he} {failure}.", ""),
        ("Some [crows|children|geese] [saw it and |]laughed at {a.him}.",
         '"You will never learn to {skill}," said [a goose|a boy in a green coat|the neighbour].',
         '"I give up," {a} [said|thought]{how}.', "<sad:a>", ""),
        ("Now there was {b.intro}{b.mark} who could {skill} [very well|better than anyone].",
         "{then} {a} met {b.intro}{b.mark}{adjunct}. {b} could {skill} [well|like no other].",
         "{b.intro}{b.mark} had watched {a.him}[| from behind a tree| for some time]."),
        ('"Can you [teach|help] me?" asked {a}{asking}.',
         '"How do you do it?" {a} asked {b.him}.',
         '"Shall I show you how to {skill}?" asked {b.ref}{asking}.', ""),
        ('"[Gladly|Yes, of course]," [{said} {b}|{b} {said}]{how}. "[You must|First you must] '
         '{advice}."',
         '"It is easy when you know how," {b} {said}{how}. "You have to {advice}."',
         '{b}{adv} showed it to {a.him} [slowly|three times] and said, "Just {advice}."'),
        *SCENE,
        ("{a}{adv} practised every [day|morning|evening], [in sun and rain|for a week|for two "
         "weeks|until {a.he} was tired].",
         "Day after day {a}{adv} practised, and {b} [helped|watched|never laughed].",
         "{a} thought of these words [again and again|day and night] and practised hard.", ""),
        ("Sometimes {a.he} still {failure}, but {a.he} did not stop.",
         "On the [third|fifth|sixth] day it was already better.", ""),
        ("[Then|At last] the day came: {a} {success}[|, and {b} cheered]!",
         "And [then|one evening], {a} {success}!",
         "When the [spring|summer|first snow] came, {a} {success}."),
        ("<happy:a>", "<thank:a,b>", '"I can {skill}!" {a.he} [shouted|cried|called]{loud}.',
         '"I knew you could do it," [{said} {b}|{b} {said}]{how}.', ""),
        *CHAT,
        *EVENING,
        ("The ones who had laughed were very quiet now.",
         'Later {a} taught a small [mouse|girl|boy|duck] to {skill}. "[You must|Just] {advice}," '
         '{a.he} said.',
         "Now {a} and {b} [often |]{skill} together.",
         '"Nobody is born a master," [{said} {b}|{b} {said}]{how}.', "<together:a,b>"),
    )


def sharing(cast):
    """Food is shared with a hungry stranger, who later returns the kindness."""
    a = cast.hero()
    b = cast.animal(other(a))
    food = cast.food()
    place = cast.place()
    danger, rescue = cast.pick((
        ("{a} lost the way [in the fog|in the dark]",
         "[knew every path|knew the way] and led {a.him} home"),
        ("{a} fell into a [deep |]ditch and could not get out",
         "held out a long branch and pulled {a.him} up"),
        ("a storm came, and {a} had no roof over {a.his} head",
         "led {a.him} to a dry cave and made a fire"),
        ("{a} hurt {a.his} foot and could not walk",
         "tied a cool leaf around it and brought {a.him} home"),
        ("{a} was caught in a hunter's net",
         "bit through the net, one string after the other"),
    ))
    generous = "{a}{adv} cut the {food} in two and gave {b} the bigger part."
    if food.noun in ("soup", "milk", "honey", "nuts", "berries"):
        generous = "{a}{adv} gave {b.him} {food.share}, and then some more."
    state = {"a": a, "b": b, "food": food, "place": place, "danger": danger, "rescue": rescue}
    return state, (
        *OPEN_ONE,
        ("<begin> {a}{adv} {went} to the {place} with {food.whole}.",
         "<begin> {a.his} mother gave {a.him} {food.whole} for the way, and {a.he}{adv} {went} to "
         "the {place}.",
         "<begin> {a}{adv} packed {food.whole} and went out to the {place}."),
        ("{place.sight}", ""),
        *SCENE,
        ("{a.He} was hungry and [sat down to eat|wanted to eat].",
         "At noon {a.he}{adv} sat down [on a stone|in the shade] to eat.",
         "{a} was just about to eat when [something moved|there was a noise]."),
        ("There stood {b.intro}{b.mark}, [thin and tired|wet and thin|with sad eyes].",
         "{then} {b.intro}{b.mark} came [nearer|closer]. {b.He} had not eaten [for two days|since "
         "yesterday].",
         "{b.intro}{b.mark} looked at the {food} with [big|hungry] eyes."),
        ('"[Please|Dear friend], may I have a little?" asked {b.ref}{asking}. "I am so hungry."',
         '"I have had nothing to eat [today|for so long]," [{said} {b}|{b} {said}]{how}.',
         '"That smells good," {b.ref} said softly.'),
        ('{a} thought, "If I share, there is not much left for me." But {a.he}{adv} looked at {b} '
         'and [smiled|felt sorry for {b.him}].',
         "{a} was hungry too, but {a.he} did not think long.",
         '"There is enough for two," [{said} {a}|{a} {said}]{how}.',
         '"Sit down with me," [{said} {a}|{a} {said}]{how}.', ""),
        ("{a.He}{adv} gave {b} {food.share}.",
         "So {a}{adv} gave {b.him} {food.share}, and they{adv} ate together.",
         generous),
        *CHAT,
        ('"[I will never forget this|One day I will help you too]," [{said} {b}|{b} {said}]{how}.',
         "<thank:b,a>",
         "{b}{adv} ate [slowly|every crumb] and [thanked {a.him}|looked happy again].", ""),
        ("[Some weeks|Three days|A month] later, {danger}.",
         "Not long after that, {danger}.", "Then winter came. One [day|evening], {danger}."),
        ("{a.He}{adv} called for help, but nobody [came|heard {a.him}].", "<worry:a>", ""),
        ("[But |]{b} heard {a.him} and [came|ran over]. {b.He}{adv} {rescue}.",
         "Who came? It was {b}! {b.He}{adv} {rescue}.",
         "{then} {a.he} {saw} a face {a.he} knew. It was {b} the {b.kind}. {b.He}{adv} {rescue}."),
        ('"You shared your {food} with me," [{said} {b}|{b} {said}]{how}. "[I have not '
         'forgotten|Now I could help you]."',
         '"Do you remember the {food}?" asked {b} and smiled.',
         '"That was for {food.share}," [{said} {b}|{b} {said}]{how}.', ""),
        *EVENING,
        ("<thank:a,b>", "<together:a,b>",
         "A good deed comes back, [{a} thought|as the old people say]."),
    )


def garden(cast):
    """A seed is planted; care and patience make it grow."""
    a = cast.hero()
    b = cast.hero(other(a))
    seed = cast.pick(tuple(lexicon.SEEDS))
    size, use = lexicon.SEEDS[seed]
    state = {"a": a, "b": b, "seed": seed, "size": size, "use": use}
    return state, (
        *OPEN_ONE,
        ("<begin> {a.his} grandmother gave {a.him} a [small |]{seed} seed.",
         "<begin> {a} found a {seed} seed [in an old box|in {a.his} pocket|on the path].",
         'A [pedlar|traveller] gave {a.him} a {seed} seed. "Take good care of it," he said.'),
        ("{a} [dug|made] a hole [behind the house|beside the door|near the fence], [put|laid] the "
         "seed into it and covered it with earth.",
         "{a.He}{adv} planted the seed [behind the house|beside the door|near the fence].",
         "So {a.he}{adv} [put it in a pot|put it into the earth] and gave it some water."),
        ("The next morning, {a.he}{adv} [ran out|went] to look, but there was [only earth|nothing "
         "to see].",
         "{a}{adv} waited one day, two days, three days. Nothing happened.",
         "Every [hour|morning] {a.he}{adv} looked. [Nothing|Not one leaf]!", ""),
        ('"[Why does it not grow|What is wrong with it]?" {a.he} asked {b.intro}{b.mark}.',
         '{b.intro}{b.mark} [came by{adjunct}|looked over the fence]. "What are you [doing|waiting '
         'for]?" {b.he} asked. "My {seed} does not grow," [{said} {a}|{a} {said}]{how}.',
         '"It will never grow," {a} said to {b.intro}{b.mark}.'),
        ('"You must [be patient|wait]," [{said} {b}|{b} {said}]{how}. "A seed needs [water|rain], '
         '[light|sun] and time."',
         '{b}{adv} laughed [kindly|softly]. "Nobody can hurry a {seed}," {b.he} {said}{how}. "Give '
         'it water and time."',
         '"Give it water every [day|evening]," {b} [answered|said], "and sing to it."'),
        ("So {a}{adv} gave it water every [day|evening][| and pulled out the weeds].",
         "{a}{adv} [carried|brought] water, [day after day|even when {a.he} was tired].",
         "{a} did what {b.ref} had said.", ""),
        *SCENE,
        ("When [a frost came|the nights were cold], {a.he} covered it with [straw|an old "
         "coat|leaves].",
         "When the sun burned, {a.he}{adv} [held an umbrella over it|gave it more water].",
         "Once [a snail|a goat|a crow] wanted to eat it, but {a} [chased it away|built a little "
         "fence].",
         ""),
        ("[Then|At last|One morning], a [tiny|small] green leaf came out of the earth.",
         "And one [warm |]day there was a [tiny|small] green [leaf|tip]."),
        ('"It grows!" {a.he} [shouted|cried|called]{loud}.', "<happy:a>", ""),
        ("[Weeks went by|The summer came], and the {seed} [grew and grew|grew every day] until it "
         "was {size}.",
         "By [summer|autumn], the {seed} was {size}.",
         "It grew a little every day, and in the end it was {size}."),
        *CHAT,
        ("{a}{adv} called {b}, and together they {use}.",
         '"Come and see!" {a}{adv} called, and {b} came. They {use}.',
         "{a} and {b} {use}[| and were proud|, and it was a feast]."),
        ("{a} kept one seed for the next year.",
         '"It only needed time," [{said} {a}|{a} {said}]{how}.',
         "<moral>{a} [could wait|was more patient] when something took long.",
         '"You were right," {a}{adv} told {b}. "[Water, sun and time|Nobody can hurry a {seed}]."',
         "<together:a,b>"),
    )


def errand(cast):
    """Something is carried to a relative, past an obstacle, with wits."""
    a = cast.hero()
    g = cast.family(a)
    food = cast.food()
    place = cast.place(("forest", "river", "hill", "meadow"))
    obstacle, remark, solution = cast.pick((
        ("the bridge was [broken|gone]", "I cannot swim across",
         "laid a [fallen tree|long plank] over the water and went across, step by step"),
        ("a [big|huge] tree had fallen across the path", "I cannot climb over it",
         "found a gap under the branches and crept through"),
        ("a goose [hissed and |]would not let {a.him} pass", "What does a goose want",
         "gave her [a few crumbs|a green leaf], and the goose stepped aside"),
        ("the path split in two and the sign had fallen down", "Which way is right",
         "remembered that the house lay where the sun goes down, and took that way"),
        ("thick fog came and {a.he} could not see {a.his} own feet", "Where is the path",
         "listened for the church bell and followed the sound"),
        ("a big dog stood in the road and [barked|growled]", "I am afraid of him",
         "threw a stick as far as {a.he} could, and the dog ran after it"),
    ))
    order = "<begin> {a} set out with {food.whole} for {g}, who [worked far away|was ill]."
    if g.kind != "mother":
        order = ('"[Take|Bring] {food.whole} to your {g.kind}," [said|asked] {a.his} mother. '
                 '"{g.He} is [ill|waiting]."')
    distance = "It was a long way [through|past|over] the {place}."
    if place.noun == "river":
        distance = "It was a long way along the river."
    halt = "Half way, {a.he} had to stop, for {obstacle}."
    if obstacle.startswith(("thick", "a goose")):
        halt = "{a} had gone half the way when {obstacle}."
    reaction = ('"{remark}[!|...]" [said|thought] {a}{how}. "[What now?|Shall I go back?|'
                'But I must go on.]"')
    if remark.startswith("Wh"):
        reaction = '"{remark}?" [thought|asked] {a}{asking}.'
    state = {"a": a, "g": g, "food": food, "place": place, "obstacle": obstacle,
             "remark": remark, "solution": solution, "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        ("<begin> {a} was to bring {food.whole} to {g}, who [was ill|lived alone|had a bad leg].",
         "{g} was [ill|in bed with a cold], and {a} {wanted} to bring {g.him} {food.whole}.",
         order),
        ('"I will be careful," [{said} {a}|{a} {said}]{how}.',
         '"Do not stop on the way," [{everyone}|the neighbour] told {a.him}.',
         distance, ""),
        ("{weather}", "{place.sight}", "{a} [sang|whistled|counted {a.his} steps] on the way."),
        *SCENE,
        (halt, "[Then|Suddenly] {a.he}{adv} stopped: {obstacle}."),
        (reaction, "<worry:a>",
         "{a} {wanted} to turn back. But {g} was waiting.", ""),
        ("{a.He}{adv} [sat down and thought|thought for a while|looked around]. {then} {a.he}{adv} "
         "{solution}.",
         "{then} {a.he} had an idea. {a.He}{adv} {solution}.",
         '"There is always a way," {a.he}{adv} told {a.self}, and {a.he}{adv} {solution}.'),
        ("After that, the rest of the way was easy.",
         "{a.His} heart beat fast, but the {food} {food.was} safe.", "",
         "[Now|Soon] {a.he} could see the [house|chimney|lamp] of {g}."),
        ("{g}{adv} [opened the door|was at the window] and [smiled|was {very} glad].",
         '"[There you are|Come in, come in]!" called {g}{loud}.',
         "{a}{adv} knocked [three times|softly], and {g}{adv} [opened|let {a.him} in]."),
        ('"I have brought you {food.whole}," [{said} {a}|{a} {said}]{how}.',
         "{a}{adv} put the {food} on the table.", ""),
        ("{then} {a.he}{adv} told {g.him} that {obstacle} and how {a.he}{adv} got past it.",
         '"Was the way hard?" asked {g}{asking}. "[Only a little|A bit]," said {a} and told the '
         'story: {obstacle}.',
         "{a}{adv} told {g.him} everything[, and {g.he}{adv} listened|]."),
        ('"[You are brave and clever|What a clever {a.kind} you are]," [{said} {g}|{g} '
         '{said}]{how}.',
         '"I am proud of you," {g.he} {said}{how}.', ""),
        *EVENING,
        ("They{adv} ate the {food} together [by the fire|in the warm kitchen].",
         "{g}{adv} ate {food.share} and felt better at once.",
         "{g}{adv} gave {a.him} {food.share} and a kiss, and {a}{adv} [went home happy|slept there "
         "that night]."),
    )


def storm(cast):
    """A hut is blown down; the second one is built together and stands."""
    a, b = cast.pair()
    place = cast.place(("forest", "beach", "meadow", "hill", "orchard"))
    weak, strong = cast.pick((("straw", "stone"), ("leaves", "wood"), ("paper", "clay"),
                              ("sticks", "stone"), ("reeds", "wood"), ("grass", "clay")))
    guest = cast.animal(other(a))
    effort = "They were tired, but they did not stop."
    if a.hands == b.hands:
        effort = "Their {a.hands} hurt, but they did not stop."
    state = {"a": a, "b": b, "c": guest, "place": place, "weak": weak, "strong": strong,
             "spot": cast.spots(place, 1)[0]}
    return state, (
        *OPEN_TWO,
        ("<begin> they [wanted|decided] to build a [hut|house] {place.at}.",
         '"Let us build a hut {place.at}," said {a} one [morning|day].'),
        *SCENE,
        ('"We can use {weak}," [{said} {a}|{a} {said}]{how}. "That is [quick|easy]."',
         "{a} {wanted} to build it of {weak}, because [that was quick|that was easy|{a.he} was "
         "lazy]."),
        ('"{strong} is [stronger|better]," {said} {b}, but {a} did not listen.',
         '"Will {weak} hold in the wind?" asked {b}{asking}. "[Surely|Of course]!" [{said} {a}|{a} '
         '{said}]{how}.',
         "{b} [was not sure|shook {b.his} head], but {b.he} helped."),
        ("By [noon|evening] the hut of {weak} was ready.",
         "They built [all day|all morning], and then the hut of {weak} stood {spot}.", ""),
        ("They [lay down|sat] in it and were [proud|content].", "It was small, but it was theirs.",
         ""),
        *CHAT,
        ("[But in|In] the night a storm came. The wind [howled|roared] and the rain [fell|beat "
         "down].",
         "Then black clouds came over the {place}, and it began to [blow|thunder]."),
        ("[Whoosh!|Crack!] The hut of {weak} [flew away|fell down].",
         "The wind lifted the roof and then the walls. Nothing was left of the {weak}."),
        ("{a} and {b}{adv} [sat in the rain|were wet and cold|held on to each other].",
         '"Our hut!" [cried|sobbed] {a}{loud}.',
         "They{adv} [ran|crept] under a [bush|rock] and waited.", ""),
        ('In the morning, {a} said, "You were right. We should have used {strong}."',
         '"I was too lazy," said {a} in the morning. "I am sorry."',
         'When the sun came up, {b} did not scold {a.him}. "We will build it again," {b.he} '
         '{said}{how}.'),
        ("This time they used {strong}. It took [three days|a week|many days].",
         "They{adv} carried {strong} [from the river|from the village|all day long] and built "
         "[slowly|with care].",
         "{b}{adv} brought the {strong}, and {a} [built|put up] the walls."),
        ("{c.intro} saw them and helped with the roof.",
         effort, ""),
        ("Soon the next storm came, but the hut of {strong} [stood fast|did not move].",
         "The next storm was even [stronger|louder], and the hut of {strong} [stood|held]."),
        ("{a} and {b}{adv} sat inside, warm and dry, and [listened to the rain|drank tea|told "
         "stories].",
         "Inside it was [warm|dry], and they{adv} [laughed at the wind|slept well].", ""),
        ('"What is built slowly stands long," [{said} {b}|{b} {said}]{how}.',
         '"{strong} was better than {weak}," {a} [said|laughed]{how}.',
         '"Next time I will listen to you," said {a} to {b}.', "<together:a,b>"),
    )


def cooking(cast):
    """A dish goes wrong for want of one thing, which a neighbour has."""
    a = cast.hero()
    b = cast.hero(other(a))
    dish, missing, taste = cast.pick((
        ("soup", "salt", "like warm water"), ("cake", "sugar", "like wet bread"),
        ("bread", "yeast", "like a stone"), ("porridge", "honey", "like paper"),
        ("pie", "butter", "like dry sand"), ("stew", "carrots", "like nothing at all"),
        ("pudding", "milk", "like old flour")))
    plan = "<begin> {a} {wanted} to [make|cook] a [big|good|fine] {meal} for {a.his} friends."
    if dish in ("bread", "porridge"):
        plan = "<begin> {a} {wanted} to make {meal} for {a.his} friends."
    state = {"a": a, "b": b, "meal": dish, "missing": missing, "flavour": taste,
             "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        (plan,
         '<begin> {a} [invited|had invited] all {a.his} friends. "I will make {meal}," {a.he} '
         '{said}{how}.'),
        ("{weather}", ""),
        *SCENE,
        ("{a.He}{adv} [mixed|stirred] [everything|this and that] in a [big|blue|black] [pot|bowl] "
         "and [sang|hummed] a song.",
         "{a}{adv} worked [all morning|for hours] in the kitchen.",
         "{a.He}{adv} put everything into a pot and waited.", ""),
        ("{then} {a.he} tasted it. It tasted {flavour}!",
         "But when {a.he}{adv} took a spoon of it, it tasted {flavour}.",
         "It looked fine, but it tasted {flavour}."),
        ("<worry:a>", '"What is missing?" {a.he} [asked|thought]{asking}.',
         '"And my friends are coming soon!" {a.he} cried{loud}.', ""),
        ("{a.He} added an onion. It was still {flavour}.",
         "{a}{adv} looked on the shelf. There was no {missing} in the house.",
         '{then} {a.he} saw the empty {missing} jar. "I forgot the {missing}!" {a.he} '
         '{said}{how}.', ""),
        ("Next door lived {b.intro}{b.mark}. {a}{adv} [knocked|ran over].",
         "{a}{adv} ran to {a.his} neighbour, {b.intro}{b.mark}.",
         "{b.intro}{b.mark} [smelled it|saw the smoke] and came to [help|see]."),
        ('"Do you have some {missing}?" asked {a}{asking}.',
         '"My {meal} tastes {flavour}," {a} [said|told {b.him}].'),
        ('"It only needs {missing}," said {b}[| and laughed]. {b.He}{adv} gave {a.him} [some|a cup '
         'of it].',
         '"{meal} without {missing}? That cannot be good," [{said} {b}|{b} {said}]{how}. '
         '{b.He}{adv} brought a [bag|box] of {missing}.',
         '{b} [had|kept] plenty of {missing}. "Take what you need," {b.he} {said}{how}.'),
        ("{a}{adv} put the {missing} into the {meal} and tasted again. [Wonderful|How good it "
         "was]!",
         "With the {missing}, the {meal} was [perfect|better than ever|just right]."),
        ('"[You must stay and eat|Eat with us]," [{said} {a}|{a} {said}]{how}.',
         "<thank:a,b>", "{a}{adv} gave {b} the first [plate|bowl].", ""),
        ("Then the friends came, and [nothing was left|they{adv} ate until the pot was "
         "empty|{everyone} wanted more].",
         "All the friends ate {meal} and [sang|laughed|danced] until late.", ""),
        *CHAT,
        ("<moral>{a} never forgot the {missing}.",
         '"The {missing} is small, but the {meal} needs it," [{said} {b}|{b} {said}]{how}.',
         '"The best {missing} is a good neighbour," [laughed|said] {a}{how}.', "<together:a,b>"),
    )


PLOTS = (skill, sharing, garden, errand, storm, cooking)
