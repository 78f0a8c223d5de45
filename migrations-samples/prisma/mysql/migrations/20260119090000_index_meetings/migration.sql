-- CreateIndex
CREATE INDEX `Meeting_begins_idx` ON `Meeting`(`begins`);
