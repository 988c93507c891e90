namespace Harmony.Api.Http;

/// <summary>One field of a request that cannot be used, and why.</summary>
internal sealed record FieldError(string Name, string Message);

/// <summary>An answer that is not success, before it is written: status, code, message, and how to mend it.</summary>
internal sealed record ApiError(int Status, string Code, string Message)
{
    public IReadOnlyDictionary<string, object?>? Meta { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public static ApiError KeyRequired { get; } = new(401, "AUTH_REQUIRED", "An API key is required.");

    public static ApiError InvalidKey { get; } = new(403, "AUTH_INVALID", "The API key is not known.");

    public static ApiError RoleTooLow { get; } = new(403, "FORBIDDEN", "The role of this key or user does not allow it.");

    public static ApiError ForeignHost { get; } = new(403, "FORBIDDEN", "This host name is not one Harmony answers to; add it to ALLOWED_HOSTS.");

    public static ApiError ForeignOrigin { get; } = new(403, "FORBIDDEN", "The call comes from a page of another site.");

    public static ApiError ForwardedInOpenMode { get; } = new(403, "FORBIDDEN", "Without API keys Harmony takes no calls through a proxy; name it in TRUSTED_PROXIES, or configure keys.");

    public static ApiError FormToken { get; } = new(403, "FORBIDDEN", "The form's token is missing or too old; load the page again.");

    public static ApiError MediaType { get; } = new(415, "VALIDATION_ERROR", "The body must be JSON (Content-Type: application/json).");

    public static ApiError Charset(string name) => MediaType with
    {
        Message = $"The character set \"{(name.Length <= 40 ? name : string.Concat(name.AsSpan(0, 40), "…"))}\" of the body is not known; send UTF-8 (Content-Type: application/json).",
    };

    public static ApiError NoSuchRoute { get; } = new(404, "NOT_FOUND", "There is nothing at this address.");

    public static ApiError NotAllowed { get; } = new(405, "METHOD_NOT_ALLOWED", "This address does not take this method.");

    public static ApiError TooLarge { get; } = new(413, "VALIDATION_ERROR", "The body is too large.");

    public static ApiError DatabaseDown { get; } = Dependency(503, "The database cannot be reached.", TimeSpan.FromSeconds(5));

    public static ApiError Internal { get; } = new(500, "INTERNAL_ERROR", "Something went wrong here; the debug id finds it in the log.");

    public static ApiError NotFound(string what) => new(404, "NOT_FOUND", $"{what} not found.");

    public static ApiError Conflict(string message) => new(409, "CONFLICT", message);

    public static ApiError Locked(string message) => new(409, "RESOURCE_LOCKED", message);

    public static ApiError Dependency(int status, string message, TimeSpan? retryAfter = null) =>
        new(status, "DEPENDENCY_ERROR", message) { RetryAfter = retryAfter };

    public static ApiError TooMany(TimeSpan retryAfter) => new(429, "RATE_LIMITED", "Too many calls; slow down.")
    {
        RetryAfter = retryAfter,
        Meta = new Dictionary<string, object?> { ["retry_after_ms"] = (long)retryAfter.TotalMilliseconds },
    };

    public static ApiError TooManyReaders { get; } = TooMany(TimeSpan.FromSeconds(15)) with
    {
        Message = "As many pages are watched live as this process serves at once; the page shows what is new when it is loaded again.",
    };

    public static ApiError TooManyTries(TimeSpan retryAfter) => TooMany(retryAfter) with { Message = "Too many wrong keys or passwords from this address; wait." };

    public static ApiError Invalid(string field, string message) => Invalid([new(field, message)]);

    public static ApiError Invalid(IReadOnlyList<FieldError> fields, int status = 400) =>
        new(status, "VALIDATION_ERROR", fields is [var only] ? $"{only.Name}: {only.Message}" : "Some fields cannot be used.")
        {
            Meta = new Dictionary<string, object?> { ["fields"] = fields },
        };
}
