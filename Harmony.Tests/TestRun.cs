// Test classes run side by side: each has its own database and ports.
[assembly: Parallelize(Workers = 3, Scope = ExecutionScope.ClassLevel)]

// Test classes are internal where their signatures show types of the executable.
[assembly: DiscoverInternals]
