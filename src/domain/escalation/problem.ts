import { MAX_SAMPLE, normalizeMessage } from "../run/signature.ts";
import { truncate } from "../text.ts";

/** One failure as it is remembered: what was tried, by whom, and what came of it in one line. */
export interface Failure {
  readonly step: string;
  readonly agent: string;
  readonly headline: string;
}

export interface Problem {
  readonly workstream: string;
  readonly step: string;
  readonly errorCode: string;
  /** The failures since the last answer, the newest last. */
  readonly failures: readonly Failure[];
  /** What was decided when this was asked before; null the first time. */
  readonly previousDecision: string | null;
}

/** The question in words for people. */
export interface Question {
  readonly problem: string;
  readonly attempts: readonly string[];
  readonly recommendedAction: string;
}

interface Kind {
  readonly pattern: RegExp;
  readonly says: string;
  readonly recommended: string;
}

const MAX_HEADLINE = 300;

/** What the usual failures mean; the first that fits. The patterns are held against the error code and the headline. */
const KINDS: readonly Kind[] = [
  {
    pattern: /time[d_-]?\s?-?out|deadline exceeded/i,
    says: "Something took too long to answer.",
    recommended: "See whether what it waits for is running, then try again; or leave this part out.",
  },
  {
    pattern: /rate.?limit|too many requests|quota|(?<!\d)429(?!\d)/i,
    says: "A service refuses because it was asked too often, or because a quota is used up.",
    recommended: "Wait until the service accepts requests again, or raise the quota; then try again.",
  },
  {
    pattern:
      /E?ACCES\b|EPERM|permission denied|unauthori[sz]ed|forbidden|api.?key|credential|access denied|(?<!\d)40[13](?!\d)/i,
    says: "It is not allowed to use something that it needs.",
    recommended: "Give the agent the access that it needs, then try again.",
  },
  {
    pattern:
      /ECONN|ENOTFOUND|EAI_AGAIN|network|connection (refused|reset|closed)|unreachable|socket hang up/i,
    says: "Something that it needs cannot be reached over the network.",
    recommended: "See whether the service is up and reachable from where the agent runs, then try again.",
  },
  {
    pattern: /ENOMEM|out of memory|heap|ENOSPC|no space left|disk full/i,
    says: "The machine has no memory or no disk space left.",
    recommended: "Give the agent a larger machine or free some space, then try again.",
  },
  {
    pattern: /syntax|\bTS\d+|type.?error|type.?check|compil|cannot find name|is not assignable/i,
    says: "The code that was written does not pass the compiler.",
    recommended: "Tell the agent in a few words what the code should do instead, as guidance.",
  },
  {
    pattern: /assert|expected .* (to|but)|tests? (failed|did not pass)|test.?fail/i,
    says: "A test does not pass.",
    recommended: "Say which behaviour is right, the test's or the code's, as guidance.",
  },
  {
    pattern: /ENOENT|no such|not found|cannot find|could not (find|resolve)|missing|does not exist/i,
    says: "Something that it needs is not there.",
    recommended: "Add what is missing, or tell the agent where to find it, as guidance.",
  },
];

const UNKNOWN: Omit<Kind, "pattern"> = {
  says: "The agent does not get past it by itself.",
  recommended: "Give the agent guidance if you know the cause; otherwise leave this part out.",
};

/** What stands in a normalised message for what differs, as words. */
const WORDS: Readonly<Record<string, string>> = {
  "<url>": "an address",
  "<id>": "an id",
  "<time>": "a time",
  "<path>": "a file",
  "<text>": "“…”",
  "<n>": "a number",
};

/** Where a stack trace begins: "at f (file)", "File "…", line 3", "Traceback", "goroutine 1", "Caused by". */
const TRACE = /^\s*(at\s+\S|File\s+["“]|Traceback\b|goroutine\s+\d|\.{3}\s*\d+ more|#\d+\s+0x)/;
const TRACE_WITHIN = /\s+at\s+(?:[\w$.<>[\] ]+\s+\((?:<path>|<url>|node:|file:)|(?:<path>|<url>):<n>).*$/;

/**
 * What an error's message says, in one line: its first line, or the last one below a Python traceback, without
 * the stack and without what differs from one time to the next.
 */
export function headlineOf(message: string): string {
  const lines = message.split(/\r?\n/).filter((line) => line.trim() !== "");
  const isTraceback = /^\s*Traceback\b/.test(lines[0] ?? "");
  const said = lines.filter((line) => !TRACE.test(line) && !(isTraceback && /^\s/.test(line)));
  const line = (isTraceback ? said.at(-1) : said[0]) ?? "";
  const words = normalizeMessage(truncate(line, MAX_SAMPLE))
    .replace(TRACE_WITHIN, "")
    .replace(/<(?:url|id|time|path|text|n)>/g, (placeholder) => WORDS[placeholder] ?? placeholder)
    .trim();
  return truncate(words, MAX_HEADLINE) || "it gave no message";
}

/**
 * A failure that came again and again, for somebody who does not read stack traces: what is wrong, what was tried
 * and what could be done about it.
 */
export function describeProblem({
  workstream,
  step,
  errorCode,
  failures,
  previousDecision,
}: Problem): Question {
  const headline = failures.at(-1)?.headline ?? "it gave no message";
  const { says, recommended } =
    KINDS.find(({ pattern }) => pattern.test(`${errorCode} ${headline}`)) ?? UNKNOWN;
  const history =
    previousDecision === null
      ? `failed ${times(failures.length)} in the same way`
      : `failed again in the same way, after the answer “${previousDecision}”`;
  return {
    problem: `The step “${step}” of “${workstream}” ${history}. ${says} The error is: ${sentence(headline)}`,
    attempts: failures.map(
      (failure, index) =>
        `${previousDecision === null ? `Attempt ${index + 1}` : "After the last answer"}: ${failure.agent} did the step “${failure.step}”, and it failed: ${sentence(failure.headline)}`,
    ),
    recommendedAction: recommended,
  };
}

function times(count: number): string {
  if (count === 1) return "once";
  return count === 2 ? "twice" : `${count} times`;
}

function sentence(text: string): string {
  return /[.!?…”]$/.test(text) ? text : `${text}.`;
}
