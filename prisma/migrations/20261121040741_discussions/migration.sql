-- AlterTable
ALTER TABLE "decision_gate" ADD COLUMN     "discussion_id" UUID;

-- AlterTable
ALTER TABLE "plan_tier" ADD COLUMN     "max_models" INTEGER NOT NULL DEFAULT 2;

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "models" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "discussion" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "question" TEXT NOT NULL,
    "type" VARCHAR(50) NOT NULL,
    "status" VARCHAR(50) NOT NULL DEFAULT 'ACTIVE',
    "models" JSONB NOT NULL,
    "activity" VARCHAR(50) NOT NULL DEFAULT 'IDLE',
    "planned_rounds" INTEGER NOT NULL,
    "pending_rounds" INTEGER NOT NULL DEFAULT 0,
    "ended_early" BOOLEAN NOT NULL DEFAULT false,
    "peer_ranking" BOOLEAN NOT NULL DEFAULT false,
    "consensus_threshold" DOUBLE PRECISION NOT NULL,
    "system_prompt" TEXT,
    "summary_id" UUID,
    "summary_by" VARCHAR(50),
    "summary_attempt" INTEGER NOT NULL DEFAULT 0,
    "failure_message" TEXT,
    "consensus_failure" VARCHAR(50),
    "consensus_failure_detail" TEXT,
    "correlation_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "discussion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "round" (
    "id" UUID NOT NULL,
    "discussion_id" UUID NOT NULL,
    "round_number" INTEGER NOT NULL,
    "type" VARCHAR(50) NOT NULL,
    "status" VARCHAR(50) NOT NULL DEFAULT 'RUNNING',
    "is_planned" BOOLEAN NOT NULL,
    "scores" JSONB NOT NULL DEFAULT '[]',
    "failure_message" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "round_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" UUID NOT NULL,
    "round_id" UUID NOT NULL,
    "kind" VARCHAR(50) NOT NULL,
    "model" VARCHAR(50),
    "author" VARCHAR(50),
    "status" VARCHAR(50) NOT NULL DEFAULT 'PENDING',
    "position" INTEGER NOT NULL,
    "content" TEXT NOT NULL DEFAULT '',
    "is_direct" BOOLEAN NOT NULL DEFAULT false,
    "reply_to_id" UUID,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "ranking" JSONB,
    "failure_reason" VARCHAR(50),
    "failure_message" TEXT,
    "timestamp" TIMESTAMPTZ(3),

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_piece" (
    "message_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "offset" INTEGER NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "message_piece_pkey" PRIMARY KEY ("message_id","attempt","offset")
);

-- CreateTable
CREATE TABLE "consensus" (
    "id" UUID NOT NULL,
    "discussion_id" UUID NOT NULL,
    "agreements" JSONB NOT NULL DEFAULT '[]',
    "disagreements" JSONB NOT NULL DEFAULT '[]',
    "dissent" JSONB NOT NULL DEFAULT '[]',
    "score" DOUBLE PRECISION NOT NULL,
    "round_number" INTEGER NOT NULL,
    "generated_by" VARCHAR(50) NOT NULL,
    "generated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consensus_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "discussion_project_id_id_idx" ON "discussion"("project_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "discussion_summary_id_key" ON "discussion"("summary_id");

-- CreateIndex
CREATE UNIQUE INDEX "round_discussion_id_round_number_key" ON "round"("discussion_id", "round_number");

-- CreateIndex
CREATE INDEX "message_reply_to_id_idx" ON "message"("reply_to_id");

-- CreateIndex
CREATE UNIQUE INDEX "message_round_id_position_key" ON "message"("round_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "consensus_discussion_id_key" ON "consensus"("discussion_id");

-- CreateIndex
CREATE INDEX "decision_gate_discussion_id_idx" ON "decision_gate"("discussion_id");

-- AddForeignKey
ALTER TABLE "discussion" ADD CONSTRAINT "discussion_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "round" ADD CONSTRAINT "round_discussion_id_fkey" FOREIGN KEY ("discussion_id") REFERENCES "discussion"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_round_id_fkey" FOREIGN KEY ("round_id") REFERENCES "round"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_reply_to_id_fkey" FOREIGN KEY ("reply_to_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message_piece" ADD CONSTRAINT "message_piece_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consensus" ADD CONSTRAINT "consensus_discussion_id_fkey" FOREIGN KEY ("discussion_id") REFERENCES "discussion"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision_gate" ADD CONSTRAINT "decision_gate_discussion_id_fkey" FOREIGN KEY ("discussion_id") REFERENCES "discussion"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Everything below is written by hand: Prisma's schema language cannot say it, and its diff does not see it.

ALTER TABLE "usage_log"
    DROP CONSTRAINT "usage_log_purpose_known",
    ADD CONSTRAINT "usage_log_purpose_known" CHECK ("purpose" IN ('ARTIFACT', 'DISCUSSION'));

ALTER TABLE "plan_tier" ADD CONSTRAINT "plan_tier_max_models_positive" CHECK ("max_models" > 0);

ALTER TABLE "decision_gate"
    ADD CONSTRAINT "decision_gate_citation_means_decided" CHECK ("discussion_id" IS NULL OR "status" = 'DECIDED');

ALTER TABLE "discussion"
    ADD CONSTRAINT "discussion_type_known" CHECK ("type" IN ('OPEN', 'DISCUSS')),
    ADD CONSTRAINT "discussion_status_known" CHECK ("status" IN ('ACTIVE', 'COMPLETED')),
    ADD CONSTRAINT "discussion_activity_known" CHECK ("activity" IN ('IDLE', 'ROUND', 'SUMMARY')),
    ADD CONSTRAINT "discussion_models_in_range" CHECK (jsonb_array_length("models") BETWEEN 1 AND 10),
    ADD CONSTRAINT "discussion_planned_rounds_in_range" CHECK ("planned_rounds" BETWEEN 1 AND 10),
    ADD CONSTRAINT "discussion_pending_rounds_in_range" CHECK ("pending_rounds" BETWEEN 0 AND "planned_rounds" - 1),
    ADD CONSTRAINT "discussion_consensus_threshold_in_range" CHECK ("consensus_threshold" BETWEEN 0 AND 1),
    ADD CONSTRAINT "discussion_completed_means_over" CHECK (
        ("status" = 'COMPLETED') = ("completed_at" IS NOT NULL) AND ("status" = 'ACTIVE' OR "activity" = 'IDLE')
    ),
    ADD CONSTRAINT "discussion_summary_has_maker" CHECK (
        ("summary_id" IS NULL) = ("summary_by" IS NULL) AND ("activity" <> 'SUMMARY' OR "summary_id" IS NOT NULL)
    ),
    ADD CONSTRAINT "discussion_consensus_failure_has_detail" CHECK (
        ("consensus_failure" IS NULL) = ("consensus_failure_detail" IS NULL)
    );

ALTER TABLE "round"
    ADD CONSTRAINT "round_number_in_range" CHECK ("round_number" BETWEEN 1 AND 10),
    ADD CONSTRAINT "round_type_known" CHECK ("type" IN ('PARALLEL', 'SEQUENTIAL')),
    ADD CONSTRAINT "round_status_known" CHECK ("status" IN ('RUNNING', 'COMPLETED', 'FAILED')),
    ADD CONSTRAINT "round_ended_means_over" CHECK (("status" = 'RUNNING') = ("ended_at" IS NULL)),
    ADD CONSTRAINT "round_failed_means_message" CHECK (("status" = 'FAILED') = ("failure_message" IS NOT NULL));

-- A discussion holds one round at a time, whatever the program thinks.
CREATE UNIQUE INDEX "round_one_running" ON "round"("discussion_id") WHERE "status" = 'RUNNING';

ALTER TABLE "message"
    ADD CONSTRAINT "message_kind_known" CHECK ("kind" IN ('ANSWER', 'DIRECT', 'RANKING', 'PERSON')),
    ADD CONSTRAINT "message_status_known" CHECK ("status" IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED')),
    ADD CONSTRAINT "message_has_one_speaker" CHECK (
        ("kind" = 'PERSON') = ("model" IS NULL) AND ("kind" = 'PERSON') = ("author" IS NOT NULL)
    ),
    ADD CONSTRAINT "message_author_known" CHECK ("author" IN ('FOUNDER')),
    ADD CONSTRAINT "message_direct_answers_somebody" CHECK (
        "is_direct" = ("kind" = 'DIRECT') AND "is_direct" = ("reply_to_id" IS NOT NULL)
    ),
    ADD CONSTRAINT "message_timestamp_means_said" CHECK (
        ("status" IN ('COMPLETED', 'FAILED')) = ("timestamp" IS NOT NULL)
    ),
    ADD CONSTRAINT "message_failed_means_reason" CHECK (
        ("status" = 'FAILED') = ("failure_reason" IS NOT NULL)
        AND ("failure_reason" IS NULL) = ("failure_message" IS NULL)
    ),
    ADD CONSTRAINT "message_attempt_not_negative" CHECK ("attempt" >= 0),
    ADD CONSTRAINT "message_position_not_negative" CHECK ("position" >= 0);

-- No model speaks twice where it is asked once.
CREATE UNIQUE INDEX "message_once_per_round" ON "message"("round_id", "model", "kind")
    WHERE "kind" IN ('ANSWER', 'RANKING');
CREATE UNIQUE INDEX "message_once_per_question" ON "message"("reply_to_id", "model") WHERE "kind" = 'DIRECT';

ALTER TABLE "consensus"
    ADD CONSTRAINT "consensus_score_in_range" CHECK ("score" BETWEEN 0 AND 1),
    ADD CONSTRAINT "consensus_round_number_in_range" CHECK ("round_number" BETWEEN 1 AND 10);

-- Pieces are copies on their way; after a crash of the database their model is asked again.
ALTER TABLE "message_piece" SET UNLOGGED;
