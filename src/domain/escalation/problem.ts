import { stripVTControlCharacters } from "node:util";
import { LINE_END, plainLine } from "../plain-line.ts";
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

/** What the usual failures mean; the first that fits. The patterns are held against the error code and what is telling in the headline. */
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

/** Lines of a stack trace: "  at f (file)", "File "…", line 3", "Traceback", "goroutine 1", "... 3 more". */
const TRACE =
  /^(?:\s+at\s+\S|at\s\S.*:\d+\)?$|\s*(?:File\s+["“]|Traceback\b|goroutine\s+\d|\.{3}\s*\d+ more|#\d+\s+0x))/;
/** A stack trace on the line of its message: "at" and a place with a line, and a column where the language has them. */
const TRACE_WITHIN =
  / at (?:[\w$.<>[\] ]+ \((?:[^() ]*[/\\.][^() ]*:\d+:\d+|\w+\.(?:java|kt|scala):\d+|native|<anonymous>|node:)|[^() ]*[/\\.][^() ]*:\d+:\d+).*$/;
const HTTP_STATUS = /\b(?:https?|status)\D{0,12}([45]\d\d)(?!\d)/i;

/**
 * What an error's message says, in one line and in its own words and numbers: its first line, or the last one below a
 * Python traceback, without the stack, colours and control characters.
 */
export function headlineOf(message: string): string {
  const lines = stripVTControlCharacters(message)
    .split(LINE_END)
    .filter((line) => line.trim() !== "");
  const isTraceback = /^\s*Traceback\b/.test(lines[0] ?? "");
  const said = lines.filter((line) => !TRACE.test(line) && !(isTraceback && /^\s/.test(line)));
  const line = plainLine(truncate((isTraceback ? said.at(-1) : said[0]) ?? "", MAX_SAMPLE));
  const words = line.replace(TRACE_WITHIN, "");
  if (words.length <= MAX_HEADLINE) return words || "it gave no message";
  return `${truncate(words, MAX_HEADLINE - 1).trimEnd()}…`;
}

/** What the kinds of failures are told by: what a message calls by name (files, addresses, quotations) tells nothing. */
function tellingPart(errorCode: string, headline: string): string {
  const [, status] = HTTP_STATUS.exec(headline) ?? [];
  return `${errorCode} ${normalizeMessage(headline)}${status === undefined ? "" : ` HTTP ${status}`}`;
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
    KINDS.find(({ pattern }) => pattern.test(tellingPart(errorCode, headline))) ?? UNKNOWN;
  const history =
    previousDecision === null
      ? `failed ${times(failures.length)} in the same way`
      : `failed again in the same way, after the answer “${previousDecision}”`;
  return {
    problem: `The step “${step}” of “${plainLine(workstream) || "a workstream"}” ${history}. ${says} The error is: ${sentence(headline)}`,
    attempts: failures.map(
      (failure, index) =>
        `${previousDecision === null ? `Attempt ${index + 1}` : "After the last answer"}: ${plainLine(failure.agent) || "An agent"} did the step “${failure.step}”, and it failed: ${sentence(failure.headline)}`,
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
