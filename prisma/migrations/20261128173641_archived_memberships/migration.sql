-- AlterTable
ALTER TABLE "project_member" ADD COLUMN     "archived_at" TIMESTAMPTZ(3);

-- A member's row says whether its project is archived, so that a list of somebody's projects is counted and put in order
-- without a look at the projects. By triggers, so that it holds for whatever archives a project or makes a member, an
-- older program that runs beside this one included.
CREATE FUNCTION "project_member_take_archived_at"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE: whoever archives it at the same time is waited for, or waits and then finds this row.
    SELECT "archived_at" INTO NEW."archived_at" FROM "project" WHERE "id" = NEW."project_id" FOR SHARE;
    RETURN NEW;
END
$$;

CREATE TRIGGER "project_member_archived_with_project"
    BEFORE INSERT OR UPDATE OF "project_id", "archived_at" ON "project_member"
    FOR EACH ROW EXECUTE FUNCTION "project_member_take_archived_at"();

CREATE FUNCTION "project_tell_members_archived_at"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE "project_member" SET "archived_at" = NEW."archived_at" WHERE "project_id" = NEW."id";
    RETURN NULL;
END
$$;

CREATE TRIGGER "project_archived_with_members" AFTER UPDATE OF "archived_at" ON "project"
    FOR EACH ROW WHEN (OLD."archived_at" IS DISTINCT FROM NEW."archived_at")
    EXECUTE FUNCTION "project_tell_members_archived_at"();

UPDATE "project_member" SET "archived_at" = "project"."archived_at" FROM "project"
WHERE "project"."id" = "project_member"."project_id" AND "project"."archived_at" IS NOT NULL;

-- In the order in which projects are listed, the newest last. Its condition stands in the statements as it stands here: a
-- plan that is made without the values of parameters finds it.
CREATE INDEX "project_member_unarchived_idx" ON "project_member"("user_id", "project_id") WHERE "archived_at" IS NULL;
