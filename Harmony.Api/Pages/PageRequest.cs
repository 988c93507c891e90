using System.Globalization;
using Harmony.Api.Pages.Shell;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Harmony.Api.Pages;

/// <summary>The request for a page: its parsed address, and the services to read with.</summary>
public sealed class PageRequest(PageAddress address, Frame frame, IServiceProvider services)
{
    public const int LongestText = 200;

    private readonly Dictionary<string, StringValues> _query = QueryHelpers.ParseQuery(address.Query);

    public Frame Frame { get; } = frame;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public string Place(string name) => address.Values[name]?.ToString() ?? "";

    public string? Text(string name) =>
        _query.TryGetValue(name, out var values) && values.ToString().Trim() is { Length: > 0 and <= LongestText } text ? text : null;

    public long? Number(string name) =>
        long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
