-- CreateIndex
CREATE INDEX "agent_escalation_project_id_status_id_idx" ON "agent_escalation"("project_id", "status", "id");

-- Everything below is written by hand: Prisma's schema language cannot say it, and its diff does not see it.

-- Statements are planned without the values of their parameters: an index that holds only one status is never used
-- where the status is a parameter.
DROP INDEX "agent_escalation_inbox_idx";
DROP INDEX "agent_escalation_due_at_idx";
CREATE INDEX "agent_escalation_due_at_idx" ON "agent_escalation"("status", "due_at", "id")
    WHERE "expired_at" IS NULL AND "due_at" IS NOT NULL;
