-- Back to downloads that fail when no peer offers their track. The functions that name the columns go with them: the version before applies its own.
drop index public.downloads_wanted;
alter table public.downloads
    drop column searches,
    drop column next_search_at,
    drop column search_requested_by,
    drop column closest;
