DROP INDEX "Meeting_begins_idx";
