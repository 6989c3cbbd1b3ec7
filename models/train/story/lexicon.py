"""The words of the stories and what the plots need to know about them."""

GIRLS = ("Mina Tess Ruth Ada Nell Ivy Cora Lena Pia Dora Greta Hana Mila Rosa Vera Zoe Anna "
         "Lucy").split()
BOYS = ("Tom Ben Finn Otto Hugo Leo Max Ned Oscar Paul Rolf Sam Theo Walt Emil Jonas Karl "
        "Milo").split()

TRAITS = ("little small young clever kind shy brave curious cheerful quiet friendly lively gentle "
          "proud honest lonely").split()

# Species: what it is good at, what it holds things with, where it lives.
SPECIES = {
    "fox": ("run", "paw", "in a den under the hill"),
    "hare": ("run", "paw", "in the long grass"),
    "deer": ("run", "hoof", "deep in the forest"),
    "rabbit": ("dig", "paw", "in a burrow under the hedge"),
    "mole": ("dig", "paw", "in a tunnel under the meadow"),
    "badger": ("dig", "paw", "in a warm burrow"),
    "bear": ("push", "paw", "in a cave on the hill"),
    "goat": ("push", "hoof", "in a barn behind the mill"),
    "donkey": ("push", "hoof", "in a stable near the mill"),
    "mouse": ("squeeze", "paw", "in a hole behind the kitchen wall"),
    "hedgehog": ("squeeze", "paw", "under a pile of leaves"),
    "owl": ("fly", "wing", "in a hollow tree"),
    "crow": ("fly", "wing", "at the top of a tall pine"),
    "sparrow": ("fly", "wing", "under the roof of the barn"),
    "duck": ("swim", "wing", "among the reeds"),
    "goose": ("swim", "wing", "beside the pond"),
    "otter": ("swim", "paw", "on the bank of the river"),
    "beaver": ("swim", "paw", "in a house of sticks on the river"),
    "frog": ("swim", "hand", "under a green leaf by the pond"),
    "turtle": ("swim", "foot", "at the edge of the lake"),
    "squirrel": ("climb", "paw", "in a hollow oak"),
    "cat": ("climb", "paw", "in a house near the market"),
}

HOME = "in a [small|little|{colour}|{adjective}] {house} {where}"

# Grown-ups of the family, as (word, pronoun set).
FAMILY = (("mother", "she"), ("father", "he"), ("grandmother", "she"), ("grandfather", "he"),
          ("aunt", "she"), ("uncle", "he"))

# Working people, with their place of work and what they may ask for in a trade.
TRADES = {
    "baker": ("at the bakery", "a sack of flour"),
    "miller": ("at the mill", "a new rope"),
    "tailor": ("in the little shop", "a ball of wool"),
    "farmer": ("on the farm", "a strong basket"),
    "fisherman": ("at the harbour", "a mended net"),
    "carpenter": ("in the workshop", "a box of nails"),
    "beekeeper": ("behind the orchard", "a clay pot"),
    "shepherd": ("on the hill", "a warm blanket"),
    "potter": ("by the kiln", "a bucket of clay"),
    "gardener": ("in the garden", "a bag of seeds"),
}

# Subject, object, possessive and reflexive form.
PRONOUNS = {
    "she": ("she", "her", "her", "herself"),
    "he": ("he", "him", "his", "himself"),
}

LIMBS = {"paw": "paws", "hoof": "hooves", "wing": "wings", "hand": "hands", "foot": "feet"}

# Objects: tags, and the adjectives that may go with them besides a colour.
THINGS = {
    "kite": ("light toy", "paper striped"),
    "balloon": ("light", "round shiny"),
    "hat": ("light float wear", "straw woollen"),
    "scarf": ("light wear soft", "silk long striped"),
    "ribbon": ("light wear", "silk long"),
    "flag": ("light", "paper striped"),
    "umbrella": ("light", "striped big"),
    "boat": ("float toy", "wooden paper"),
    "ball": ("float toy", "rubber round"),
    "basket": ("float", "round woven"),
    "bucket": ("float", "tin wooden"),
    "coin": ("tiny", "silver golden copper old"),
    "key": ("tiny", "iron rusty brass"),
    "ring": ("tiny wear", "silver golden"),
    "bell": ("tiny music", "brass silver"),
    "button": ("tiny", "wooden shiny"),
    "marble": ("tiny toy", "glass shiny"),
    "whistle": ("tiny music", "tin wooden"),
    "drum": ("toy music", "tin round"),
    "flute": ("music", "wooden silver"),
    "doll": ("toy soft", "rag wooden"),
    "blanket": ("soft", "woollen warm"),
    "pillow": ("soft", "warm little"),
    "cart": ("heavy", "wooden old"),
    "wagon": ("heavy toy", "wooden old"),
    "sled": ("heavy toy", "wooden old"),
    "vase": ("fragile", "glass clay"),
    "plate": ("fragile", "clay round"),
    "jug": ("fragile", "clay tall"),
    "clock": ("fragile", "old wooden"),
    "mirror": ("fragile", "round old"),
    "lamp": ("fragile", "brass glass"),
}

COLOURS = "red blue green yellow white".split()

# Foods: as bought or baked, a share of it, and whether the word is plural.
FOODS = {
    "bread": ("a loaf of bread", "a piece of bread", False),
    "cheese": ("a lump of cheese", "a bit of cheese", False),
    "honey": ("a jar of honey", "a spoonful of honey", False),
    "cake": ("a honey cake", "a slice of cake", False),
    "pie": ("a plum pie", "a slice of pie", False),
    "soup": ("a pot of soup", "a bowl of soup", False),
    "milk": ("a jug of milk", "a cup of milk", False),
    "nuts": ("a bag of nuts", "a handful of nuts", True),
    "berries": ("a basket of berries", "a handful of berries", True),
    "apples": ("a sack of apples", "two sweet apples", True),
    "pears": ("a basket of pears", "a ripe pear", True),
    "biscuits": ("a tin of biscuits", "three biscuits", True),
    "carrots": ("a bunch of carrots", "one long carrot", True),
}

# Places: preposition, hiding spots there, and something to see or hear.
PLACES = {
    "forest": ("in", ("under a fern", "behind an old oak", "in a hollow log",
                      "beside a mossy stone", "under a pile of leaves"),
               "Tall trees stood all around[| and the moss was soft]."),
    "garden": ("in", ("under the rose bush", "behind the shed", "between the cabbages",
                      "beside the gate", "under the bench"),
               "Bees were humming over the [flowers|roses|beans]."),
    "meadow": ("in", ("in the tall grass", "under a daisy", "beside the fence",
                      "behind a haystack", "next to a molehill"),
               "The grass was full of [daisies|crickets|butterflies]."),
    "river": ("by", ("among the reeds", "under the bridge", "between two flat stones",
                     "behind a willow", "in the wet sand"),
              "The water [ran fast|was clear and cold|sparkled] over the stones."),
    "market": ("at", ("under a table of apples", "behind a barrel", "in a box of straw",
                      "next to the fountain", "under a wagon"),
               "People were selling [fish and cheese|bread and flowers|pots and wool]."),
    "barn": ("in", ("in the hay", "behind the ladder", "under a sack of corn",
                    "beside the old plough", "on top of a beam"),
             "It smelled of [hay|corn|dust and hay]."),
    "beach": ("on", ("under a big shell", "behind a rock", "beside an old boat",
                     "in a pool of water", "under some seaweed"),
              "The waves [rolled|rushed|whispered] over the sand."),
    "orchard": ("in", ("under a pear tree", "in a pile of apples", "behind the ladder",
                       "beside a stone wall", "in an old nest"),
                "The branches were heavy with [apples|plums|pears]."),
    "hill": ("on", ("behind a big rock", "under a thorn bush", "beside the path",
                    "in a rabbit hole", "next to a stone wall"),
             "From there one could see [the whole village|the sea|the river far below]."),
    "harbour": ("at", ("in a coil of rope", "behind a barrel", "under a fishing net",
                       "beside an anchor", "in an empty boat"),
                "The [boats|ships] rocked on the water and the gulls [cried|screamed]."),
    "mill": ("at", ("behind a sack of flour", "under the stairs", "beside the big wheel",
                    "next to the door", "in an empty sack"),
             "The big wheel turned [slowly|round and round]."),
    "attic": ("in", ("behind a trunk", "under an old coat", "in a cracked pot",
                     "beside the chimney", "between two boxes"),
              "It was [dusty|dark|quiet] up there."),
}
OUTDOORS = tuple(name for name in PLACES if name not in ("attic", "barn", "mill"))

# Weather: adjective for "one ... morning", and sentences that show it.
WEATHER = {
    "sunny": "[The sun was shining|The sky was blue|The sun was bright] and [the birds were "
             "singing|everything looked new|there was not a cloud to be seen].",
    "windy": "The wind [blew|pulled|pushed] [at the trees|at the doors|from the north] and [leaves "
             "flew through the air|the clouds moved fast].",
    "rainy": "[Rain tapped on the roofs|It had rained all night|Grey clouds hung low] and [the "
             "paths were muddy|there were puddles everywhere].",
    "foggy": "[A white fog|Thick fog] lay over the land and [nobody could see far|all the sounds "
             "were soft].",
    "snowy": "[Snow covered the roofs|Fresh snow lay on the ground] and [the air was cold|every "
             "branch was white].",
    "warm": "[The air was soft|It smelled of summer] and [bees hummed in the flowers|the cat next "
            "door slept in the sun].",
    "cold": "[There was ice on the puddles|The frost had painted the windows] and [smoke rose from "
            "every chimney|everyone wore a thick coat].",
}

# How things get out of reach: tag of the thing, what happens, what the hero
# tries in vain, the ability that helps, and how the helper uses it.
TROUBLES = {
    "tree": ("light",
             "[a gust of wind|a sudden wind|the wind] [took|snatched|caught] the {obj} and "
             "[carried|blew|threw] it to the top of a [tall|high|huge] [oak|pine|birch|tree]",
             "[jumped as high as {a.he} could|threw little stones at it|shook the trunk]",
             "the {obj} was [too high|far too high|much too high]",
             {"climb": "[climbed|ran] [quickly |lightly |]up the trunk, went from branch to branch "
                       "and [threw|dropped] the {obj} down",
              "fly": "[flew|rose] up to the [top|highest branch], took the {obj} and "
                     "[brought|carried] it down"}),
    "water": ("float",
              "the {obj} [slipped|rolled|fell] into the [river|lake|pond] and [floated|drifted] "
              "away [from the bank|to the middle]",
              "[reached for it with a stick|called to it as if it could hear|stepped into the cold "
              "water]",
              "the water was [too deep|far too deep|too cold and too deep]",
              {"swim": "[dived|jumped] into the water, swam to the {obj} and [pushed|pulled] it "
                       "back to the bank",
               "fly": "flew [low |]over the water, took hold of the {obj} and [carried|pulled] it "
                      "back to the bank"}),
    "hole": ("tiny",
             "the {obj} [slipped from {a.his} {a.hand}|fell from {a.his} {a.hand}|rolled away] and "
             "[dropped|disappeared|fell] into a [deep|dark|narrow] hole in the ground",
             "[put {a.his} {a.hand} into the hole|poked in the hole with a stick|lay down and "
             "looked into the hole]",
             "the hole was [too deep|too narrow|much too deep]",
             {"dig": "dug [and dug|fast|with both {b.hands}] until the earth flew, and [came out "
                     "with|pulled out|found] the {obj}",
              "squeeze": "[squeezed|slipped] into the hole and [came back with|pulled out|brought "
                         "up] the {obj}"}),
    "mud": ("heavy",
            "the {obj} [got stuck|sank] in the [deep |thick |]mud [beside the path|in the middle "
            "of the road|at the foot of the hill]",
            "[pulled until {a.his} {a.hands} hurt|pushed with all {a.his} strength|put sticks "
            "under the {obj}]",
            "the {obj} was [too heavy|stuck too fast|much too heavy]",
            {"push": "[leaned against|stood behind] the {obj} and pushed, [once, twice, three "
                     "times|harder and harder], until it rolled free",
             "dig": "dug the mud away [from under the {obj}|on both sides] until it [rolled|came] "
                    "free"}),
}

SKILLS = {
    # skill: (how it fails, how it is taught, what success looks like)
    "swim": ("[swallowed water|sank like a stone|splashed and coughed]",
             "kick slowly and breathe slowly", "swam all the way across the pond"),
    "whistle": ("[only blew air|made no sound at all|only made a wet noise]",
                "make your mouth small and blow softly", "whistled a whole song"),
    "skate": ("[slid and fell|landed in the snow|fell flat on the ice]",
              "bend your knees and look ahead", "skated round the whole pond"),
    "dance": ("[turned the wrong way|stepped on a tail|fell over a chair]",
              "listen to the drum and count to four", "danced until the music stopped"),
    "bake bread": ("[burned the loaf|forgot the salt|made a loaf as hard as stone]",
                   "let the dough sleep and do not hurry", "baked a loaf that smelled wonderful"),
    "read": ("[mixed up the letters|lost the line|guessed every word]",
             "look at one letter after the other", "read a whole page aloud"),
    "juggle": ("[dropped every apple|hit a lamp|lost two apples]",
               "look up and not at your feet", "juggled four apples at once"),
    "sail": ("[sailed in a circle|got stuck in the reeds|forgot the rope]",
             "feel the wind on your cheek first", "sailed to the island and back"),
    "play the flute": ("[made the dogs howl|only made it squeak|lost the tune]",
                       "breathe as if you were asleep", "played a tune that made everyone smile"),
}

# Strange noises at night: sound, what was feared, what it really was, how it is ended.
NOISES = (
    ("a scratching sound", "a monster", "a [hungry|cold] kitten at the door",
     "gave it [a dish of milk|a warm bed in a box]"),
    ("a tapping sound", "a ghost", "a branch that the wind knocked against the window",
     "tied the branch back with a [string|ribbon]"),
    ("a low moan", "a wolf", "the wind in the [chimney|empty jug]",
     "closed it with an old [cloth|rag]"),
    ("a loud rattle", "a robber", "a loose shutter [|at the back of the house]",
     "fixed it with one [nail|bit of rope]"),
    ("a soft thump, again and again", "a giant", "apples that fell [on the roof|from the tree]",
     "picked them up and [put them in a basket|baked them for breakfast]"),
    ("a thin squeak", "a ghost", "a bat that could not find the window",
     "opened the window wide and let it out"),
    ("a splash and a gurgle", "a sea monster", "a [fat |big |]frog in the rain barrel",
     "carried it [back to the pond|out into the grass]"),
    ("a deep snore", "a giant", "a lost [calf|puppy] asleep in the straw",
     "took it home in the morning"),
)

SEEDS = {
    "sunflower": ("as tall as the house", "[picked|shared] the seeds with the birds"),
    "pumpkin": ("as big as a wheel", "made [soup|a lantern] from it"),
    "bean": ("as high as the roof", "cooked a pot of beans"),
    "rose": ("redder than the evening sky", "put one flower on the table"),
    "apple tree": ("full of white flowers", "waited for the first apples"),
    "strawberry": ("sweet and red", "ate the berries with cream"),
}
