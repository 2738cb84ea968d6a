import { expect, test } from "vitest";
import { discussionMarkdown, type WrittenDiscussion } from "../../../src/domain/discussion/markdown.ts";

const at = new Date("2026-01-05T09:00:00Z");
const said = (id: string, model: string | null, content: string, rest: object = {}) => ({
  id,
  kind: model === null ? "PERSON" : "ANSWER",
  model,
  status: "COMPLETED",
  content,
  isCut: false,
  failureMessage: null,
  timestamp: at,
  ...rest,
});

const DISCUSSION: WrittenDiscussion = {
  question: "Do we build\n# this?",
  type: "DISCUSS",
  status: "ACTIVE",
  models: ["claude", "gpt"],
  createdAt: at,
  consensusFailure: null,
  consensus: {
    agreements: [{ statement: "It is *worth* it.", messages: ["a", "c"] }],
    disagreements: [
      {
        topic: "When",
        positions: {
          claude: { position: "Now.", messages: ["a"] },
          gpt: { position: "Later.", messages: ["c"] },
        },
      },
    ],
    dissent: [{ model: "gpt", statement: "Never.", messages: ["c"] }],
    score: 0.5,
    generatedBy: "claude",
    roundNumber: 1,
  },
  rounds: [
    {
      roundNumber: 1,
      type: "PARALLEL",
      failureMessage: null,
      scores: [{ model: "gpt", score: 1, rankings: 1 }],
      messages: [
        said("a", "claude", "# Yes\n\n    <script>alert(1)</script>"),
        said("b", null, "@gpt and you?"),
        said("c", "gpt", "No.", { kind: "DIRECT" }),
        said("f", "gpt", "Talk to cust", { isCut: true }),
        said("d", "gpt", "I thi", { status: "FAILED", failureMessage: "It broke off." }),
        said("e", "claude", "", { status: "RUNNING", timestamp: null }),
      ],
    },
  ],
};

test("a discussion is written out with every message, and nothing that was said is markup", () => {
  expect(discussionMarkdown(DISCUSSION)).toBe(`# Discussion

> Do we build
> \\# this?

- Models: claude, gpt
- Type: Discuss
- Status: Active
- Started: 2026-01-05T09:00:00.000Z

## Consensus

Score 0.5, by claude, after round 1.

### Agreements

- It is \\*worth\\* it. ([1](#message-1), [3](#message-3))

### Disagreement: When

- **claude**: Now. ([1](#message-1))
- **gpt**: Later. ([3](#message-3))

### Dissent

- **gpt**: Never. ([3](#message-3))

## Round 1: parallel

### Message 1

**claude** · 2026-01-05T09:00:00.000Z

\\# Yes

\\<script>alert(1)\\</script>

### Message 2

**founder** · 2026-01-05T09:00:00.000Z

@gpt and you?

### Message 3

**gpt**, asked by name · 2026-01-05T09:00:00.000Z

No.

### Message 4

**gpt** · 2026-01-05T09:00:00.000Z

Talk to cust

*Cut off at a limit.*

### Message 5

**gpt** · 2026-01-05T09:00:00.000Z

I thi

*Not said to the end: It broke off.*

### Message 6

**claude**

*Not said yet.*

### Scores

- gpt: 1 (of 1 rankings)
`);
});

test("a discussion without a consensus says why", () => {
  const markdown = discussionMarkdown({
    ...DISCUSSION,
    consensus: null,
    consensusFailure: "It does not hold.",
  });
  expect(markdown).toContain("## No consensus\n\nA summary came to nothing: It does not hold.\n");
});
