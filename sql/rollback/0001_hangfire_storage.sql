-- Why: takes back exactly what 0001 created; tables of somebody else in this schema stop it, because nothing here cascades.
drop table hangfire.lock;
drop table hangfire.server;
drop table hangfire.set;
drop table hangfire.list;
drop table hangfire.hash;
drop table hangfire.aggregatedcounter;
drop table hangfire.counter;
drop table hangfire.jobqueue;
drop table hangfire.jobparameter;
drop table hangfire.state;
drop table hangfire.job;
drop table hangfire.schema;
drop schema hangfire;
