-- AlterTable
ALTER TABLE "message" ADD COLUMN     "is_cut" BOOLEAN NOT NULL DEFAULT false;
