-- AlterTable
ALTER TABLE "usage_log" ADD COLUMN     "purpose" VARCHAR(50) NOT NULL DEFAULT 'ARTIFACT',
ADD COLUMN     "settled_at" TIMESTAMPTZ(3),
ADD COLUMN     "status" VARCHAR(50) NOT NULL DEFAULT 'SETTLED',
ADD COLUMN     "subject_id" UUID;

-- CreateTable
CREATE TABLE "artifact" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "type" VARCHAR(50) NOT NULL,
    "current_content" JSONB,
    "previous_content" JSONB,
    "version_number" INTEGER NOT NULL DEFAULT 0,
    "schema_version" INTEGER NOT NULL DEFAULT 1,
    "has_user_edits" BOOLEAN NOT NULL DEFAULT false,
    "edited_sections" JSONB NOT NULL DEFAULT '[]',
    "annotations" JSONB NOT NULL DEFAULT '[]',
    "sources" JSONB NOT NULL DEFAULT '{}',
    "previous_origin" JSONB,
    "generation_status" VARCHAR(50) NOT NULL DEFAULT 'IDLE',
    "generation_id" UUID,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "failure_reason" VARCHAR(50),
    "failure_message" TEXT,
    "model" VARCHAR(100),
    "generated_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifact_generation" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "status" VARCHAR(50) NOT NULL DEFAULT 'RUNNING',
    "types" JSONB NOT NULL,
    "completed" INTEGER NOT NULL DEFAULT 0,
    "failure_reason" VARCHAR(50),
    "failure_message" TEXT,
    "correlation_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "active_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "artifact_generation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "uq_project_artifact_type" ON "artifact"("project_id", "type");

-- CreateIndex
CREATE INDEX "artifact_generation_project_id_id_idx" ON "artifact_generation"("project_id", "id");

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact_generation" ADD CONSTRAINT "artifact_generation_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Everything below is written by hand: Prisma's schema language cannot say it, and its diff does not see it.

ALTER TABLE "usage_log"
    ADD CONSTRAINT "usage_log_purpose_known" CHECK ("purpose" IN ('ARTIFACT')),
    ADD CONSTRAINT "usage_log_status_known" CHECK ("status" IN ('RESERVED', 'SETTLED', 'FAILED', 'ABANDONED')),
    ADD CONSTRAINT "usage_log_reserved_means_open" CHECK ("status" <> 'RESERVED' OR "settled_at" IS NULL);

ALTER TABLE "artifact"
    ADD CONSTRAINT "artifact_type_known" CHECK (
        "type" IN ('BRIEF', 'MVP_SCOPE', 'MILESTONES', 'RISK_LOG', 'HOW_IT_WORKS')
    ),
    ADD CONSTRAINT "artifact_generation_status_known" CHECK ("generation_status" IN ('IDLE', 'GENERATING', 'FAILED')),
    ADD CONSTRAINT "artifact_failed_means_reason" CHECK (
        ("generation_status" = 'FAILED') = ("failure_reason" IS NOT NULL)
    ),
    ADD CONSTRAINT "artifact_version_means_content" CHECK (
        "version_number" >= 0 AND ("version_number" > 0) = ("current_content" IS NOT NULL)
    ),
    ADD CONSTRAINT "artifact_content_has_author" CHECK (
        ("current_content" IS NULL) = ("model" IS NULL) AND ("current_content" IS NULL) = ("generated_at" IS NULL)
    ),
    ADD CONSTRAINT "artifact_schema_version_positive" CHECK ("schema_version" > 0),
    ADD CONSTRAINT "artifact_edits_are_named" CHECK ("has_user_edits" = (jsonb_array_length("edited_sections") > 0)),
    ADD CONSTRAINT "artifact_previous_has_origin" CHECK (("previous_content" IS NULL) = ("previous_origin" IS NULL));

ALTER TABLE "artifact_generation"
    ADD CONSTRAINT "artifact_generation_state_known" CHECK ("status" IN ('RUNNING', 'COMPLETED', 'FAILED')),
    ADD CONSTRAINT "artifact_generation_completed_in_range" CHECK (
        "completed" BETWEEN 0 AND jsonb_array_length("types")
    ),
    ADD CONSTRAINT "artifact_generation_failed_means_reason" CHECK (
        ("status" = 'FAILED') = ("failure_reason" IS NOT NULL)
    ),
    ADD CONSTRAINT "artifact_generation_ended_means_over" CHECK (("status" = 'RUNNING') = ("ended_at" IS NULL));

-- A project's documents are written by one chain at a time, whatever the program thinks.
CREATE UNIQUE INDEX "artifact_generation_one_running" ON "artifact_generation"("project_id") WHERE "status" = 'RUNNING';

-- The calls that are under way, or whose process has died.
CREATE INDEX "usage_log_reserved_idx" ON "usage_log"("subject_id") WHERE "status" = 'RESERVED';
