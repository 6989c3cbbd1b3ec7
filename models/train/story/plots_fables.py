"""Plots about character: boasting, fear, lies and greed."""

from . import lexicon
from .phrases import CHAT, EVENING, OPEN_ONE, OPEN_TWO, SCENE
from .world import other


def race(cast):
    """The fast one boasts and dawdles; the slow one keeps going and wins."""
    a = cast.animal(abilities=("run", "fly", "swim"))
    b = cast.animal(other(a), ("squeeze", "push", "dig"))
    verb, best = {"run": ("run", "the fastest runner"), "fly": ("fly", "the fastest flyer"),
                  "swim": ("swim", "the fastest swimmer")}[a.ability]
    place = cast.place(("river", "forest", "hill", "orchard", "meadow"))
    goal = cast.pick(("the old mill", "the church tower", "the big oak", "the stone bridge",
                      "the red barn", "the lighthouse"))
    delay = cast.pick((
        ("lay down in the shade and fell asleep", "slept", "woke up"),
        ("stopped to eat [cherries|berries]", "ate", "looked up"),
        ("stopped to look at {a.self} in a puddle", "admired {a.self}", "looked up"),
        ("began to tell some geese how fast {a.he} was", "talked", "looked around"),
    ))
    chase = "{a}{adv} tried to {verb} faster than ever, but it was too late."
    if verb == "run":
        chase = "{a}{adv} [ran|went] as fast as {a.he} could, but it was too late."
    state = {"a": a, "b": b, "verb": verb, "best": best, "place": place, "goal": goal,
             "delay": delay[0], "delaying": delay[1], "ending": delay[2],
             "weather": cast.weather_text()}
    return state, (
        ("{a} the {a.kind} was {best} {a.home}, and {everyone} had to hear it.",
         "{a.intro} lived {a.home}. {a.He} was {best} of all and [said so every day|was {very} "
         "proud of it].",
         'Once there was {a.intro} who said every day, "I am {best} of all!"'),
        ('"Nobody can {verb} as I can," {a.he} [said|boasted]{how}. "[Who wants to race|Who dares '
         'to race] with me?"',
         'One day {a.he} met {b.intro}{b.mark}{adjunct}. "How slow you are!" [laughed|cried] '
         '{a}{loud}.',
         "{a.He}{adv} laughed at {b.intro}{b.mark}, who was [slow|small and slow]."),
        ('"I will race with you," said {b} the {b.kind}. "The first at {goal} wins."',
         '"Let us race to {goal}," {b} [said|answered] quietly.',
         '{b} did not like that. "I may be slow, but I do not give up," {b.he} {said}{how}. "Let '
         'us race to {goal}."'),
        ('{a}{adv} laughed [until tears came|loudly]. "[You|Against me]?" {a.he} '
         '[asked|cried]{loud}.',
         "All the animals came to [watch|see it].",
         "They met {place.at} [the next morning|at noon].", ""),
        ("{weather}", "", "{place.sight}"),
        *SCENE,
        ('"One, two, three!" called [an old owl|a crow|the goose], and {a} was gone like the wind.',
         "They started, and soon {a} was far ahead. {b}{adv} [walked|went] slowly, step by step.",
         "{a} shot away like an arrow, and {b} came [slowly behind|after {a.him}, step by step]."),
        ('Half way, {a}{adv} looked back. {b} was nowhere to be seen. "I have [plenty of|so much] '
         'time," {a.he} [thought|said]{how}.',
         '"{b} will need [hours|all day]," {a} thought.'),
        ("So {a.he}{adv} {delay}.", "{a.He}{adv} {delay}."),
        ("{b}{adv} [went|walked] on and on. {b.He} did not stop [once|to rest|for berries or "
         "shade].",
         "While {a} {delaying}, {b}{adv} went past, [very quietly|step by step].",
         "{b} was tired and hot, but {b.he} [did not stop|went on]."),
        ("When {a} {ending}, {b} was almost at {goal}.",
         "{atlast} {a} {ending}. Far ahead {a.he} {saw} {b}, close to {goal}!"),
        (chase,
         "Now {a.he}{adv} hurried, but [it was too late|it did not help].", ""),
        ("{b} touched {goal} first, and [{everyone}|all the animals] cheered.",
         "{b} had won!", '"{b} is the winner!" [cried|called] [the owl|the crow|{everyone}].'),
        ('{a} [was ashamed|hung {a.his} head]. "[You were better|I should not have laughed]," '
         '{a.he} said.',
         '"How did you do that?" asked {a}{asking}. "I did not stop," [{said} {b}|{b} '
         '{said}]{how}.', ""),
        *EVENING,
        ("<moral>{a} did not boast anymore.", "<moral>nobody laughed at {b} again.",
         "Slow and steady is better than fast and proud.", "<together:a,b>"),
    )


def noise(cast):
    """A sound in the night frightens someone, and turns out to be harmless."""
    a, b = cast.pair()
    sound, fear, truth, remedy = cast.pick(lexicon.NOISES)
    light = cast.pick(("a candle", "a lamp", "a lantern"))
    state = {"a": a, "b": b, "sound": sound, "fear": fear, "truth": truth, "remedy": remedy,
             "light": light, "weather": cast.weather_text(("windy", "rainy", "foggy", "cold"))}
    return state, (
        *OPEN_ONE,
        ("One [night|dark night] {a} lay in bed and could not sleep. {weather}",
         "One night {a} woke up. [It was {very} dark|The moon was behind the clouds].",
         "{b.intro}{b.mark} was staying with {a.him} for the night. They [lay|were] in bed, and it "
         "was dark."
         ),
        ("{then} {a.he} heard {sound}.", "There was {sound}!", "What was that? {sound}!"),
        ('"It is {fear}!" {a.he} [thought|whispered].',
         "{a}{adv} [pulled the blanket over {a.his} head|held {a.his} breath]. Was it {fear}?",
         '{a.He} [was afraid|shook with fear]. "That must be {fear}," {a.he} thought.'),
        ("There it was again: {sound}.", "{a.He}{adv} listened. It came [nearer|again].", ""),
        ('{a} woke {b}. "[Do you hear it|Listen]!" {a.he} [whispered|said]{how}. "{fear}!"',
         '"{b}, are you awake?" {a} whispered{how}. "I think there is {fear}."',
         '{a}{adv} ran to {b}. "Come quickly, there is {fear} [outside|in the house]!"'),
        ('"[Perhaps it is something else|I do not believe in that]," [{said} {b}|{b} {said}]{how}. '
         '"Let us [go and look|look together]."',
         '{b} was afraid too, but {b.he}{adv} took {light}. "Together we are brave," {b.he} '
         '{said}{how}.',
         '"We will only know when we look," said {b} and lit {light}.'),
        ("They{adv} took {light} and went [down the stairs|along the wall|out of the room], step "
         "by step.",
         "{a}{adv} held {light}, and {b}{adv} held the {b.hand} of {a}.",
         "On tiptoe they{adv} [went|crept] after the sound. {a}{adv} carried {light}."),
        ("The sound grew louder. {a.His} heart beat like a drum.",
         '"Stay close to me," [{said} {a}|{a} {said}]{how}.', ""),
        ("They{adv} looked, and what did they find? It was {truth}!",
         "Then the light fell on it. It was only {truth}.",
         "And there was [no monster at all|nothing to fear]: it was {truth}!"),
        ('"So that was {fear}!" [laughed|said] {b}{how}.',
         "{a} and {b}[ laughed| had to laugh] out loud.",
         '"And I thought it was {fear}," [{said} {a}|{a} {said}]{how}.', ""),
        *CHAT,
        ("{b}{adv} {remedy}.", "{then} {a}{adv} {remedy}.",
         "Together they did what was needed: {a}{adv} {remedy}."),
        ("After that, the night was quiet, and they [slept well|slept until noon].",
         "Then they{adv} went back to bed[| and slept].", ""),
        ("<moral>{a}{adv} looked first and was afraid later.",
         "<moral>when {a} heard something strange, {a.he}{adv} [took {light} and looked|asked {b} "
         "to come].",
         "Most ghosts are small when one brings {light}.", "<together:a,b>", ""),
    )


def alarm(cast):
    """Someone calls for help as a joke, until nobody believes the truth."""
    a = cast.hero()
    b = cast.hero(other(a))
    danger, real, lost = cast.pick((
        ("Fire", "smoke rose from the barn", "the barn burned down"),
        ("The river is rising", "the water came over the bank",
         "the water took the [bridge|boats]"),
        ("A wolf", "a grey wolf came out of the forest", "the wolf took three geese"),
        ("The goats are gone", "somebody left the gate open and the goats ran away",
         "it took [two|three] days to find the goats"),
        ("A bear", "a big bear came down from the hill", "the bear ate all the honey"),
        ("The bees are coming", "an angry swarm flew out of the hive",
         "{everyone} in the field was stung"),
    ))
    state = {"a": a, "b": b, "danger": danger, "real": real, "lost": lost,
             "weather": cast.weather_text()}
    return state, (
        *OPEN_ONE,
        ("{a.He} had to keep watch [every day|in the afternoon], and that was [dull|boring].",
         "{a} was often bored and [liked jokes|wanted to have some fun].",
         "{a.He} liked to play jokes on others."),
        ('<begin> {a.he} [shouted|cried], "{danger}! {danger}!"',
         '<begin> {a}{adv} ran through the village. "Help! {danger}!" {a.he} shouted{loud}.'),
        ("{everyone} dropped their work and came running.",
         "{b.intro}{b.mark} came first, and all the others came after {b.him}.",
         "[The baker, the miller and the teacher|All the neighbours] came running[| with buckets "
         "and sticks]."),
        ("But there was nothing. {a}{adv} laughed [until {a.he} fell over|at their faces].",
         '"It was only a joke!" laughed {a}.'),
        ("They{adv} [went home|turned around], and they were [angry|not amused].",
         '"That is not funny," said {b} the {b.kind}.',
         '"Do not do that again," {b}{adv} told {a.him}.', ""),
        *SCENE,
        ('[Two days|A week] later, {a.he} did it again. "{danger}!" Again they came, and again '
         'there was nothing.',
         'But {a} did it again, and a third time too. "{danger}!" {a.he} cried and laughed.',
         "The next day {a.he}{adv} called once more, and once more they came for nothing."),
        ('"If you lie, nobody will believe you," [{said} {b}|{b} {said}]{how}.',
         '"You will be sorry one day," said {b}.', ""),
        ("{weather}", ""),
        ("Then, one [evening|day], {real}.", "Not long after that, {real}. This time it was true!"),
        ('"{danger}! {danger}!" {a} [shouted|cried|screamed]{loud}. "[Please come|It is true]!"',
         '{a}{adv} ran and called, "{danger}! Help!"'),
        ('Nobody came. "[That is one of the jokes again|We know that joke]," they said.',
         "But [{everyone}|they all] only shook their heads.",
         '"Not again," said [the baker|the miller|the teacher] and closed the window.'),
        ("So {lost}.", "There was no help, and {lost}.", ""),
        ('{a}{adv} sat [on a stone|by the road] and cried. "Why did nobody come?" {a.he} '
         'asked{asking}.',
         "<sad:a>", "In the end, {a} [understood|saw what {a.he} had done]."),
        ('{b}{adv} sat down beside {a.him}. "We did not know that it was true this time," {b.he} '
         '{said}{how}.',
         '"You called when there was nothing," [{said} {b}|{b} {said}]{how}. "So we did not come '
         'when there was something."',
         "<sorry:a,b>", ""),
        ("<moral>{a} never [lied|joked about danger] again.",
         "<moral>when {a}{adv} called, it was true, and [slowly|after a long time] people believed "
         "{a.him} again.",
         "Who cries for fun will cry alone."),
    )


def greed(cast):
    """Someone takes too much at once and ends with less than enough."""
    a, b = cast.pair()
    goods = cast.pick(("apples", "nuts", "pears", "plums", "berries", "eggs", "mushrooms"))
    container = cast.pick(("basket", "sack", "cart", "hat", "bucket"))
    place = cast.place(("river", "hill", "forest", "orchard"))
    crash = cast.pick((
        "the {container} broke", "{a.he} fell over a root",
        "{a.he} could not see the path and fell into a "
        "ditch", "the wind knocked {a.him} over", "the bottom of the {container} tore"))
    state = {"a": a, "b": b, "goods": goods, "container": container, "place": place,
             "crash": crash}
    return state, (
        *OPEN_TWO,
        ("<begin> they{adv} {went} to the {place} to look for {goods}.",
         "<begin> they heard that there were {goods} {place.at}, free for {everyone}."),
        ("{place.sight} And there were {goods}, more than they had ever seen!",
         "They found so many {goods} that they could not count them."),
        *SCENE,
        *CHAT,
        ("{b}{adv} took [as many as {b.he} needed|enough for supper|only a few] and sat down to "
         "rest.",
         '{b}{adv} put [ten|twelve|twenty] {goods} into {b.his} {container}. "That is enough," '
         '{b.he} {said}{how}.'),
        ('"I want them all!" {a} [said|cried] and filled {a.his} {container} to the top.',
         "But {a}{adv} put more and more into {a.his} {container}, until it was [full|as heavy as "
         "a stone].",
         "{a} was greedy. {a.He}{adv} filled {a.his} {container}, and then {a.his} pockets too."),
        ('"It is too much," [{said} {b}|{b} {said}]{how}. "[Leave some for others|You cannot carry '
         'it]."',
         '"Be careful," {b} said, "your {container} is too full."',
         '"Who is going to eat all that?" asked {b}{asking}.'),
        ('"You are only [envious|jealous]," [{said} {a}|{a} {said}]{how}.',
         '"You can never have enough {goods}," {a} '
         'answered.', "But {a} [did not listen|laughed].", ""),
        ("On the way home, the {container} grew heavier and heavier.",
         "{a}{adv} [pulled|carried] and puffed and could hardly walk.",
         "They had to cross a [small|narrow] bridge.", ""),
        ("{then} {crash}, and all the {goods} [rolled|fell] [down the hill|into the water|into the "
         "mud].",
         "Suddenly {crash}. The {goods} [flew|rolled] everywhere and were gone.",
         "But {crash}, and not one of the {goods} was left."),
        ("<sad:a>", '"My {goods}!" {cried} {a}{loud}.',
         "{a}{adv} looked at the empty {container}.", ""),
        ("{b} did not laugh. {b.He}{adv} [looked at|opened] {b.his} {container}.",
         '"You see," {said} {b}, but {b.he} said it kindly.', ""),
        ('"Take half of mine," {b} {said}{how}.',
         "{b}{adv} gave {a.him} half of {b.his} {goods}.",
         '"I have enough {goods} for both of us," [{said} {b}|{b} {said}]{how}.'),
        ('"You are so kind," {said} {a}, "and I [called you envious|did not listen to you]."',
         "<thank:a,b>", "<sorry:a,b>"),
        ("That evening they{adv} [ate the {goods} together|made a pie of the {goods}].",
         "They{adv} ate the {goods} [by the fire|under a tree], and there were enough.", ""),
        ("<moral>{a}{adv} took only as much as {a.he} could carry.",
         "Who wants everything may end with nothing.", "<together:a,b>"),
    )


PLOTS = (race, noise, alarm, greed)
