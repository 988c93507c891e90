using System.ComponentModel.DataAnnotations;
using Harmony.Api.Http;
using Harmony.Jobs.Artists;

namespace Harmony.Api.Artists;

/// <summary>A key of the form <c>source:id</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal class ArtistKeyAttribute : ValidationAttribute
{
    private const int LongestKey = 100;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        FaultOf((value as string)?.Trim() ?? "") is { } fault ? new(fault) : null;

    protected virtual string? FaultOf(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return key.Length == 0 ? "is required."
            : PlainTextAttribute.FaultOf(key, LongestKey) is { } fault ? fault
            : colon <= 0 || colon == key.Length - 1 || key.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"' or ';') ? "must be <source>:<id>."
            : null;
    }
}

/// <summary>A key that can be synced: no other source is connected.</summary>
internal sealed class SpotifyKeyAttribute : ArtistKeyAttribute
{
    protected override string? FaultOf(string key) => base.FaultOf(key) ?? (ArtistKey.SpotifyIdOf(key) is null ? "must be spotify:<id>." : null);
}
