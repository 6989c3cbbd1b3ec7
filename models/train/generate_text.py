#!/usr/bin/env python3
"""Writes short stories: the text that the shipped model is trained and measured on.

The same seed and amount give the same text. Stories are one paragraph each and
are separated by an empty line.
"""

import argparse
import sys

from story import generator


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True,
                        help="stop after the story that reaches this size")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()

    written = 0
    count = 0
    stories = generator.Stories(options.seed)
    with open(options.output, "w", encoding="ascii") as output:
        while written < options.bytes:
            text = stories.next() + "\n"
            if count:
                text = "\n" + text
            written += output.write(text)
            count += 1
    print(f"{count} stories, {written} bytes; the choices in them carry "
          f"{stories.nats / written:.4f} nats per byte", file=sys.stderr)


if __name__ == "__main__":
    main()
