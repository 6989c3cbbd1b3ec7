"""Phrases that every plot may use: openings, feelings, thanks and endings."""

# Beats that open a story about one hero, or about two.
OPEN_ONE = (("<open:a>",), ("<looks:a> <habit:a>", "<habit:a> <looks:a>", "<habit:a>",
                            "<habit:a> <thought:a>"))
OPEN_TWO = (("<open2:a,b>",), ("<looks:a> <habit:b>", "<looks:b> <habit:a>", "<habit:a> <habit:b>",
                               "<habit:b> <looks:a>"))
# A beat of scenery on the way, and one for the end of the day.
SCENE = (("<sight> <sight>", "<sight> <thought:a>", "<thought:a> <sight>",
          "<sight> <sight> <thought:a>", "<sight>"),)
EVENING = (("<meal:a>", "<thought:a>", ""),)
# Small talk of two who are together.
CHAT = (("<chat:a,b>", "<chat:b,a>", "<chat:b,a> <chat:a,b>"),)

RULES = {
    # <open:a>: who the story is about.
    "open": (
        "Once upon a time, there was {x.intro}. {x.He} lived {x.home}.",
        "Once upon a time, {x.intro} lived {x.home}.",
        "Once there was {x.intro} who lived {x.home}.",
        "There was once {x.intro}. {x.name} lived {x.home}.",
        "{x.intro} lived {x.home}.",
        "Long ago, {x.intro} lived {x.home}.",
        "This is the story of {x.intro} who lived {x.home}.",
        "Far away, {x.home}, there lived {x.intro}.",
    ),
    # <open2:a,b>: two friends.
    "open2": (
        "Once upon a time, {x.intro} and {y.intro} were [good|best|old] friends.",
        "Once there was {x.intro}. {x.His} best friend was {y.intro}.",
        "{x.intro} had a [good|dear] friend, {y.intro}.",
        "{x} the {x.kind} and {y} the {y.kind} were [neighbours|friends]. {x} was {x.trait}, and "
        "{y} was {y.trait}.",
        "There were once two friends, {x} the {x.kind} and {y} the {y.kind}.",
        "{x.intro} lived {x.home}, and {y.intro} lived next door.",
        "{x.intro} and {y.intro} played together [every day|after school|all summer long].",
    ),
    # <sad:a>, <happy:a>, <worry:a>: feelings.
    "sad": (
        "{x} was [{very} |]sad.",
        "{x} [wanted to cry|began to cry|felt a lump in {x.his} throat].",
        "{x} sat down and [cried|wept|sighed].",
        "A tear ran down the face of {x}.",
        "{x.ref} felt [sad and alone|very unhappy|quite empty inside].",
    ),
    "happy": (
        "{x} was [{very} |]happy.",
        "{x} [laughed|smiled|jumped for joy|clapped {x.his} {x.hands}].",
        "{x.ref} was so glad that {x.he} [danced all the way home|sang all the way home|laughed "
        "out loud].",
        "{x} [had never been so happy|felt warm inside|could not stop smiling].",
        "How happy {x} was!",
    ),
    "worry": (
        "{x} was [{very} |]worried.",
        '"What [shall|can] I do [now|]?" {x} [asked|thought|whispered].',
        '"Oh no!" [cried|said|whispered] {x}.',
        "{x} did not know what to do.",
        "{x.ref} [bit {x.his} lip|shook {x.his} head|looked around for help].",
    ),
    # <thank:a,b>, <sorry:a,b>, <forgive:a,b>: the first speaks to the second.
    "thank": (
        '"Thank you, {y}," said {x}.[| "You are a true friend."| "I will not forget this."]',
        '"Thank you[| so much]!" [cried|said|called] {x}.',
        "{x} thanked {y} [with all {x.his} heart|again and again|and shook {y.his} {y.hand}].",
        '"How [kind|good] of you, {y}," said {x}.',
        "{x} [hugged|kissed] {y} and said thank you.",
    ),
    "sorry": (
        '"I am [so |very |]sorry, {y}," said {x}[| quietly| in a low voice].',
        '"[Please |]forgive me," {x} [said|begged|whispered]. "[I was wrong|I was foolish|It was '
        'my fault]."',
        '{x} looked at the ground. "It was my fault," {x.he} said.',
        '{x} took the {y.hand} of {y} and said, "I am sorry."',
    ),
    "forgive": (
        '"[It is all right|I am not angry anymore|I forgive you]," said {x}[| with a smile].',
        '{x} [smiled|nodded] and said, "[Let us be friends again|Everyone makes mistakes]."',
        "{x} could not be angry for long. {x.He} [laughed|smiled] and hugged {y}.",
        '"[Thank you for telling me|You were brave to say so]," {x} answered.',
    ),
    # <begin>: the time of the first event; the sentence goes on after it.
    "begin": (
        "One [morning|day|afternoon],",
        "One [fine|quiet|bright|long|cold|warm|grey|busy] [morning|day|afternoon],",
        "On a [{day}|market day][ in {season}|],",
        "Early one [morning|day in spring|day in autumn],",
    ),
    # <moral>: the beginning of a sentence about what changed.
    "moral": (
        "From that day on, ",
        "After that, ",
        "Since that day, ",
        "And ever since, ",
    ),
    # <close:a,obj>: an ending that looks back.
    "close": (
        "That [evening|night], {x} [fell asleep with a smile|slept well|slept deeply and dreamed "
        "of the {y}].",
        "And when {x} is old, {x.he} will still tell the story of the {y}.",
        "{x} never forgot the day of the {y}.",
        "And that is the story of {x} and the {y}.",
        "That was the best day {x} had ever had.",
        "",
        "",
    ),
    # <together:a,b>: both at the end.
    "together": (
        "They went home [together|side by side|arm in arm], [singing a song|telling jokes|tired "
        "but happy|under the first stars].",
        "{x} and {y} [sat down and laughed|laughed until their sides hurt|shared an apple and "
        "watched the sun go down].",
        "{x} and {y} were friends from that day on.",
        "And so {x} and {y} stayed friends [forever|all their lives|for many years].",
        "{then} {x} invited {y} [to supper|for tea|to come again the next day].",
    ),
}
