import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAuthenticator } from "../../src/auth/authenticator.ts";
import { AuthenticationError, AuthenticationUnavailableError } from "../../src/auth/errors.ts";
import type { AuthConfig } from "../../src/config.ts";
import { DEVELOPER } from "../../src/domain/account/identity.ts";
import type { Clock } from "../../src/domain/clock.ts";
import { SECRET, SECRET_AUTH, token } from "../server/support/tokens.ts";

const users = {
  idOf: async ({ issuer, subject }: { issuer: string; subject: string }) => `${issuer}|${subject}`,
};
const standing = { isSuspended: async () => false };
const keys = () => Promise.reject(new AuthenticationError("No key is known here."));
const authenticator = (auth: AuthConfig, clock: Clock = { now: () => new Date() }) =>
  createAuthenticator({ auth, adminSubjects: ["root"], users, standing, keys, clock });
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe("with a secret", () => {
  it("knows the bearer and when the token ends", async () => {
    const exp = inSeconds(60);
    const viewer = await authenticator(SECRET_AUTH).authenticate(await token({ exp }));
    expect(viewer).toEqual({
      userId: "https://id.test|ada",
      isAdmin: false,
      expiresAt: new Date(exp * 1000),
      key: null,
    });
  });

  it.each([
    Number.MAX_SAFE_INTEGER,
    1e300,
  ])("ends a token of exp %d with the last moment there is", async (exp) => {
    const { expiresAt } = await authenticator(SECRET_AUTH).authenticate(await token({ exp }));
    expect(expiresAt).toEqual(new Date(8.64e15));
  });

  it("makes the subjects of ADMIN_SUBJECTS administrators", async () => {
    const viewer = await authenticator(SECRET_AUTH).authenticate(await token({ sub: "root" }));
    expect(viewer.isAdmin).toBe(true);
  });

  it("tolerates clocks that differ by seconds", async () => {
    await authenticator(SECRET_AUTH).authenticate(await token({ exp: inSeconds(-2) }));
  });

  it.each([
    ["another secret", () => token({}, SECRET.replace("0", "1"))],
    ["another HMAC", () => token({}, SECRET + SECRET, "HS512")],
    ["another issuer", () => token({ iss: "https://other.test" })],
    ["another audience", () => token({ aud: "other" })],
    ["an expired token", () => token({ exp: inSeconds(-60) })],
    ["no exp", () => token({ exp: undefined })],
    ["a token that is not valid yet", () => token({ nbf: inSeconds(60) })],
    ["no sub", () => token({ sub: undefined })],
    ["an empty sub", () => token({ sub: "" })],
    ["a sub of 256 characters", () => token({ sub: "x".repeat(256) })],
    ["a sub with a NUL", () => token({ sub: "a\0b" })],
    ["a sub that cannot be stored", () => token({ sub: "\ud800" })],
    ["a sub that is no string", () => token({ sub: 1 })],
    [
      "no signature",
      async () => `${Buffer.from('{"alg":"none"}').toString("base64url")}.${(await token()).split(".")[1]}.`,
    ],
    ["no JWT", async () => "abc"],
    ["no token", async () => null],
  ])("refuses %s", async (_name, make) => {
    const refused = authenticator(SECRET_AUTH).authenticate(await make());
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
  });
});

describe("with a key server", () => {
  let pair: CryptoKeyPair;
  beforeAll(async () => {
    pair = await keyPair();
  });

  const sign = (key: CryptoKey | Uint8Array, alg: string, kid: string | undefined = "1") =>
    signed(key, { alg, kid });

  const signed = (key: CryptoKey | Uint8Array, header: { alg: string; kid?: string }, exp = "1h") =>
    new SignJWT({ sub: "ada" })
      .setProtectedHeader(header)
      .setIssuer("https://id.test")
      .setAudience("gatehouse")
      .setExpirationTime(exp)
      .sign(key);

  const keyPair = async () => (await generateKeyPair("ES256", { extractable: true })) as CryptoKeyPair;
  const published = async ({ publicKey }: CryptoKeyPair, kid?: string) => ({
    ...(await exportJWK(publicKey)),
    alg: "ES256",
    ...(kid !== undefined && { kid }),
  });

  /** A real key server that publishes `served.keys` with `served.status`, and counts how often it is asked. */
  async function startKeyServer() {
    const served = { keys: [await published(pair, "1")] as object[], status: 200, asked: 0 };
    const server = createServer((_req, res) => {
      served.asked += 1;
      const body = JSON.stringify({ keys: served.keys });
      res.writeHead(served.status, { "Content-Type": "application/json" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);
    const auth = {
      kind: "jwks",
      url,
      maxAgeSeconds: 600,
      issuer: "https://id.test",
      audience: "gatehouse",
    } as const satisfies AuthConfig;
    return { served, auth };
  }

  async function keyServer(status = 200): Promise<AuthConfig> {
    const { served, auth } = await startKeyServer();
    served.status = status;
    return auth;
  }

  it("accepts what its key signed", async () => {
    const viewer = await authenticator(await keyServer()).authenticate(await sign(pair.privateKey, "ES256"));
    expect(viewer.userId).toBe("https://id.test|ada");
  });

  it("refuses a token signed with the public key as an HMAC secret", async () => {
    const published = new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey)));
    const refused = authenticator(await keyServer()).authenticate(await sign(published, "HS256"));
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
  });

  it("refuses an unknown key", async () => {
    const refused = authenticator(await keyServer()).authenticate(await sign(pair.privateKey, "ES256", "2"));
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
  });

  it("does not call a token invalid because the key server fails", async () => {
    const unknown = authenticator(await keyServer(500)).authenticate(await sign(pair.privateKey, "ES256"));
    await expect(unknown).rejects.toBeInstanceOf(AuthenticationUnavailableError);
  });

  it("tries each key of the algorithm where the token names none", async () => {
    const { served, auth } = await startKeyServer();
    const [second, stranger] = [await keyPair(), await keyPair()];
    served.keys = [await published(pair, "1"), await published(second, "2")];
    const { authenticate } = authenticator(auth);
    for (const { privateKey } of [pair, second]) {
      await expect(authenticate(await signed(privateKey, { alg: "ES256" }))).resolves.toMatchObject({
        userId: "https://id.test|ada",
      });
    }
    const expired = authenticate(await signed(second.privateKey, { alg: "ES256" }, "-1h"));
    await expect(expired).rejects.toThrow("Token expired.");
    const forged = authenticate(await signed(stranger.privateKey, { alg: "ES256" }));
    await expect(forged).rejects.toBeInstanceOf(AuthenticationError);
  });

  it.each([
    ["with a kid", "2"],
    ["without", undefined],
  ])("accepts a new key at once, also for many tokens at once, with one fetch more: %s", async (_name, kid) => {
    const { served, auth } = await startKeyServer();
    const now = new Date();
    const { authenticate } = authenticator(auth, { now: () => now });
    await authenticate(await sign(pair.privateKey, "ES256"));
    const rotated = await keyPair();
    served.keys = [await published(rotated, kid)];
    const token = await signed(
      rotated.privateKey,
      kid === undefined ? { alg: "ES256" } : { alg: "ES256", kid },
    );
    await Promise.all(Array.from({ length: 20 }, () => authenticate(token)));
    expect(served.asked).toBe(2);
    const withdrawn = authenticate(await sign(pair.privateKey, "ES256"));
    await expect(withdrawn).rejects.toBeInstanceOf(AuthenticationError);
  });

  it("asks twice in 30 seconds at most, however many tokens no key has signed", async () => {
    const { served, auth } = await startKeyServer();
    let now = new Date();
    const { authenticate } = authenticator(auth, { now: () => now });
    const stranger = await keyPair();
    const refuse = async (count: number) => {
      for (let index = 0; index < count; index++) {
        const refused = authenticate(await sign(stranger.privateKey, "ES256", `unknown-${index}`));
        await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
      }
    };
    await refuse(10);
    expect(served.asked).toBe(3);
    now = new Date(now.getTime() + 30_000);
    await refuse(10);
    expect(served.asked).toBe(5);
    await authenticate(await sign(pair.privateKey, "ES256"));
  });

  it.each([
    ["has passed", 60],
    ["has passed, by a clock that was set back", -60],
  ])("refuses a withdrawn key once the age of the keys %s", async (_name, seconds) => {
    const { served, auth } = await startKeyServer();
    const start = Date.now();
    let now = new Date(start);
    const { authenticate } = authenticator({ ...auth, maxAgeSeconds: 60 }, { now: () => now });
    const token = await sign(pair.privateKey, "ES256");
    await authenticate(token);
    served.keys = [await published(await keyPair(), "2")];
    now = new Date(start + Math.sign(seconds) * 59_000);
    await authenticate(token);
    expect(served.asked).toBe(1);
    now = new Date(start + seconds * 1_000);
    await expect(authenticate(token)).rejects.toBeInstanceOf(AuthenticationError);
  });
});

it("is the developer, an administrator, where no authentication is configured", async () => {
  expect(await authenticator({ kind: "development" }).authenticate(null)).toEqual({
    userId: `${DEVELOPER.issuer}|${DEVELOPER.subject}`,
    isAdmin: true,
    expiresAt: null,
    key: null,
  });
});
