-- Downloads and backfills no longer follow their jobs.
drop trigger backfill_follows_job on harmony.job;
drop function public.backfill_follows_job();
drop trigger downloads_follow_enrichment on harmony.job;
drop function public.downloads_follow_enrichment();
drop trigger downloads_follow_job on harmony.job;
drop function public.downloads_follow_job();
drop function public.revive_download(bigint);
drop function public.download_of(jsonb);
