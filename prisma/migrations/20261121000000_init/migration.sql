-- CreateTable
CREATE TABLE "plan_tier" (
    "plan" VARCHAR(50) NOT NULL,
    "rank" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "description" TEXT NOT NULL,
    "max_projects" INTEGER NOT NULL,
    "tokens_per_day" INTEGER NOT NULL,

    CONSTRAINT "plan_tier_pkey" PRIMARY KEY ("plan")
);

-- CreateTable
CREATE TABLE "user_account" (
    "id" UUID NOT NULL,
    "issuer" VARCHAR(255) NOT NULL,
    "subject" VARCHAR(255) NOT NULL,
    "display_name" VARCHAR(255),
    "plan" VARCHAR(50) NOT NULL DEFAULT 'BOOTSTRAPPER',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_log" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "project_id" UUID,
    "model" VARCHAR(100) NOT NULL,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "cost_microdollars" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_record" (
    "user_id" UUID NOT NULL,
    "key" VARCHAR(255) NOT NULL,
    "command" VARCHAR(100) NOT NULL,
    "request_hash" CHAR(64) NOT NULL,
    "outcome" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("user_id","key")
);

-- CreateTable
CREATE TABLE "event" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "correlation_id" UUID NOT NULL,
    "subject" VARCHAR(50) NOT NULL,
    "subject_id" UUID NOT NULL,
    "type" VARCHAR(100) NOT NULL,
    "from_state" VARCHAR(50),
    "to_state" VARCHAR(50),
    "actor" VARCHAR(50) NOT NULL,
    "reason" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "hash" CHAR(64) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "status" VARCHAR(50) NOT NULL DEFAULT 'ACTIVE',
    "stage_number" INTEGER,
    "stage_entered_at" TIMESTAMPTZ(3),
    "progress_percent" INTEGER NOT NULL DEFAULT 0,
    "risk_dismissals" JSONB NOT NULL DEFAULT '[]',
    "version" INTEGER NOT NULL DEFAULT 1,
    "event_sequence" INTEGER NOT NULL DEFAULT 0,
    "event_hash" CHAR(64) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage_config" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "stage_number" INTEGER NOT NULL,
    "milestones" JSONB NOT NULL DEFAULT '{}',
    "exit_criteria" JSONB NOT NULL DEFAULT '[]',
    "blocking_risks" JSONB NOT NULL DEFAULT '[]',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stage_config_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "decision_gate" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "stage_number" INTEGER NOT NULL,
    "gate_type" VARCHAR(50) NOT NULL,
    "status" VARCHAR(50) NOT NULL DEFAULT 'PENDING',
    "decision" VARCHAR(50),
    "decided_by" VARCHAR(50),
    "decided_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "context" JSONB NOT NULL DEFAULT '{}',
    "superseded_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "decision_gate_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "plan_tier_rank_key" ON "plan_tier"("rank");

-- CreateIndex
CREATE INDEX "user_account_plan_idx" ON "user_account"("plan");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_issuer_subject_key" ON "user_account"("issuer", "subject");

-- CreateIndex
CREATE INDEX "usage_log_user_id_created_at_idx" ON "usage_log"("user_id", "created_at");

-- CreateIndex
CREATE INDEX "usage_log_project_id_idx" ON "usage_log"("project_id");

-- CreateIndex
CREATE INDEX "idempotency_record_expires_at_idx" ON "idempotency_record"("expires_at");

-- CreateIndex
CREATE INDEX "event_project_id_subject_sequence_idx" ON "event"("project_id", "subject", "sequence");

-- CreateIndex
CREATE INDEX "event_subject_id_idx" ON "event"("subject_id");

-- CreateIndex
CREATE INDEX "event_correlation_id_idx" ON "event"("correlation_id");

-- CreateIndex
CREATE INDEX "event_created_at_idx" ON "event"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "event_project_id_sequence_key" ON "event"("project_id", "sequence");

-- CreateIndex
CREATE INDEX "project_owner_id_id_idx" ON "project"("owner_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "uq_project_stage" ON "stage_config"("project_id", "stage_number");

-- CreateIndex
CREATE INDEX "decision_gate_project_id_id_idx" ON "decision_gate"("project_id", "id");

-- CreateIndex
CREATE INDEX "decision_gate_project_id_status_idx" ON "decision_gate"("project_id", "status");

-- AddForeignKey
ALTER TABLE "user_account" ADD CONSTRAINT "user_account_plan_fkey" FOREIGN KEY ("plan") REFERENCES "plan_tier"("plan") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_log" ADD CONSTRAINT "usage_log_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage_log" ADD CONSTRAINT "usage_log_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stage_config" ADD CONSTRAINT "stage_config_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision_gate" ADD CONSTRAINT "decision_gate_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Everything below is written by hand: Prisma's schema language cannot say it, and its diff does not see it.

-- Closed sets. The lists are those of src/domain; a value that the code does not know is refused here.
ALTER TABLE "plan_tier"
    ADD CONSTRAINT "plan_tier_plan_known" CHECK ("plan" IN ('BOOTSTRAPPER', 'PARTNER', 'CTO_SCALE')),
    ADD CONSTRAINT "plan_tier_max_projects_positive" CHECK ("max_projects" > 0),
    ADD CONSTRAINT "plan_tier_tokens_per_day_positive" CHECK ("tokens_per_day" > 0);

ALTER TABLE "user_account"
    ADD CONSTRAINT "user_account_plan_known" CHECK ("plan" IN ('BOOTSTRAPPER', 'PARTNER', 'CTO_SCALE'));

ALTER TABLE "usage_log"
    ADD CONSTRAINT "usage_log_input_tokens_not_negative" CHECK ("input_tokens" >= 0),
    ADD CONSTRAINT "usage_log_output_tokens_not_negative" CHECK ("output_tokens" >= 0),
    ADD CONSTRAINT "usage_log_cost_not_negative" CHECK ("cost_microdollars" >= 0);

ALTER TABLE "idempotency_record"
    ADD CONSTRAINT "idempotency_record_request_hash_is_sha256" CHECK ("request_hash" ~ '^[0-9a-f]{64}$');

ALTER TABLE "event"
    ADD CONSTRAINT "event_sequence_positive" CHECK ("sequence" > 0),
    ADD CONSTRAINT "event_subject_known" CHECK (
        "subject" IN ('STAGE', 'GATE', 'MILESTONE', 'RISK', 'ARTIFACT', 'DISCUSSION', 'RUN', 'ESCALATION')
    ),
    ADD CONSTRAINT "event_actor_known" CHECK ("actor" IN ('SYSTEM', 'FOUNDER', 'LLM', 'AGENT')),
    ADD CONSTRAINT "event_hash_is_sha256" CHECK ("hash" ~ '^[0-9a-f]{64}$');

ALTER TABLE "project"
    ADD CONSTRAINT "project_status_known" CHECK ("status" IN ('ACTIVE', 'PARKED')),
    ADD CONSTRAINT "project_stage_number_in_range" CHECK ("stage_number" BETWEEN 1 AND 5),
    ADD CONSTRAINT "project_stage_entered_with_stage" CHECK (("stage_number" IS NULL) = ("stage_entered_at" IS NULL)),
    ADD CONSTRAINT "project_progress_percent_in_range" CHECK ("progress_percent" BETWEEN 0 AND 100),
    ADD CONSTRAINT "project_version_positive" CHECK ("version" > 0),
    ADD CONSTRAINT "project_event_sequence_not_negative" CHECK ("event_sequence" >= 0),
    ADD CONSTRAINT "project_event_hash_is_sha256" CHECK ("event_hash" ~ '^[0-9a-f]{64}$');

ALTER TABLE "stage_config"
    ADD CONSTRAINT "stage_config_stage_number_in_range" CHECK ("stage_number" BETWEEN 1 AND 5),
    ADD CONSTRAINT "stage_config_version_positive" CHECK ("version" > 0);

ALTER TABLE "decision_gate"
    ADD CONSTRAINT "decision_gate_stage_number_in_range" CHECK ("stage_number" BETWEEN 0 AND 4),
    ADD CONSTRAINT "decision_gate_status_known" CHECK ("status" IN ('PENDING', 'DECIDED', 'EXPIRED')),
    ADD CONSTRAINT "decision_gate_decision_known" CHECK ("decision" IN ('PROCEED', 'NARROW', 'PIVOT', 'PARK')),
    ADD CONSTRAINT "decision_gate_decided_by_known" CHECK ("decided_by" IN ('FOUNDER', 'SYSTEM')),
    -- Three equalities, not "DECIDED = all set": a PENDING gate with only some of them set is refused too.
    ADD CONSTRAINT "decision_gate_decided_means_decision" CHECK (
        ("status" = 'DECIDED') = ("decision" IS NOT NULL)
        AND ("status" = 'DECIDED') = ("decided_by" IS NOT NULL)
        AND ("status" = 'DECIDED') = ("decided_at" IS NOT NULL)
    );

-- The gates that the rules look at, without the history of decisions that later ones made void.
CREATE INDEX "decision_gate_in_force_idx" ON "decision_gate"("project_id") WHERE "superseded_at" IS NULL;

-- The log is append-only, whoever asks: rows are refused one by one, TRUNCATE (which fires no row trigger) as a whole.
CREATE FUNCTION "event_refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'event is append-only: % is not allowed', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "event_append_only_rows" BEFORE UPDATE OR DELETE ON "event"
    FOR EACH ROW EXECUTE FUNCTION "event_refuse_change"();

CREATE TRIGGER "event_append_only_table" BEFORE TRUNCATE ON "event"
    FOR EACH STATEMENT EXECUTE FUNCTION "event_refuse_change"();
