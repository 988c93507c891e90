-- Back to jobs without titles. The functions that name the column go with it, so that the version before can apply its own.
drop trigger if exists harmony_name_music_job on harmony.job;
alter table harmony.job drop column title;
