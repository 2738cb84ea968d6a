import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { explain } from "./explain.ts";
import { stopSignal } from "./stop-signal.ts";
import { UsageError } from "./usage-error.ts";

const FAILED = 1;
const USED_WRONGLY = 2;

const DATABASE = `
The database is DATABASE_URL's, a PostgreSQL server, or the embedded one in PIPELINE_DB_PATH
(state/pipeline_state.db unless set), which one process at a time can open.`;

/**
 * Runs one command line to its end, which for a server is its stop, and sets the process's exit code: 0 done, 1 failed,
 * 2 used wrongly.
 * @param args what follows the program's name
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreBrokenPipe);
  const program = createProgram();
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      process.exitCode = error instanceof UsageError ? USED_WRONGLY : FAILED;
      console.error(explain(error));
      return;
    }
    // Help that was asked for is an answer; help because nothing was asked is not.
    if (error.exitCode === 0) return;
    process.exitCode = USED_WRONGLY;
    if (error.code === "commander.help") return;
    console.error(`${usageProblem(error)} See: npx gatehouse ${commandOf(program, args)}--help`);
  }
}

/** Every command with its arguments and options. What a command does is loaded only when it is the one. */
function createProgram(): Command {
  const program = new Command("gatehouse")
    .description("Gatehouse: the system of record for products that are built with AI.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show what there is, and end")
    .helpCommand("help [command]", "the same as: gatehouse [command] --help")
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({ outputError: () => {} })
    .addHelpText("after", `${exitCodes("")}\n\nEach command tells more: gatehouse watch --help`)
    .exitOverride();

  program
    .command("serve")
    .summary("run the API, and jobs; the same as npm start")
    .description(
      "Runs the GraphQL API and the jobs in one process until SIGTERM or Ctrl-C, on which it finishes what it is at. Makes the database or brings it up to date first. Everything else is set by environment variables: see the README.",
    )
    .option("--host <address>", "address to listen on; replaces HOST (127.0.0.1)")
    .option("--port <number>", "port to listen on, 0 for a free one; replaces PORT (4000)", port)
    .option("--no-jobs", "leave all jobs to workers; needs DATABASE_URL")
    .addHelpText("after", DATABASE)
    .action(async (options) => {
      // Before anything is loaded: a process manager may change its mind at any time.
      const stop = stopSignal();
      await (await import("./serve.ts")).serve(options, stop);
    });

  program
    .command("worker")
    .summary("run jobs only, beside servers; needs DATABASE_URL")
    .description(
      "Runs jobs, and no API, until SIGTERM or Ctrl-C, on which it finishes the jobs that it is at. Needs DATABASE_URL: as many as you like may run on one PostgreSQL database, beside any number of servers. A job of one that dies goes to another.",
    )
    .action(async () => {
      const stop = stopSignal();
      await (await import("./worker.ts")).work(stop);
    });

  program
    .command("init-db")
    .summary("make the database, or bring it up to date, and say what it is")
    .description(
      "Makes the database or brings it up to date, and prints where it is, its schema version, and whether it was made now, brought up to date, or up to date already. Running it again, also twice at once, is safe.",
    )
    .addOption(json())
    .addHelpText("after", DATABASE)
    .action(async (options) => (await import("./init-db.ts")).initDb(options));

  program
    .command("migrate")
    .summary("apply the pending migrations (a start does it too)")
    .description("Applies the pending migrations, all or none, and prints their names.")
    .addOption(json())
    .addHelpText("after", DATABASE)
    .action(async (options) => (await import("./migrate.ts")).migrateDatabase(options));

  program
    .command("db-inspect")
    .summary("count runs, workstreams and events")
    .description(
      "Prints the runs and workstreams by status, the events by type, and the database's size. Changes nothing.",
    )
    .addOption(json())
    .addHelpText("after", DATABASE)
    .action(async (options) => (await import("./db-inspect.ts")).inspectDatabase(options));

  program
    .command("adopt")
    .summary("give the projects of the local user to somebody")
    .description(
      "Gives all projects that were made without authentication to a user. Once authentication is on, nobody can find them otherwise. Needs the server's AUTH_… variables. The user need not have signed in yet, and gets the local user's plan where that is the higher one. Each project's log tells it. A second time it finds nothing.",
    )
    .requiredOption("--to <subject>", "the `sub` of the new owner's tokens")
    .addOption(json())
    .addHelpText("after", DATABASE)
    .action(async (options) => (await import("./adopt.ts")).adopt(options));

  program
    .command("watch")
    .summary("follow a run or a project live, from a running server")
    .description(
      "Follows a run (run_…) or a project (project_…) on a running server. On a terminal a run has a progress bar per workstream; elsewhere each event is a line. A lost connection is made again, and goes on after the last event that was seen.",
    )
    .argument("<id>", "run_… or project_…")
    .addOption(serverUrl())
    .addOption(serverToken())
    .addOption(
      new Option(
        "--after <cursor>",
        "begin after the event with that cursor, not with the ten newest",
      ).conflicts("fromStart"),
    )
    .option("--from-start", "begin with the first event")
    .addOption(new Option("--json", "print each event as one line of JSON"))
    .action(async (id, options) => (await import("./watch/watch.ts")).watch(id, options));

  program
    .command("demo")
    .summary("have simulated agents work on a run of a running server")
    .description(
      "Simulated agents work on a run through the public API as real ones would: they claim, send heartbeats, do steps and tell what went wrong. One of them fails in the same way until the server stops it and asks you. Answer here, in GraphiQL or with curl, and see it finish. Ctrl-C stops the agents; --run goes on with their run.",
    )
    .addOption(serverUrl())
    .addOption(serverToken())
    .addOption(
      new Option("--project <id>", "project_… to work in; one of its own unless given").conflicts("run"),
    )
    .option("--run <id>", "go on with run_… of an earlier demo")
    .addOption(
      new Option("--agents <number>", "how many agents work at once, 1 to 20")
        .default(2)
        .argParser(within(1, 20, "whole")),
    )
    .addOption(
      new Option("--pace <seconds>", "how long a step takes on average, 0 to 60")
        .default(1.5)
        .argParser(within(0, 60)),
    )
    .addOption(
      new Option("--seed <number>", "the same seed, the same pauses and messages")
        .default(1)
        .argParser(within(0, 2 ** 32 - 1, "whole")),
    )
    .action(async (options) => (await import("./demo/demo.ts")).demo(options));

  program
    .command("verify")
    .summary("check that no event of the log was changed")
    .description(
      "Walks the hash chain of every project's log, or of one, and names the first event that does not fit.",
    )
    .argument("[project]", "project_…; all projects unless given")
    .addOption(json())
    .addHelpText("after", DATABASE)
    .action(async (project, options) => (await import("./verify.ts")).verify(project, options));

  for (const command of program.commands) command.addHelpText("after", exitCodes(command.name()));
  return program;
}

/** What a command's end tells a script. */
function exitCodes(command: string): string {
  const [done, failed, more = ""] = OUTCOMES[command] ?? ["done", "failed"];
  return `
Exit codes:
  0    ${done}
  1    ${failed}; stderr says why and what to do
  2    used wrongly: an unknown command, argument or option${more}`;
}

const OUTCOMES: Readonly<Record<string, readonly [done: string, failed: string, more?: string]>> = {
  serve: ["stopped in order", "could not start, or not stop in order"],
  worker: ["stopped in order", "could not start, or not stop in order"],
  verify: ["every log is whole", "a log is not whole, or could not be read"],
  watch: [
    "the run completed",
    "it failed, was abandoned or ended in part; or it could not be watched",
    "\n  130  stopped by Ctrl-C; a project is watched until then",
  ],
  demo: [
    "the run completed",
    "it was abandoned or ended in part; or no server could be asked",
    "\n  130  stopped by Ctrl-C",
  ],
};

const serverUrl = () =>
  new Option(
    "--url <url>",
    "the server's GraphQL endpoint; the server of this directory, else where HOST and PORT say, unless given",
  ).env("GATEHOUSE_URL");

const serverToken = () =>
  new Option("--token <token>", "bearer token, where the server asks for one").env("GATEHOUSE_TOKEN");

const json = () => new Option("--json", "print JSON");

function port(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65535) return Number(value);
  throw new InvalidArgumentError("It is a whole number from 0 to 65535.");
}

/** Reads a number between two others. */
function within(least: number, most: number, kind?: "whole"): (value: string) => number {
  return (value) => {
    const number = Number(value);
    const isKind = kind === undefined || Number.isInteger(number);
    if (value.trim() !== "" && isKind && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It is a ${kind ? `${kind} ` : ""}number from ${least} to ${most}.`);
  };
}

function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Commander's message as one sentence that begins with a capital letter. */
function usageProblem({ message }: CommanderError): string {
  const text = message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? "" : "."}`;
}

function commandOf(program: Command, args: readonly string[]): string {
  const name = args.find((arg) => program.commands.some((command) => command.name() === arg));
  return name === undefined ? "" : `${name} `;
}

/** `gatehouse … | head` closes the pipe when it has enough: nobody is left to tell, and nothing is wrong. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
