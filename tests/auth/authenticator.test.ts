import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAuthenticator, DEVELOPER } from "../../src/auth/authenticator.ts";
import { AuthenticationError, AuthenticationUnavailableError } from "../../src/auth/errors.ts";
import type { AuthConfig } from "../../src/config.ts";
import { SECRET, SECRET_AUTH, token } from "../server/support/tokens.ts";

const users = {
  idOf: async ({ issuer, subject }: { issuer: string; subject: string }) => `${issuer}|${subject}`,
};
const clock = { now: () => new Date() };
const standing = { isSuspended: async () => false };
const keys = () => Promise.reject(new AuthenticationError("No key is known here."));
const authenticator = (auth: AuthConfig) =>
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
    pair = (await generateKeyPair("ES256")) as CryptoKeyPair;
  });

  const sign = (key: CryptoKey | Uint8Array, alg: string, kid = "1") =>
    new SignJWT({ sub: "ada" })
      .setProtectedHeader({ alg, kid })
      .setIssuer("https://id.test")
      .setAudience("gatehouse")
      .setExpirationTime("1h")
      .sign(key);

  /** A real key server that answers with this status. */
  async function keyServer(status = 200): Promise<AuthConfig> {
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: "1", alg: "ES256" }];
    const server = createServer((_req, res) => {
      res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);
    return { kind: "jwks", url, issuer: "https://id.test", audience: "gatehouse" };
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
});

it("is the developer, an administrator, where no authentication is configured", async () => {
  expect(await authenticator({ kind: "development" }).authenticate(null)).toEqual({
    userId: `${DEVELOPER.issuer}|${DEVELOPER.subject}`,
    isAdmin: true,
    expiresAt: null,
    key: null,
  });
});
