-- AlterTable
ALTER TABLE "user_account" ADD COLUMN     "suspended_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "project_member" (
    "project_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" VARCHAR(50) NOT NULL,
    "invited_by" UUID,
    "since_sequence" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "project_member_pkey" PRIMARY KEY ("project_id","user_id")
);

-- CreateTable
CREATE TABLE "project_invitation" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "role" VARCHAR(50) NOT NULL,
    "token_hash" CHAR(64) NOT NULL,
    "invited_by" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_by" UUID,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "project_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "project_id" UUID,
    "name" VARCHAR(100) NOT NULL,
    "prefix" VARCHAR(20) NOT NULL,
    "secret_hash" CHAR(64) NOT NULL,
    "scopes" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "project_member_user_id_project_id_idx" ON "project_member"("user_id", "project_id");

-- CreateIndex
CREATE UNIQUE INDEX "project_invitation_token_hash_key" ON "project_invitation"("token_hash");

-- CreateIndex
CREATE INDEX "project_invitation_project_id_id_idx" ON "project_invitation"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE INDEX "api_key_user_id_id_idx" ON "api_key"("user_id", "id");

-- CreateIndex
CREATE INDEX "api_key_project_id_id_idx" ON "api_key"("project_id", "id");

-- AddForeignKey
ALTER TABLE "project_member" ADD CONSTRAINT "project_member_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project_member" ADD CONSTRAINT "project_member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project_invitation" ADD CONSTRAINT "project_invitation_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "project_member"
    ADD CONSTRAINT "project_member_role_known" CHECK ("role" IN ('OWNER', 'EDITOR', 'VIEWER', 'AGENT')),
    ADD CONSTRAINT "project_member_since_positive" CHECK ("since_sequence" > 0);

-- Exactly one: the trigger below makes it, and no command takes it away.
CREATE UNIQUE INDEX "project_member_one_owner" ON "project_member"("project_id") WHERE "role" = 'OWNER';

ALTER TABLE "project_invitation"
    ADD CONSTRAINT "project_invitation_role_known" CHECK ("role" IN ('EDITOR', 'VIEWER', 'AGENT')),
    ADD CONSTRAINT "project_invitation_accepted_by_somebody" CHECK (
        ("accepted_by" IS NULL) = ("accepted_at" IS NULL)
    ),
    ADD CONSTRAINT "project_invitation_ends_once" CHECK ("accepted_at" IS NULL OR "revoked_at" IS NULL);

ALTER TABLE "api_key"
    ADD CONSTRAINT "api_key_scopes_is_list" CHECK (jsonb_typeof("scopes") = 'array');

-- What a suspended user may not do is asked for with every look at what is open.
CREATE INDEX "user_account_suspended" ON "user_account"("id") WHERE "suspended_at" IS NOT NULL;

-- What an agent's key may do, a gate and a discussion record as the agent's.
ALTER TABLE "decision_gate"
    DROP CONSTRAINT "decision_gate_decided_by_known",
    ADD CONSTRAINT "decision_gate_decided_by_known" CHECK ("decided_by" IN ('FOUNDER', 'SYSTEM', 'AGENT'));
ALTER TABLE "message"
    DROP CONSTRAINT "message_author_known",
    ADD CONSTRAINT "message_author_known" CHECK ("author" IN ('FOUNDER', 'AGENT'));

-- The owner is a member. By a trigger, so that it holds for whatever makes a project, an older program that runs
-- beside this one included.
CREATE FUNCTION "project_add_owner"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "project_member" ("project_id", "user_id", "role", "since_sequence", "created_at", "updated_at")
    VALUES (NEW."id", NEW."owner_id", 'OWNER', 1, NEW."created_at", NEW."created_at");
    RETURN NULL;
END
$$;

CREATE TRIGGER "project_owner_is_member" AFTER INSERT ON "project"
    FOR EACH ROW EXECUTE FUNCTION "project_add_owner"();

INSERT INTO "project_member" ("project_id", "user_id", "role", "since_sequence", "created_at", "updated_at")
SELECT "id", "owner_id", 'OWNER', 1, "created_at", "created_at" FROM "project";
