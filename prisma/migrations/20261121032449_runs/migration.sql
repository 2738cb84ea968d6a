-- AlterTable
ALTER TABLE "event" ADD COLUMN     "run_id" UUID,
ADD COLUMN     "workstream_id" UUID;

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "title" VARCHAR(255) NOT NULL,
    "status" VARCHAR(50) NOT NULL DEFAULT 'PENDING',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_sequence" INTEGER NOT NULL,
    "last_claim_sequence" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_sequence" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workstream" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "key" VARCHAR(100) NOT NULL,
    "title" VARCHAR(255) NOT NULL,
    "status" VARCHAR(50) NOT NULL DEFAULT 'PENDING',
    "blocked_by" VARCHAR(50),
    "position" INTEGER NOT NULL,
    "steps" JSONB NOT NULL DEFAULT '[]',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "ready_sequence" INTEGER,
    "lease_token" UUID,
    "lease_holder" VARCHAR(255),
    "lease_expires_at" TIMESTAMPTZ(3),
    "replaced_by_id" UUID,
    "ended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workstream_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workstream_dependency" (
    "workstream_id" UUID NOT NULL,
    "depends_on_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,

    CONSTRAINT "workstream_dependency_pkey" PRIMARY KEY ("workstream_id","depends_on_id")
);

-- CreateTable
CREATE TABLE "step_attempt" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "workstream_id" UUID NOT NULL,
    "step_name" VARCHAR(100) NOT NULL,
    "number" INTEGER NOT NULL,
    "lease_attempt" INTEGER NOT NULL,
    "status" VARCHAR(50) NOT NULL DEFAULT 'IN_PROGRESS',
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "result" JSONB,

    CONSTRAINT "step_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_error" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "workstream_id" UUID NOT NULL,
    "step_name" VARCHAR(100) NOT NULL,
    "error_code" VARCHAR(100) NOT NULL,
    "signature" CHAR(64) NOT NULL,
    "normalized_message" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "samples" JSONB NOT NULL DEFAULT '[]',
    "context" JSONB,
    "count" INTEGER NOT NULL DEFAULT 1,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_error_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schema_meta" (
    "key" VARCHAR(100) NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "schema_meta_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "run_project_id_id_idx" ON "run"("project_id", "id");

-- CreateIndex
CREATE INDEX "run_project_id_status_idx" ON "run"("project_id", "status");

-- CreateIndex
CREATE INDEX "run_status_idx" ON "run"("status");

-- CreateIndex
CREATE UNIQUE INDEX "workstream_replaced_by_id_key" ON "workstream"("replaced_by_id");

-- CreateIndex
CREATE INDEX "workstream_run_id_status_idx" ON "workstream"("run_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "workstream_run_id_key_key" ON "workstream"("run_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "workstream_run_id_position_key" ON "workstream"("run_id", "position");

-- CreateIndex
CREATE INDEX "workstream_dependency_run_id_idx" ON "workstream_dependency"("run_id");

-- CreateIndex
CREATE INDEX "workstream_dependency_depends_on_id_idx" ON "workstream_dependency"("depends_on_id");

-- CreateIndex
CREATE INDEX "step_attempt_run_id_workstream_id_step_name_idx" ON "step_attempt"("run_id", "workstream_id", "step_name");

-- CreateIndex
CREATE UNIQUE INDEX "step_attempt_workstream_id_step_name_number_key" ON "step_attempt"("workstream_id", "step_name", "number");

-- CreateIndex
CREATE INDEX "run_error_run_id_workstream_id_signature_idx" ON "run_error"("run_id", "workstream_id", "signature");

-- CreateIndex
CREATE INDEX "run_error_workstream_id_id_idx" ON "run_error"("workstream_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "run_error_run_id_workstream_id_step_name_signature_key" ON "run_error"("run_id", "workstream_id", "step_name", "signature");

-- CreateIndex
CREATE INDEX "event_run_id_workstream_id_type_idx" ON "event"("run_id", "workstream_id", "type");

-- CreateIndex
CREATE INDEX "event_workstream_id_idx" ON "event"("workstream_id");

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_workstream_id_fkey" FOREIGN KEY ("workstream_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workstream" ADD CONSTRAINT "workstream_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workstream" ADD CONSTRAINT "workstream_replaced_by_id_fkey" FOREIGN KEY ("replaced_by_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workstream_dependency" ADD CONSTRAINT "workstream_dependency_workstream_id_fkey" FOREIGN KEY ("workstream_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workstream_dependency" ADD CONSTRAINT "workstream_dependency_depends_on_id_fkey" FOREIGN KEY ("depends_on_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step_attempt" ADD CONSTRAINT "step_attempt_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step_attempt" ADD CONSTRAINT "step_attempt_workstream_id_fkey" FOREIGN KEY ("workstream_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_error" ADD CONSTRAINT "run_error_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_error" ADD CONSTRAINT "run_error_workstream_id_fkey" FOREIGN KEY ("workstream_id") REFERENCES "workstream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Everything below is written by hand: Prisma's schema language cannot say it, and its diff does not see it.

ALTER TABLE "event"
    ADD CONSTRAINT "event_about_run_names_it" CHECK ("subject" <> 'RUN' OR "run_id" IS NOT NULL),
    ADD CONSTRAINT "event_workstream_within_run" CHECK ("workstream_id" IS NULL OR "run_id" IS NOT NULL);

ALTER TABLE "run"
    ADD CONSTRAINT "run_status_known" CHECK (
        "status" IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'PARTIAL', 'ABANDONED')
    ),
    ADD CONSTRAINT "run_created_sequence_positive" CHECK ("created_sequence" > 0),
    ADD CONSTRAINT "run_last_claim_sequence_not_negative" CHECK ("last_claim_sequence" >= 0),
    ADD CONSTRAINT "run_started_when_running" CHECK ("status" <> 'RUNNING' OR "started_at" IS NOT NULL),
    -- Two equalities, not one: a run that has ended has both, one that has not has neither.
    ADD CONSTRAINT "run_ended_means_when" CHECK (
        ("status" IN ('PENDING', 'RUNNING')) = ("ended_at" IS NULL)
        AND ("status" IN ('PENDING', 'RUNNING')) = ("ended_sequence" IS NULL)
    );

ALTER TABLE "workstream"
    ADD CONSTRAINT "workstream_status_known" CHECK (
        "status" IN ('PENDING', 'READY', 'EDITING', 'STATIC_CHECK', 'FIXING', 'RUNTIME_CHECK',
                     'DONE', 'FAILED', 'BLOCKED', 'ABANDONED')
    ),
    ADD CONSTRAINT "workstream_blocked_by_known" CHECK ("blocked_by" IN ('DEPENDENCY', 'HOLD')),
    ADD CONSTRAINT "workstream_blocked_means_why" CHECK (("status" = 'BLOCKED') = ("blocked_by" IS NOT NULL)),
    ADD CONSTRAINT "workstream_position_not_negative" CHECK ("position" >= 0),
    ADD CONSTRAINT "workstream_attempt_not_negative" CHECK ("attempt" >= 0),
    ADD CONSTRAINT "workstream_ready_means_since" CHECK (("status" = 'READY') = ("ready_sequence" IS NOT NULL)),
    -- Whatever is being worked on is leased, and nothing else is.
    ADD CONSTRAINT "workstream_worked_on_means_leased" CHECK (
        ("status" IN ('EDITING', 'STATIC_CHECK', 'FIXING', 'RUNTIME_CHECK')) = ("lease_token" IS NOT NULL)
        AND ("lease_token" IS NULL) = ("lease_holder" IS NULL)
        AND ("lease_token" IS NULL) = ("lease_expires_at" IS NULL)
    ),
    ADD CONSTRAINT "workstream_ended_means_when" CHECK (
        ("status" IN ('DONE', 'FAILED', 'ABANDONED')) = ("ended_at" IS NOT NULL)
    ),
    ADD CONSTRAINT "workstream_replaced_when_lost" CHECK (
        "replaced_by_id" IS NULL OR ("status" IN ('FAILED', 'ABANDONED') AND "replaced_by_id" <> "id")
    );

ALTER TABLE "workstream_dependency"
    ADD CONSTRAINT "workstream_dependency_not_on_itself" CHECK ("workstream_id" <> "depends_on_id");

ALTER TABLE "step_attempt"
    ADD CONSTRAINT "step_attempt_status_known" CHECK ("status" IN ('IN_PROGRESS', 'SUCCESS', 'FAILURE', 'SKIPPED')),
    ADD CONSTRAINT "step_attempt_number_positive" CHECK ("number" > 0),
    ADD CONSTRAINT "step_attempt_lease_attempt_positive" CHECK ("lease_attempt" > 0),
    ADD CONSTRAINT "step_attempt_completed_means_when" CHECK (
        ("status" = 'IN_PROGRESS') = ("completed_at" IS NULL)
    ),
    ADD CONSTRAINT "step_attempt_completed_after_start" CHECK ("completed_at" >= "started_at");

ALTER TABLE "run_error"
    ADD CONSTRAINT "run_error_signature_is_sha256" CHECK ("signature" ~ '^[0-9a-f]{64}$'),
    ADD CONSTRAINT "run_error_count_positive" CHECK ("count" > 0),
    ADD CONSTRAINT "run_error_seen_in_order" CHECK ("last_seen_at" >= "first_seen_at");

-- A step is tried by one at a time.
CREATE UNIQUE INDEX "step_attempt_in_progress_key" ON "step_attempt"("workstream_id", "step_name")
    WHERE "status" = 'IN_PROGRESS';

-- What a claim looks for, and what the sweep of leases looks for, without all that has ended.
CREATE INDEX "workstream_ready_idx" ON "workstream"("run_id", "ready_sequence", "position") WHERE "status" = 'READY';
CREATE INDEX "workstream_lease_expires_at_idx" ON "workstream"("lease_expires_at") WHERE "lease_token" IS NOT NULL;

INSERT INTO "schema_meta" ("key", "value") VALUES ('schema_version', '1');
