import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { SqlDriverAdapterFactory, SqlQuery, SqlResultSet } from "@prisma/driver-adapter-utils";

/** A statement as Prisma sends it. */
export type Recorded = Pick<SqlQuery, "sql" | "args">;

/** Has Prisma say what it would send. */
export interface Recorder {
  /**
   * Starts a read and keeps its statement from the database, which answers it with nothing.
   *
   * @param mark a value that stands in the read's conditions and in no other's
   * @returns the statement; null when there was none, or more than one
   */
  record(mark: string, read: () => PromiseLike<unknown>): Promise<Recorded | null>;
}

const NOTHING: SqlResultSet = { columnNames: [], columnTypes: [], rows: [] };

/** What all marks begin with: an id that no clock gives. */
const MARKED = "ffffffff-ffff-4fff-8";

/** A value for `record` that nobody else has. */
export function newMark(): string {
  return `${MARKED}${randomUUID().slice(20)}`;
}

/** Whether a statement was only recorded, and never sent. @param parameters as Prisma's log writes them */
export function isRecorded(parameters: string): boolean {
  return parameters.includes(MARKED);
}

/** A driver adapter that tells a recorder the statements of marked reads, and sends all others on. */
export function withRecorder(factory: SqlDriverAdapterFactory): {
  readonly factory: SqlDriverAdapterFactory;
  readonly recorder: Recorder;
} {
  /** The statements that hold each mark. */
  const recordings = new Map<string, Recorded[]>();
  const recordingOf = (args: readonly unknown[]): Recorded[] | undefined => {
    for (const [mark, statements] of recordings) if (args.includes(mark)) return statements;
    return undefined;
  };
  return {
    factory: {
      provider: factory.provider,
      adapterName: factory.adapterName,
      async connect() {
        const adapter = await factory.connect();
        const queryRaw = adapter.queryRaw.bind(adapter);
        adapter.queryRaw = (query) => {
          const recording = recordings.size > 0 ? recordingOf(query.args) : undefined;
          if (!recording) return queryRaw(query);
          recording.push({ sql: query.sql, args: query.args });
          return Promise.resolve(NOTHING);
        };
        return adapter;
      },
    },
    recorder: {
      async record(mark, read) {
        const statements: Recorded[] = [];
        recordings.set(mark, statements);
        // In a turn of its own: of reads by id that are asked for in the same one Prisma makes one statement.
        await nextTurn();
        try {
          await read();
        } catch {
          // That nothing came is no answer to every read; what it sent has been heard.
        } finally {
          recordings.delete(mark);
        }
        return statements.length === 1 ? (statements[0] ?? null) : null;
      },
    },
  };
}
