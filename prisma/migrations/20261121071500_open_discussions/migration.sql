-- What is looked for every five minutes: discussions in which somebody is to speak. Nearly none of all rows.
CREATE INDEX "discussion_busy" ON "discussion"("updated_at") WHERE "activity" <> 'IDLE';
CREATE INDEX "message_unsaid" ON "message"("round_id") WHERE "status" IN ('PENDING', 'RUNNING');
