/** Writes users to the embedded database named by the argument, one after the other, and tells each one's number once it is acknowledged. */
import { randomUUID } from "node:crypto";
import { openDatabase } from "../../../src/db/database.ts";

const [embeddedPath = ""] = process.argv.slice(2);
const { prisma } = await openDatabase({ embeddedPath });
const now = new Date();
for (let number = 1; ; number++) {
  const subject = String(number);
  await prisma.user.create({
    data: { id: randomUUID(), issuer: "test", subject, createdAt: now, updatedAt: now },
  });
  console.log(subject);
}
