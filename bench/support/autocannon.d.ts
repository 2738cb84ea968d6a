/** The part of autocannon 8 that the benchmarks use; the package brings no types. */
declare module "autocannon" {
  interface Options {
    readonly url: string;
    readonly method: "POST";
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    /** Every other body counts as a mismatch. */
    readonly expectBody: string;
  }

  interface Result {
    /** Seconds, as measured. */
    readonly duration: number;
    readonly errors: number;
    readonly timeouts: number;
    readonly mismatches: number;
    readonly non2xx: number;
  }

  interface Instance extends Promise<Result> {
    /** The last argument is the response time in milliseconds. */
    on(
      event: "response",
      listener: (client: unknown, status: number, bytes: number, ms: number) => void,
    ): Instance;
  }

  export default function autocannon(options: Options): Instance;
}
