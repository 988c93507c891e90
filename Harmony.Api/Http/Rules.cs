using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Harmony.Api.Http;

/// <summary>A whole number within bounds, where it is given.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class BetweenAttribute(int min, int max) : RangeAttribute(min, max)
{
    public override string FormatErrorMessage(string name) => string.Create(CultureInfo.InvariantCulture, $"must be from {Minimum} to {Maximum}.");
}

/// <summary>The value must not be empty.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class NeededAttribute(string message = "is required.") : ValidationAttribute(message)
{
    public override bool IsValid(object? value) => value is string text ? !string.IsNullOrWhiteSpace(text) : value is not null;
}

/// <summary>Text of a bounded length without characters that a database or a log cannot store.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class PlainTextAttribute(int longest = 500) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is string text && FaultOf(text, longest) is { } fault ? new(fault) : null;

    internal static string? FaultOf(string text, int longest) =>
        text.Length > longest ? string.Create(CultureInfo.InvariantCulture, $"is longer than {longest} characters.")
        : text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')) ? "holds control characters."
        : null;
}

/// <summary>One of the allowed words, in any case.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal abstract class OneOfAttribute(IEnumerable<string> words) : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not string text || words.Contains(text.ToLowerInvariant());

    public override string FormatErrorMessage(string name) => $"must be one of {string.Join(", ", words)}.";
}

/// <summary>The last number that the reader has of a list that is read newest first.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class CursorAttribute() : ValidationAttribute("is not one this list gave.")
{
    public override bool IsValid(object? value) => value is not string text || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    public static long? Read(string? cursor) => cursor is null ? null : long.Parse(cursor, NumberStyles.None, CultureInfo.InvariantCulture);
}
