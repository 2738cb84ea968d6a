import { CloseCode, MessageType, parseMessage } from "graphql-ws";

/** What is to happen with a message: it is handed on, passed over, or costs the client its socket. */
type Verdict =
  | { readonly kind: "pass"; readonly text: string }
  | { readonly kind: "ignore" }
  | { readonly kind: "close"; readonly code: number; readonly reason: string };

const FROM_CLIENTS: ReadonlySet<string> = new Set([
  MessageType.ConnectionInit,
  MessageType.Ping,
  MessageType.Pong,
  MessageType.Subscribe,
  MessageType.Complete,
]);
const INVALID: Verdict = { kind: "close", code: CloseCode.BadRequest, reason: "Invalid message received" };
const IGNORE: Verdict = { kind: "ignore" };
/** A close frame holds 123 bytes, and a client's id may be longer. */
const SHOWN_ID_CHARACTERS = 20;

/**
 * Gives every operation of a socket a number of its own, towards graphql-ws. The protocol lets a client use an id again
 * as soon as it has completed the operation, also while that one is still running. graphql-ws keeps its books by the
 * client's id: it would answer the new operation with what comes of the old one, and then forget it.
 */
export class OperationIds {
  readonly #numberOf = new Map<string, string>();
  readonly #idOf = new Map<string, string>();
  #count = 0;

  /** A text message of the client, as graphql-ws is to see it. */
  fromClient(text: string): Verdict {
    let message: ReturnType<typeof parseMessage>;
    try {
      message = parseMessage(text);
    } catch {
      return INVALID;
    }
    if (!FROM_CLIENTS.has(message.type)) return INVALID;
    if (message.type === MessageType.Subscribe) {
      if (this.#numberOf.has(message.id)) return alreadyExists(message.id);
      return renumbered(message, this.#open(message.id), text);
    }
    if (message.type === MessageType.Complete) {
      const number = this.#numberOf.get(message.id);
      if (number === undefined) return IGNORE;
      this.#close(message.id, number);
      return renumbered(message, number, text);
    }
    return { kind: "pass", text };
  }

  /** A message of graphql-ws, as the client is to see it; null when it concerns an operation that the client has completed. */
  toClient(text: string): string | null {
    // graphql-ws writes the id and the type first. The rest can be large, and is not read again.
    const [head, number, type] = /^\{"id":"(\d+)","type":"(\w+)"/.exec(text) ?? [];
    if (head === undefined || number === undefined) return text;
    const id = this.#idOf.get(number);
    if (id === undefined) return null;
    if (type === MessageType.Complete || type === MessageType.Error) this.#close(id, number);
    return `{"id":${JSON.stringify(id)},"type":"${type}"${text.slice(head.length)}`;
  }

  #open(id: string): string {
    this.#count += 1;
    const number = String(this.#count);
    this.#numberOf.set(id, number);
    this.#idOf.set(number, id);
    return number;
  }

  #close(id: string, number: string): void {
    this.#numberOf.delete(id);
    this.#idOf.delete(number);
  }
}

function renumbered(message: object, id: string, sent: string): Verdict {
  const text = JSON.stringify({ ...message, id }, MAY_OVERFLOW.test(sent) ? keepInfinite : undefined);
  return { kind: "pass", text };
}

/** A number in it may be too large for a double, as 1e999 is. */
const MAY_OVERFLOW = /[eE]\+?\d{3}|\d{200}/;
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON.stringify writes null for what 1e999 was parsed to: the operation would run with another value. */
function keepInfinite(_key: string, value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY) return rawJSON("1e999");
  return value === Number.NEGATIVE_INFINITY ? rawJSON("-1e999") : value;
}

function alreadyExists(id: string): Verdict {
  // By characters: half of a surrogate pair would be longer in the frame than it looks.
  const characters = [...id];
  const shown =
    characters.length > SHOWN_ID_CHARACTERS ? `${characters.slice(0, SHOWN_ID_CHARACTERS).join("")}…` : id;
  return {
    kind: "close",
    code: CloseCode.SubscriberAlreadyExists,
    reason: `Subscriber for ${shown} already exists`,
  };
}
