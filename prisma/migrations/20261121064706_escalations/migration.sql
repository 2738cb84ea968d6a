-- AlterTable
ALTER TABLE "run" ADD COLUMN     "answer_within" INTEGER,
ADD COLUMN     "on_expiry" VARCHAR(50) NOT NULL DEFAULT 'WAIT',
ADD COLUMN     "paused_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "workstream" ADD COLUMN     "answered_by_id" UUID,
ADD COLUMN     "session_id" VARCHAR(255);

-- CreateTable
CREATE TABLE "agent_escalation" (
    "id" UUID NOT NULL,
    "session_id" VARCHAR(255) NOT NULL,
    "run_id" UUID NOT NULL,
    "workstream_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "origin" VARCHAR(50) NOT NULL,
    "step_name" VARCHAR(100),
    "error_type" VARCHAR(255) NOT NULL,
    "error_signature" VARCHAR(255) NOT NULL,
    "plain_english_problem" TEXT NOT NULL,
    "attempts_summary" JSONB NOT NULL DEFAULT '[]',
    "recommended_action" TEXT NOT NULL,
    "options" JSONB NOT NULL DEFAULT '[]',
    "status" VARCHAR(50) NOT NULL DEFAULT 'PENDING',
    "founder_decision" VARCHAR(255),
    "founder_guidance" TEXT,
    "resolution" VARCHAR(50),
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" UUID,
    "due_at" TIMESTAMPTZ(3),
    "on_expiry" VARCHAR(50) NOT NULL DEFAULT 'WAIT',
    "default_option" VARCHAR(100),
    "expired_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agent_escalation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "escalation_workstream" (
    "escalation_id" UUID NOT NULL,
    "workstream_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "step_name" VARCHAR(100),
    "state" VARCHAR(50) NOT NULL DEFAULT 'STOPPED',
    "joined_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "escalation_workstream_pkey" PRIMARY KEY ("escalation_id","workstream_id")
);

-- CreateTable
CREATE TABLE "failure_streak" (
    "workstream_id" UUID NOT NULL,
    "error_signature" VARCHAR(255) NOT NULL,
    "failures" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "failure_streak_pkey" PRIMARY KEY ("workstream_id","error_signature")
);

-- CreateIndex
CREATE INDEX "agent_escalation_session_id_idx" ON "agent_escalation"("session_id");

-- CreateIndex
CREATE INDEX "agent_escalation_run_id_id_idx" ON "agent_escalation"("run_id", "id");

-- CreateIndex
CREATE INDEX "agent_escalation_project_id_id_idx" ON "agent_escalation"("project_id", "id");

-- CreateIndex
CREATE INDEX "agent_escalation_error_signature_idx" ON "agent_escalation"("error_signature");

-- CreateIndex
CREATE INDEX "agent_escalation_workstream_id_idx" ON "agent_escalation"("workstream_id");

-- CreateIndex
CREATE INDEX "agent_escalation_resolved_by_idx" ON "agent_escalation"("resolved_by");

-- CreateIndex
CREATE INDEX "escalation_workstream_workstream_id_idx" ON "escalation_workstream"("workstream_id");

-- CreateIndex
CREATE UNIQUE INDEX "escalation_workstream_escalation_id_position_key" ON "escalation_workstream"("escalation_id", "position");

-- CreateIndex
CREATE INDEX "workstream_answered_by_id_idx" ON "workstream"("answered_by_id");

-- AddForeignKey
ALTER TABLE "agent_escalation" ADD CONSTRAINT "agent_escalation_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_escalation" ADD CONSTRAINT "agent_escalation_workstream_id_fkey" FOREIGN KEY ("workstream_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_escalation" ADD CONSTRAINT "agent_escalation_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_escalation" ADD CONSTRAINT "agent_escalation_resolved_by_fkey" FOREIGN KEY ("resolved_by") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation_workstream" ADD CONSTRAINT "escalation_workstream_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "agent_escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation_workstream" ADD CONSTRAINT "escalation_workstream_workstream_id_fkey" FOREIGN KEY ("workstream_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation_workstream" ADD CONSTRAINT "escalation_workstream_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_streak" ADD CONSTRAINT "failure_streak_workstream_id_fkey" FOREIGN KEY ("workstream_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workstream" ADD CONSTRAINT "workstream_answered_by_id_fkey" FOREIGN KEY ("answered_by_id") REFERENCES "agent_escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Everything below is written by hand: Prisma's schema language cannot say it, and its diff does not see it.

ALTER TABLE "run"
    ADD CONSTRAINT "run_paused_means_open" CHECK ("paused_at" IS NULL OR "status" IN ('PENDING', 'RUNNING')),
    ADD CONSTRAINT "run_answer_within_positive" CHECK ("answer_within" > 0),
    ADD CONSTRAINT "run_on_expiry_known" CHECK ("on_expiry" IN ('WAIT', 'RETRY', 'SKIP', 'ABORT'));

ALTER TABLE "workstream"
    DROP CONSTRAINT "workstream_blocked_by_known",
    ADD CONSTRAINT "workstream_blocked_by_known" CHECK ("blocked_by" IN ('DEPENDENCY', 'HOLD', 'ESCALATION'));

ALTER TABLE "event"
    ADD CONSTRAINT "event_about_escalation_names_run" CHECK ("subject" <> 'ESCALATION' OR "run_id" IS NOT NULL);

ALTER TABLE "agent_escalation"
    ADD CONSTRAINT "agent_escalation_origin_known" CHECK ("origin" IN ('BREAKER', 'AGENT')),
    ADD CONSTRAINT "agent_escalation_breaker_names_step" CHECK ("origin" <> 'BREAKER' OR "step_name" IS NOT NULL),
    ADD CONSTRAINT "agent_escalation_status_known" CHECK ("status" IN ('PENDING', 'RESOLVED', 'SKIPPED')),
    ADD CONSTRAINT "agent_escalation_resolution_known" CHECK (
        "resolution" IN ('ANSWER', 'DEADLINE', 'RUN_ENDED', 'WORKSTREAM_ENDED')
    ),
    ADD CONSTRAINT "agent_escalation_closed_means_when_and_how" CHECK (
        ("status" = 'PENDING') = ("resolved_at" IS NULL)
        AND ("status" = 'PENDING') = ("resolution" IS NULL)
    ),
    ADD CONSTRAINT "agent_escalation_resolved_means_decided" CHECK (
        ("status" = 'RESOLVED') = ("founder_decision" IS NOT NULL)
    ),
    -- A person answers, or the system closes it: never nobody, never both.
    ADD CONSTRAINT "agent_escalation_answer_has_a_person" CHECK (
        ("resolved_by" IS NOT NULL) = ("resolution" IS NOT DISTINCT FROM 'ANSWER')
    ),
    ADD CONSTRAINT "agent_escalation_on_expiry_known" CHECK (
        "on_expiry" IN ('WAIT', 'RETRY', 'SKIP', 'ABORT', 'DEFAULT_OPTION')
    ),
    ADD CONSTRAINT "agent_escalation_default_option_when_used" CHECK (
        ("on_expiry" = 'DEFAULT_OPTION') = ("default_option" IS NOT NULL)
    ),
    ADD CONSTRAINT "agent_escalation_policy_needs_deadline" CHECK ("on_expiry" = 'WAIT' OR "due_at" IS NOT NULL),
    ADD CONSTRAINT "agent_escalation_expires_at_deadline" CHECK ("expired_at" IS NULL OR "due_at" IS NOT NULL);

ALTER TABLE "escalation_workstream"
    ADD CONSTRAINT "escalation_workstream_state_known" CHECK ("state" IN ('STOPPED', 'TRYING', 'CLEARED', 'LEFT')),
    ADD CONSTRAINT "escalation_workstream_position_not_negative" CHECK ("position" >= 0);

-- One question about one failure in a run at a time.
CREATE UNIQUE INDEX "agent_escalation_pending_key" ON "agent_escalation"("run_id", "error_signature")
    WHERE "status" = 'PENDING';
-- A workstream is stopped by one question at a time, and one tries first after the answer.
CREATE UNIQUE INDEX "escalation_workstream_open_key" ON "escalation_workstream"("workstream_id")
    WHERE "state" IN ('STOPPED', 'TRYING');
CREATE UNIQUE INDEX "escalation_workstream_trying_key" ON "escalation_workstream"("escalation_id")
    WHERE "state" = 'TRYING';
-- What a command on a run looks at, the inbox, and what the job of deadlines looks for: without all that is over.
CREATE INDEX "escalation_workstream_open_idx" ON "escalation_workstream"("run_id") WHERE "state" IN ('STOPPED', 'TRYING');
CREATE INDEX "agent_escalation_inbox_idx" ON "agent_escalation"("project_id", "id") WHERE "status" = 'PENDING';
CREATE INDEX "agent_escalation_due_at_idx" ON "agent_escalation"("due_at", "id")
    WHERE "status" = 'PENDING' AND "expired_at" IS NULL AND "due_at" IS NOT NULL;
