-- Metadata, artwork and lyrics fail apart: each has a status of its own on the download's row, which follows its job. Locks: the row of
-- public.downloads.

create or replace function public.downloads_follow_enrichment() returns trigger
language plpgsql
as $$
declare
    v_status text := case when new.state in ('Failed', 'Deleted') then 'failed' else 'pending' end;
begin
    if (
        new.state = 'Failed'
        or (new.state = 'Deleted' and new.reason_code is distinct from 'superseded')
        or (old.state in ('Failed', 'Deleted') and new.state in ('Enqueued', 'Scheduled'))) is not true
    then
        return null;
    end if;
    update public.downloads d
    set
        metadata_status = case when new.kind = 'metadata' then v_status else d.metadata_status end,
        artwork_status = case when new.kind = 'artwork' then v_status else d.artwork_status end,
        lyrics_status = case when new.kind = 'lyrics' then v_status else d.lyrics_status end,
        updated_at = harmony.now()
    where d.id = public.download_of(new.args)
        and case new.kind
            when 'metadata' then d.metadata_status
            when 'artwork' then d.artwork_status
            else d.lyrics_status
        end is distinct from v_status;
    return null;
end
$$;
