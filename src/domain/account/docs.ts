import {
  COMMAND_PERMISSIONS,
  PERMISSIONS,
  type Permission,
  READ_PERMISSIONS,
  TYPE_PERMISSIONS,
} from "./permissions.ts";

/** The table of permissions as it stands in the docs, made from the one that commands and reads are held against. */
export function permissionsTable(): string {
  const rows = Object.entries(PERMISSIONS).map(([name, { meaning, roles, scopes }]) => {
    const who = roles?.join(", ") ?? (name === "ADMIN" ? "administrators" : "any user");
    const keys = scopes.join(", ") || "none";
    return `| ${name} | ${meaning} | ${who} | ${keys} | ${operationsOf(name as Permission)} |`;
  });
  return [
    "| Permission | To | Roles in the project | Scopes of a key | Operations, types and fields |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function operationsOf(permission: Permission): string {
  const rows = Object.entries({ ...COMMAND_PERMISSIONS, ...READ_PERMISSIONS, ...TYPE_PERMISSIONS });
  return rows
    .filter(([, taken]) => taken === permission)
    .map(([name]) => `\`${name}\``)
    .join(" ");
}
