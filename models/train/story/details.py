"""Small details that make one telling differ from the next.

WORDS are lists that a template draws from afresh at every {word}; the rules
build sentences of them: scenery, looks, habits, thoughts, meals.
"""

WORDS = {
    "colour": ("red blue green yellow white black brown grey golden pink purple orange silver "
               "violet").split(),
    "fur": ("brown black white grey spotted old young fat thin sleepy lazy hungry wet muddy lame "
            "shaggy").split(),
    "beast": ("horse cow dog cat goat pig hen rooster calf pony lamb kitten puppy ram mule piglet "
              "foal bull").split(),
    "birds": ("crows swallows geese pigeons gulls starlings ducks owls robins magpies sparrows "
              "storks swans larks").split(),
    "insects": "ants bees beetles butterflies snails spiders crickets moths worms flies".split(),
    "tree": "oak pine birch willow apple~tree cherry~tree chestnut fir elm maple lime".split(),
    "flowers": ("roses daisies tulips poppies violets lilies bluebells thistles asters "
                "sunflowers").split(),
    "person": ("woman man soldier sailor nun painter postman cook hunter weaver girl boy musician "
               "monk doctor teacher king maid thief judge guard dancer clown").split(),
    "cloth": ("coat cap scarf apron jacket shirt dress cloak vest sash hat collar belt").split(),
    "shoes": "boots shoes slippers socks gloves trousers mittens stockings".split(),
    "ware": ("pot chair ladder broom saddle box lamp rope bowl net wheel bench rug comb fork "
             "candle bottle barrel cradle trunk hammer drum mirror spade").split(),
    "wares": ("pots chairs brooms candles spoons ribbons hats eggs onions fish pears cakes boots "
              "nails bells maps books knives clocks toys").split(),
    "landmark": ("mill church well bridge gate wall barn fence tower fountain shed bakery school "
                 "stable hedge inn castle harbour chapel market cave pond station statue").split(),
    "near": "behind beside near in~front~of next~to not~far~from".split(),
    "number": "two three four five six seven eight nine ten twelve".split(),
    "smell": ("hay smoke bread mint rain soap apples honey fish wood roses soup tar onions coffee "
              "leather").split(),
    "dish": ("pea~soup potatoes noodles pancakes porridge dumplings bean~stew fried~eggs rice "
             "fish~pie onion~soup cabbage mushroom~soup turnips lentils").split(),
    "side": "bread butter cheese cream mushrooms jam salt carrots plums herbs sugar nuts".split(),
    "drink": "milk tea water cocoa cider juice lemonade broth".split(),
    "taste": ("pancakes honey plums warm~bread cheese nuts cherries soup apples cake jam pears "
              "pickles grapes noodles toast").split(),
    "nature": ("the~rain the~moon the~sea the~snow old~trees the~stars thunder fog long~evenings "
               "the~spring the~wind quiet~mornings the~mountains deep~water the~heat "
               "frost").split(),
    "doing": ("dancing singing climbing fishing drawing sleeping reading running digging painting "
              "telling~jokes collecting~stones baking riding knitting counting~clouds").split(),
    "indoor": ("swept~the~floor washed~the~cups lit~the~stove made~the~beds baked~a~cake "
               "mended~a~shirt polished~the~spoons wound~the~clock peeled~potatoes "
               "wrote~a~letter").split(),
    "outdoor": ("fed~the~hens fetched~water chopped~wood watered~the~beans looked~after~the~sheep "
                "picked~herbs milked~the~goat cleaned~the~path caught~a~fish "
                "painted~the~fence").split(),
    "adjective": ("old tall narrow crooked round broken dusty huge tiny new dark pretty "
                  "plain").split(),
    "age": ("", "", "", "", "", " young", " tall", " thin", " sleepy", " pale", " strong"),
    "house": "house cottage hut cabin tower farmhouse tent".split(),
    "where": ("by~the~river behind~the~mill near~the~sea at~the~end~of~the~road under~the~hill "
              "beside~the~church on~the~market~square at~the~edge~of~the~forest between~two~lakes "
              "in~the~mountains on~an~island near~the~old~bridge in~a~green~valley by~the~railway "
              "next~to~the~school").split(),
    "kin": "mother father grandmother grandfather aunt uncle sister brother cousin".split(),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "season": "spring summer autumn winter".split(),
    "time": "morning evening afternoon night noon".split(),
    "feeling": ("tired cold hungry curious nervous excited sleepy thirsty restless dizzy "
                "impatient").split(),
    # Words for plain words, so that the same event is not always told alike.
    "then": "then then now next after~that at~that~moment".split(),
    "went": "went went walked ran hurried wandered".split(),
    "saw": "saw saw noticed discovered spotted".split(),
    "very": "very so quite really terribly".split(),
    "big": "big large huge great".split(),
    "fine": "beautiful wonderful lovely splendid perfect".split(),
    "everyone": "everyone everybody".split(),
    "began": "began started".split(),
    "wanted": "wanted wished hoped".split(),
    "atlast": "at~last finally in~the~end".split(),
    "said": "said said said said said murmured declared whispered".split(),
    "cried": "cried called shouted exclaimed".split(),
    # How, where and when: empty about every second time.
    "adv": ("", "", "", "", "", "", "", "", "", "", "", "", "", "", " quickly", " quietly",
            " carefully", " calmly", " eagerly", " bravely", " proudly", " silently", " gently",
            " nervously", " hastily", " gladly", " cheerfully", " soon"),
    "adjunct": ("", "", "", "", " {near} the {landmark}", " from the {landmark}",
                " on the way to the {landmark}", " that {time}", " with a {ware}",
                " with {number} {birds}", " after {number} minutes"),
    # How something is said, asked or called.
    "how": ("", "", "", "", "", "", " softly", " quietly", " slowly", " kindly", " at once",
            " with a smile", " after a while", " in a low voice", " and nodded", " with a sigh",
            " calmly", " firmly", " and blinked", " and looked up", " politely", " and yawned"),
    "asking": ("", "", "", "", " softly", " quietly", " kindly", " at last", " with big eyes",
               " and came nearer", " curiously", " in surprise"),
    "loud": ("", "", "", "", " loudly", " at once", " and jumped up", " as loud as possible",
             " from far away", " and waved", " twice"),
}
WORDS = {name: tuple(word.replace("~", " ") for word in words) for name, words in WORDS.items()}

RULES = {
    # <sight>: something seen, heard or smelled out of doors.
    "sight": (
        "A {fur} {beast} [stood|slept|waited|rested|was tied|rolled in the dust] {near} the "
        "{landmark}.",
        "{number} {birds} [sat|sang|quarrelled|hopped|landed] {near} the {landmark}.",
        "{number} {fur} {birds} flew over the {landmark}[| towards the {landmark}].",
        "{near} the {landmark}, a {person} was [mending|painting|carrying|washing|looking for] a "
        "[|{colour} |{adjective} ]{ware}.",
        "[Somewhere|Far away|Close by], a {beast} [cried|called] and a {ware} fell over.",
        "It smelled of {smell} and {smell}.",
        "A {person} with a {colour} {cloth} [walked by|sat {near} the {landmark}|was selling "
        "{wares}|was talking to a {beast}].",
        "The clock of the [church|school|tower|station] struck {number}.",
        "There were {flowers} and {number} [|small ]{insects} under the {tree}.",
        "The {flowers} {near} the {landmark} were [|almost ]{colour}.",
        "{number} {insects} crept over the {adjective} {landmark}.",
        "A {colour} {ware} lay {near} the {landmark}[|, and nobody knew why].",
        "A {adjective} {tree} stood {near} the {landmark}.",
        "A {fur} {beast} [looked at|ran after|played with] a {fur} {beast}.",
        "The {person} of the village was singing about {nature}.",
        "A {person} and a {person} were [arguing|talking|laughing] about {nature}.",
        "The {landmark} was {adjective} and {colour}, and the {landmark} was {adjective}.",
        "Some {birds} ate the {taste} that a {person} had lost.",
        "A cart full of {wares} rolled [slowly |]past the {landmark}.",
        "The door of the [mill|church|barn|shed|bakery|school|stable|inn|castle|chapel] was "
        "{colour}, and a {beast} looked out of it.",
        "The {person} wanted to sell the {adjective} {landmark}.",
    ),
    # <looks:a>: appearance and clothes.
    "looks": (
        "{x.He} wore a {colour} {cloth} and {colour} {shoes}.",
        "{x.He} always wore {colour} {shoes}[|, even in {season}].",
        "{x.He} had a {colour} {cloth} with {number} pockets.",
        "{x.He} was [not very tall|small for {x.his} age|taller than the others], and {x.his} eyes "
        "were {colour}.",
        "People knew {x.him} by {x.his} {colour} {cloth}.",
        "In {x.his} bag {x.he} carried a [comb|candle|spoon|whistle|map|ball] and some {taste}.",
        "{x.His} {cloth} was {colour}, and it had once belonged to {x.his} {kin}.",
    ),
    # <habit:a>: likes and daily work.
    "habit": (
        "{x.He} liked {taste}, {nature} and {doing}.",
        "{x.He} liked {taste} and {doing}, but not {nature}.",
        "Every {time} {x.he} {indoor}, and then {x.he} {outdoor}.",
        "{x.He} {outdoor} every {day}.",
        "{x.His} {kin} had taught {x.him} all about {nature}.",
        "{x.He} lived there with {x.his} {kin} and {number} {birds}.",
        "What {x.he} loved most was {doing}, and after that came {taste}.",
        "{x.He} was good at {doing}, and everyone said so.",
        "In {season} {x.he} {outdoor}, and in winter {x.he} {indoor}.",
        "{x.He} shared the place with a {fur} {beast}.",
    ),
    # <thought:a>: what goes on in someone.
    "thought": (
        "{x} hummed a song about a {fur} {beast}.",
        "{x} thought of the {dish} at home.",
        "{x.He} counted {number} {birds} and {number} {insects}.",
        "{x} was a little {feeling}.",
        "{x} was {feeling} and [also |]{feeling}.",
        "{x} [would have liked|wished for] some {taste} and a cup of {drink}.",
        "{x} remembered what {x.his} {kin} had said about {nature}.",
        '"I wonder what a {beast} thinks about {nature}," said {x}{how}.',
        "{x} looked at the {landmark} for {number} minutes.",
    ),
    # <chat:a,b>: two talk of everyday things.
    "chat": (
        '"What did you eat today?" asked {x}{asking}. "{dish} with {side}," said {y}{how}.',
        '"Do you like {taste}?" asked {x}{asking}. "I like {taste} better," said {y}{how}.',
        '"I saw a {fur} {beast} {near} the {landmark}," said {y}{how}.',
        '"My {kin} {indoor} this morning," said {x}{how}. "Mine {outdoor}," said {y}{how}.',
        "{y} told {x} about a {person} who had {number} {wares} and a {fur} {beast}.",
        '"I dreamed of {nature}," said {y}{how}. "And I of a {colour} {ware}," said {x}{how}.',
        '"When I am big, I will be a {person}," said {x}{how}.',
        '"Are you {feeling}?" asked {y}{asking}. "A little, and {feeling} too," said {x}{how}.',
        "They talked about {nature} and {doing}.",
        '"On {day} my {kin} bought a {colour} {ware}," {x} said{how}.',
        '"Is it true that the {person} has {number} {birds}?" asked {y}{asking}. "No, only '
        '{number}," said {x}{how}.',
    ),
    # <meal:a>: a meal at the end of the day.
    "meal": (
        "For supper there was {dish} with {side}[| and a cup of {drink}].",
        "At home there was {dish} with {side}.",
        "{x.His} {kin} had cooked {dish}, and there was {drink} too.",
        "Later {x.he} ate {dish} with {side} and [told {x.his} {kin} everything|went to bed].",
        "In the evening {x} drank [hot |]{drink} and listened to {nature}.",
    ),
}
