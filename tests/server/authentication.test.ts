import { expect, it } from "vitest";
import { post, send } from "./support/http.ts";
import { startServer } from "./support/start-server.ts";
import { SECRET_AUTH, token } from "./support/tokens.ts";

it("answers a valid token", async () => {
  const { url } = await startServer({ auth: SECRET_AUTH });
  const reply = await post(url, { query: "{ whoAmI }" }, { authorization: `bearer ${await token()}` });
  expect(reply.json).toEqual({ data: { whoAmI: "user:ada" } });
});

it.each([
  ["no token", undefined],
  ["another scheme", "Basic YTpi"],
  ["a token that is not one", "Bearer abc"],
  ["an empty token", "Bearer "],
])("answers %s with 401 and says how to authenticate", async (_name, authorization) => {
  const { url } = await startServer({ auth: SECRET_AUTH });
  const reply = await post(url, { query: "{ hello }" }, authorization === undefined ? {} : { authorization });
  expect(reply.status).toBe(401);
  expect(reply.headers["www-authenticate"]).toBe("Bearer");
  expect(reply.json.errors[0].extensions).toEqual({ code: "UNAUTHENTICATED" });
});

it("answers 503, not 401, while the key server is away", async () => {
  const url = new URL("http://127.0.0.1:9/keys");
  const server = await startServer({
    auth: { kind: "jwks", url, maxAgeSeconds: 600, issuer: "https://id.test", audience: "gatehouse" },
  });
  const reply = await post(
    server.url,
    { query: "{ hello }" },
    { authorization: `Bearer ${await rsaToken()}` },
  );
  expect([reply.status, reply.json.errors[0].extensions.code]).toEqual([503, "AUTHENTICATION_UNAVAILABLE"]);
});

it("shows GraphiQL, health and metrics without a token", async () => {
  const { url } = await startServer({ auth: SECRET_AUTH });
  expect((await send(`${url}/graphql`, { headers: { accept: "text/html" } })).status).toBe(200);
  expect((await send(`${url}/health/live`)).status).toBe(200);
  expect((await send(`${url}/graphql?query={hello}`)).status).toBe(401);
});

it("never logs a token or variables", async () => {
  const { url, logged } = await startServer({ auth: SECRET_AUTH });
  const secret = await token();
  const body = { query: "query($t: String) { echo(text: $t) boom }", variables: { t: "private text" } };
  await post(url, body, { authorization: `Bearer ${secret}` });
  await expect.poll(() => logged.length).toBeGreaterThan(1);
  expect(JSON.stringify(logged)).not.toContain(secret);
  expect(JSON.stringify(logged)).not.toContain("private text");
});

async function rsaToken(): Promise<string> {
  const { generateKeyPair, SignJWT } = await import("jose");
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT({ sub: "ada" })
    .setProtectedHeader({ alg: "RS256", kid: "1" })
    .setIssuer("https://id.test")
    .setAudience("gatehouse")
    .setExpirationTime("1h")
    .sign(privateKey);
}
