import type { ChatMessage } from "../runner.ts";
import type { Domain } from "./domains/domain.ts";
import { domainOf } from "./domains/domains.ts";
import { type Facts, factsOf } from "./facts/facts.ts";
import type { Material } from "./generic-writer.ts";
import { clip, flow, pickBy, quotedFirst, sentencesOf, tidy } from "./text.ts";
import { fill } from "./voice.ts";

/** Where somebody stands in a discussion. */
interface Viewpoint {
  readonly risk: (domain: Domain) => Domain["risks"]["market"];
  readonly opening: readonly [string, ...string[]];
  readonly advice: readonly [string, ...string[]];
  readonly question: readonly [string, ...string[]];
}

/** The models' viewpoints, by their place in the list of models. */
const VIEWPOINTS: readonly [Viewpoint, Viewpoint, Viewpoint] = [
  {
    risk: ({ risks }) => risks.technical[0],
    opening: [
      "I look at it as the one who has to keep it running.",
      "I would be careful here, and build the smallest thing first.",
    ],
    advice: [
      "We should try the riskiest part with real data this week, before anything depends on it.",
      "We should choose the version that we can take back within a day, even if it looks less complete.",
    ],
    question: [
      "What is the cheapest way to find out that we are wrong?",
      "Which part of it could we not undo?",
    ],
  },
  {
    risk: ({ risks }) => risks.market,
    opening: [
      "I look at it from the side of those who are to use it.",
      "For me the question is who comes back in the second week.",
    ],
    advice: [
      "We should show it to five people tomorrow and watch, instead of discussing it for another week.",
      "We should make the first five minutes excellent and leave the rest plain.",
    ],
    question: ["Who would miss it if it were gone?", "What would make somebody tell a colleague?"],
  },
  {
    risk: ({ risks }) => risks.financial,
    opening: [
      "I look at what it costs and what somebody pays for it.",
      "I would do the sum before we fall in love with it.",
    ],
    advice: [
      "We should put a price on it from the first day: a polite yes tells us nothing.",
      "We should compare it with what the same weeks would bring elsewhere, and write the number down.",
    ],
    question: ["Who pays, how much, and how often?", "What do we not do if we do this?"],
  },
];

const MAX_SAID = 4_000;

/** What a model answers to the last message, from its own viewpoint and knowing what the others said. */
export function answerOf(
  model: string,
  models: readonly string[],
  system: string,
  messages: readonly ChatMessage[],
): string {
  const place = Math.max(0, models.indexOf(model));
  const viewpoint = VIEWPOINTS[place % VIEWPOINTS.length] ?? VIEWPOINTS[0];
  const asked = clip(messages.at(-1)?.content ?? "", MAX_SAID);
  const facts = matterOf(system, messages);
  const seed = `${model}\n${asked}\n${messages.length}`;
  const risk = viewpoint.risk(facts.domain);
  const others = saidBy(models, messages)
    .filter((one) => one.model !== model)
    .map((one, index) =>
      index % 2 === 0
        ? `${one.model} has a point with ${quotedFirst(one.text, 140)}`
        : `I weigh it differently from ${one.model}, who says: ${quotedFirst(one.text, 140)}`,
    );
  return flow(
    pickBy(`opening\n${seed}`, viewpoint.opening),
    asked === "" ? "" : `The question is: ${quotedFirst(asked, 160)}`,
    ...others,
    `What I would not lose sight of: ${fill(risk.what, facts, facts.users)}`,
    fill(risk.mitigation, facts, facts.users),
    pickBy(`advice\n${seed}`, viewpoint.advice),
    pickBy(`question\n${seed}`, viewpoint.question),
  );
}

/** What an object about a conversation can be made of. */
export function materialOf(
  models: readonly string[],
  system: string,
  messages: readonly ChatMessage[],
): Material {
  const said = saidBy(models, messages);
  const sentences = [
    ...said.map(({ text }) => text),
    ...messages.map(({ content }) => clip(content, MAX_SAID)),
  ]
    .map((text) => clip(sentencesOf(text)[0] ?? "", 240))
    .filter((text) => text !== "");
  const facts = matterOf(system, messages);
  const [first, ...others] = facts.domain.features.map(({ name }) => name);
  const keys = [...new Set(said.map(({ model }) => model))];
  const [key, ...otherKeys] = keys.length > 0 ? keys : models;
  return {
    names: [first ?? "The next step", ...others],
    keys: [key ?? "offline", ...otherKeys],
    sentences: [sentences[0] ?? "We have not said anything yet.", ...sentences.slice(1)],
  };
}

/** The last thing that each model said, where a message names who speaks: "gpt: …" or "[gpt] …". */
function saidBy(
  models: readonly string[],
  messages: readonly ChatMessage[],
): { readonly model: string; readonly text: string }[] {
  const last = new Map<string, string>();
  for (const line of messages.flatMap(({ content }) => content.split("\n"))) {
    const [, name, text] =
      /^\W{0,4}([\w.-]{1,50})\W{0,4}(?::|\]|\bsa(?:id|ys):?)\W{0,3}\s+(\S.*)$/u.exec(tidy(line)) ?? [];
    const model = models.find((one) => one.toLowerCase() === name?.toLowerCase());
    if (model !== undefined && text !== undefined) last.set(model, text);
  }
  return [...last].map(([model, text]) => ({ model, text }));
}

/** What the conversation is about. */
function matterOf(system: string, messages: readonly ChatMessage[]): Facts {
  const description = clip(messages.map(({ content }) => content).join("\n"), MAX_SAID);
  const facts = factsOf({ project: { name: "", description, stage: "" }, decisions: [], risks: [] });
  return { ...facts, domain: domainOf("", `${clip(system, MAX_SAID)}\n${description}`) };
}
