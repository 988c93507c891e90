using System.Text.Json;
using System.Text.RegularExpressions;
using Harmony.Data;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Http;

/// <summary>The one place that maps exceptions to errors of the API.</summary>
internal static partial class ExceptionMap
{
    private static readonly string[] BadText = ["22021", "22P05", "22P02"];

    public static ApiError Of(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
        BadHttpRequestException { StatusCode: 413 } => ApiError.TooLarge,
        BadHttpRequestException { StatusCode: 415 } => ApiError.MediaType,
        BadHttpRequestException bad => OfBinding(bad),
        InvalidDataException => ApiError.Invalid("body", "cannot be read as a form."),
        PostgresException { SqlState: var state } when BadText.Contains(state) => ApiError.Invalid("request", "holds text the database cannot keep."),
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', 'P', ..] or "25006" or "57014" } => ApiError.DatabaseDown,
        PostgresException => ApiError.Internal,
        ProviderBlockedException blocked => ApiError.Dependency(503, $"{blocked.Provider} is left alone for now: {SafeText.Line(blocked.Reason)}", blocked.Wait),
        ProviderFailedException failed => ApiError.Dependency(502, SafeText.Line(failed.Message)),
        PermanentJobException { ReasonCode: "not_found" } unknown => new(404, "NOT_FOUND", SafeText.Line(unknown.Message)),
        PermanentJobException refused => ApiError.Dependency(424, SafeText.Line(refused.Message)),
        var e when DatabaseErrors.IsDatabaseError(e) => ApiError.DatabaseDown,
        _ => ApiError.Internal,
    };

    private static ApiError OfJson(JsonException json)
    {
        var field = FieldOf(json.Path);
        if (Unmapped().Match(json.Message) is { Success: true } unknown)
            return ApiError.Invalid(unknown.Groups["name"].Value, "is not a field of this request.");
        if (json.Message.Contains("Duplicate property", StringComparison.OrdinalIgnoreCase))
            return ApiError.Invalid(field, "is given twice.");
        if (json.Message.Contains("maximum configured depth", StringComparison.Ordinal))
            return ApiError.Invalid(field, "is nested too deeply.");
        return json.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)
            ? ApiError.Invalid(field, "has the wrong type.")
            : ApiError.Invalid(field, "is not well-formed JSON here.");
    }

    private static ApiError OfBinding(BadHttpRequestException bad)
    {
        if (Binding().Match(bad.Message) is { Success: true } binding)
            return ApiError.Invalid(JsonNamingPolicy.SnakeCaseLower.ConvertName(binding.Groups["name"].Value), "has the wrong type or is out of range.");
        if (Required().Match(bad.Message) is { Success: true } required)
        {
            return required.Groups["from"].Value == "body"
                ? ApiError.Invalid("body", "is required.")
                : ApiError.Invalid(JsonNamingPolicy.SnakeCaseLower.ConvertName(required.Groups["name"].Value), "is required.");
        }

        return bad.Message.Contains("no body was provided", StringComparison.Ordinal) || bad.Message.Contains("from body", StringComparison.Ordinal)
            ? ApiError.Invalid("body", "is required.")
            : new(bad.StatusCode, "VALIDATION_ERROR", "The request cannot be read.");
    }

    private static string FieldOf(string? path) =>
        path is null or "" or "$" ? "body" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path.TrimStart('$');

    // The framework reports these only in the message text.
    [GeneratedRegex("JSON property '(?<name>[^']{1,100})' could not be mapped", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unmapped();

    [GeneratedRegex("^Failed to bind parameter \"[^ \"]+ (?<name>[A-Za-z0-9_]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Binding();

    [GeneratedRegex("^Required parameter \"[^ \"]+ (?<name>[A-Za-z0-9_]+)\" was not provided from (?<from>[a-z ]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Required();
}
