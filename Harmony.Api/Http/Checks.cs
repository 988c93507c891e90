using System.Globalization;

namespace Harmony.Api.Http;

/// <summary>Collects what is wrong with a request, so that the caller learns all of it at once.</summary>
internal sealed class Checks
{
    private readonly List<FieldError> _fields = [];

    public bool Failed => _fields.Count > 0;

    public ApiError Error => ApiError.Invalid(_fields);

    public Checks Add(string name, string message)
    {
        _fields.Add(new(name, message));
        return this;
    }

    /// <summary>Text that is there, is not too long, and holds nothing a database or a log cannot take.</summary>
    public string Text(string name, string? value, int longest = 500)
    {
        if (string.IsNullOrWhiteSpace(value))
            Add(name, "is required.");
        else
            OptionalText(name, value, longest);
        return value?.Trim() ?? "";
    }

    public string? OptionalText(string name, string? value, int longest = 500)
    {
        if (value is null)
            return null;
        if (value.Length > longest)
            Add(name, string.Create(CultureInfo.InvariantCulture, $"is longer than {longest} characters."));
        else if (value.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')))
            Add(name, "holds control characters.");
        return value.Trim();
    }

    public int Range(string name, int? value, int min, int max, int otherwise)
    {
        if (value is { } given && (given < min || given > max))
            Add(name, string.Create(CultureInfo.InvariantCulture, $"must be from {min} to {max}."));
        return value ?? otherwise;
    }

    /// <summary>The last number the reader has of a list that is read newest first.</summary>
    public long? Cursor(string name, string? value)
    {
        if (value is null)
            return null;
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            return before;
        Add(name, "is not one this list gave.");
        return null;
    }

    public T OneOf<T>(string name, string? value, IReadOnlyDictionary<string, T> known, T otherwise)
    {
        if (value is null)
            return otherwise;
        if (known.TryGetValue(value.ToLowerInvariant(), out var found))
            return found;
        Add(name, $"must be one of {string.Join(", ", known.Keys)}.");
        return otherwise;
    }
}
