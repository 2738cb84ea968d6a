-- CreateTable
CREATE TABLE "rate_limit" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "open_subscription" (
    "user_id" UUID NOT NULL,
    "nodes" JSONB NOT NULL,

    CONSTRAINT "open_subscription_pkey" PRIMARY KEY ("user_id")
);

ALTER TABLE "open_subscription"
    ADD CONSTRAINT "open_subscription_nodes_are_object" CHECK (jsonb_typeof("nodes") = 'object');

-- Counts of the last minute; after a crash of the database they begin anew.
ALTER TABLE "rate_limit" SET UNLOGGED;
ALTER TABLE "open_subscription" SET UNLOGGED;
