-- CreateIndex
CREATE INDEX "usage_log_subject_id_status_idx" ON "usage_log"("subject_id", "status");

-- Written by hand: statements are planned without the values of their parameters, so the index that holds only one status
-- was not used where the status is a parameter.
DROP INDEX "usage_log_reserved_idx";
