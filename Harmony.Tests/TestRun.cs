// Test classes run side by side: each has its own database and ports.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]
