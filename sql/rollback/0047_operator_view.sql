-- Pages count and list as they can.
drop function harmony.day_figures, harmony.counted, harmony.state_figures, harmony.lane_figures;
drop index harmony.operator_action_target, harmony.operator_action_what, harmony.operator_action_actor;
drop index harmony.job_event_failed, harmony.job_dead_why, harmony.job_kind;
create index job_kind on harmony.job (kind, job_id desc);
