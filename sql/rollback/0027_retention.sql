-- Everything is kept again.
drop index harmony.schedule_slot_at;
drop function harmony.forget_slots, harmony.expire_dead_letters, harmony.forget_jobs, harmony.drop_old_months;
